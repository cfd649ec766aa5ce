package dev.freecp.cuda;

import dev.freecp.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jcuda.Pointer;

/**
 * A launch's arguments in native memory, as the driver wants them: an array of addresses of values. The driver copies the values during the call, so one
 * block of memory serves every launch. No Java array is pinned.
 */
final class KernelArguments {

    private static final int MOST = 64;

    private final MemorySegment values;
    private final MemorySegment addresses;
    private final Pointer pointer;

    /** @param arena how long the memory lives */
    KernelArguments(Arena arena) {
        values = arena.allocate((long) MOST * Long.BYTES, Long.BYTES);
        addresses = arena.allocate((long) MOST * Long.BYTES, Long.BYTES);
        for (int i = 0; i < MOST; i++) addresses.setAtIndex(ValueLayout.JAVA_LONG, i, values.address() + (long) i * Long.BYTES);
        pointer = Pointer.to(addresses.asByteBuffer());
    }

    /**
     * Lays the arguments down in order: a {@link Tensor} as its device address, null as the null pointer, {@link Long} as 64, {@link Integer} and
     * {@link Float} as 32 bits.
     */
    Pointer of(Object... arguments) {
        for (int i = 0; i < arguments.length; i++) {
            long at = (long) i * Long.BYTES;
            switch (arguments[i]) {
                case Tensor tensor -> values.set(ValueLayout.JAVA_LONG, at, DeviceMemory.addressOf(tensor));
                case Long value -> values.set(ValueLayout.JAVA_LONG, at, value);
                case Integer value -> values.set(ValueLayout.JAVA_INT, at, value);
                case Float value -> values.set(ValueLayout.JAVA_FLOAT, at, value);
                case null -> values.set(ValueLayout.JAVA_LONG, at, 0);
                default -> throw new IllegalArgumentException("a kernel cannot take a " + arguments[i].getClass().getName());
            }
        }
        return pointer;
    }
}
