package dev.freecp.convert.source;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Memory outside of the heap, given back once nobody refers to it. */
final class OffHeap {

    private OffHeap() {
    }

    /** @throws Refusal if there is not as much */
    static MemorySegment allocate(Place place, long bytes) {
        try {
            return Arena.ofAuto().allocate(bytes, Long.BYTES);
        } catch (OutOfMemoryError e) {
            throw place.tooLarge("needs " + bytes + " bytes at once, more than this program may take");
        }
    }
}
