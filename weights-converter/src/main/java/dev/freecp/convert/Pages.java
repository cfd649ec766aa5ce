package dev.freecp.convert;

import dev.freecp.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/** Lets go of the pages of mapped tensors that were read: a file that is gone through once need not stay in this process's memory. */
final class Pages {

    private Pages() {
    }

    /** Tells the operating system that {@code tensor}'s numbers are not needed soon; it reads them again if they are. */
    static void release(Tensor tensor) {
        MemorySegment memory = tensor.segment();
        if (memory.isMapped() && memory.byteSize() > 0) memory.unload();
    }
}
