package dev.freecp.tensor;

import java.lang.foreign.MemorySegment;

/**
 * Where a tensor's numbers lie. Host memory is the one kind known here; a device backend adds its own and never lets the host read it
 * without a copy.
 */
public interface Storage {

    /** Words for messages: {@code "host"}, {@code "cuda:0"}. */
    String place();

    /** Memory the host can read, little-endian. The owner's arena decides how long it lives. */
    record Host(MemorySegment segment) implements Storage {
        @Override
        public String place() {
            return "host";
        }
    }
}
