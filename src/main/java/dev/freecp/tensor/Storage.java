package dev.freecp.tensor;

import java.lang.foreign.MemorySegment;

/**
 * Where a tensor's numbers lie. Host memory is the one kind known here; a device backend adds its own and never lets the host read it
 * without a copy.
 */
public interface Storage {

    /** Words for messages: {@code "host"}, {@code "cuda:0"}. */
    String place();

    /** The same memory from byte {@code offset} on, {@code bytes} long. */
    Storage slice(long offset, long bytes);

    /** Memory the host can read, little-endian. The owner's arena decides how long it lives. */
    record Host(MemorySegment segment) implements Storage {
        @Override
        public String place() {
            return "host";
        }

        @Override
        public Storage slice(long offset, long bytes) {
            return new Host(segment.asSlice(offset, bytes));
        }
    }
}
