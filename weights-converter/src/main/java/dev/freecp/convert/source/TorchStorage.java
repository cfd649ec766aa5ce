package dev.freecp.convert.source;

import java.lang.foreign.MemorySegment;
import java.util.function.Supplier;

/** A run of numbers that one or several tensors look at. A legacy file tells where its bytes lie only after its tensors. */
final class TorchStorage implements Pickled.Foreign {

    private final String key;
    private final StorageType type;
    private final long count;
    private Supplier<MemorySegment> contents;

    /** @param count number of elements, as declared; at least 0 */
    TorchStorage(String key, StorageType type, long count) {
        this.key = key;
        this.type = type;
        this.count = count;
    }

    String key() {
        return key;
    }

    StorageType type() {
        return type;
    }

    long count() {
        return count;
    }

    /** Says where the bytes come from; at least count times the size of an element. */
    void attach(Supplier<MemorySegment> bytes) {
        contents = bytes;
    }

    boolean isAttached() {
        return contents != null;
    }

    /** The bytes, mapped or unpacked. */
    MemorySegment contents() {
        return contents.get();
    }
}
