package dev.freecp.cuda;

import dev.freecp.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Floats on their way into a tensor of a device's types: to nearest, ties to even. */
final class Rounding {

    private Rounding() {
    }

    /**
     * Stores a row.
     *
     * @param to     laid out as {@code y}, on the host
     * @param y      F32, F16 or BF16
     * @param values whose numbers from {@code from} on are the row
     */
    static void storeRow(MemorySegment to, Tensor y, int row, float[] values, int from) {
        long at = y.offset(row, 0);
        switch (y.type()) {
            case F32 -> MemorySegment.copy(values, from, to, ValueLayout.JAVA_FLOAT, at, y.cols());
            case F16 -> {
                for (int c = 0; c < y.cols(); c++) to.set(ValueLayout.JAVA_SHORT, at + 2L * c, Float.floatToFloat16(values[from + c]));
            }
            case BF16 -> {
                for (int c = 0; c < y.cols(); c++) to.set(ValueLayout.JAVA_SHORT, at + 2L * c, bfloat16(values[from + c]));
            }
            default -> throw new IllegalArgumentException(y + ": floats cannot be stored as " + y.type());
        }
    }

    /** The nearest bfloat16, the even one of two as near; NaN stays NaN. */
    static short bfloat16(float v) {
        int bits = Float.floatToRawIntBits(v);
        if (v != v) return (short) (bits >>> 16 | 0x40);
        return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
    }
}
