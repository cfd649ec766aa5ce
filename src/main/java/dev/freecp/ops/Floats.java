package dev.freecp.ops;

import dev.freecp.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Float types of weights, widened (F64: rounded to nearest even) to float32. */
public final class Floats {

    /** Little-endian, any alignment: safetensors promises none. */
    public static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Floats() {
    }

    /**
     * Copies a host tensor of any float type into a float32 host tensor with as many rows and columns.
     *
     * @throws IllegalArgumentException if the source holds integers
     */
    public static void copy(Tensor source, Tensor target) {
        MemorySegment to = target.segment();
        for (int row = 0; row < source.rows(); row++) row(source, row, to, target.offset(row, 0));
    }

    /** Widens one row into dense floats at byte {@code offset} of {@code to}. */
    public static void row(Tensor source, int row, MemorySegment to, long offset) {
        MemorySegment from = source.segment();
        long start = source.offset(row, 0);
        int cols = source.cols();
        switch (source.type()) {
            case F32 -> MemorySegment.copy(from, start, to, offset, (long) cols * Float.BYTES);
            case F64 -> {
                for (int c = 0; c < cols; c++) to.set(FLOAT, offset + c * 4L, (float) from.get(DOUBLE, start + c * 8L));
            }
            case F16 -> {
                for (int c = 0; c < cols; c++) to.set(FLOAT, offset + c * 4L, Float.float16ToFloat(from.get(SHORT, start + c * 2L)));
            }
            case BF16 -> {
                for (int c = 0; c < cols; c++) to.set(FLOAT, offset + c * 4L, Float.intBitsToFloat(from.get(SHORT, start + c * 2L) << 16));
            }
            default -> throw new IllegalArgumentException(source + " does not hold floating-point numbers");
        }
    }
}
