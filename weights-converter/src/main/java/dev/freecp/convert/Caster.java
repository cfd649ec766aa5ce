package dev.freecp.convert;

import dev.freecp.tensor.DType;
import dev.freecp.tensor.Tensor;
import dev.freecp.weights.Floats;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Float tensors as another float type: exact where it is wider, else rounded once to nearest, ties to even. Counts finite numbers that became
 * infinite.
 *
 * @see Floats#copy
 */
final class Caster {

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int CHUNK = 2048;
    private static final int MAGNITUDE = 0x7fffffff;
    private static final int INFINITY_BITS = 0x7f800000;
    private static final int HALF_INFINITY_BITS = 0x7c00;
    private static final int BFLOAT_INFINITY_BITS = 0x7f80;

    private final DType type;
    private long overflowed;

    /** @param type F32, F16 or BF16 */
    Caster(DType type) {
        this.type = type;
    }

    DType type() {
        return type;
    }

    /** How many finite numbers have become infinite in all that was cast so far. */
    long overflowed() {
        return overflowed;
    }

    /** A dense tensor with memory from {@code arena}, or {@code source} itself where it is what is wanted. */
    Tensor cast(Tensor source, Arena arena) {
        if (source.type() == type && source.isDense()) return source;
        Tensor wide = Tensor.allocate(arena, source.name(), source.shape(), DType.F32, source.cols());
        if (source.type() == DType.F64 && type != DType.F32) roundToOdd(source, wide);
        else Floats.copy(source, wide);
        return type == DType.F32 ? wide : narrow(wide, arena);
    }

    private Tensor narrow(Tensor wide, Arena arena) {
        Tensor narrow = Tensor.allocate(arena, wide.name(), wide.shape(), type, wide.cols());
        int[] bits = new int[CHUNK];
        short[] halves = new short[CHUNK];
        long count = wide.shape().count();
        for (long done = 0; done < count; done += CHUNK) {
            int length = (int) Math.min(CHUNK, count - done);
            MemorySegment.copy(wide.segment(), INT, done * Float.BYTES, bits, 0, length);
            for (int i = 0; i < length; i++) {
                halves[i] = type == DType.F16 ? Float.floatToFloat16(Float.intBitsToFloat(bits[i])) : bfloat(bits[i]);
                if ((halves[i] & Short.MAX_VALUE) == (type == DType.F16 ? HALF_INFINITY_BITS : BFLOAT_INFINITY_BITS) && (bits[i] & MAGNITUDE) < INFINITY_BITS) overflowed++;
            }
            MemorySegment.copy(halves, 0, narrow.segment(), SHORT, done * Short.BYTES, length);
        }
        return narrow;
    }

    /** The upper half of a float's bits, rounded by the lower; the lowest bit of a NaN is set, so that it does not become infinity. */
    static short bfloat(int bits) {
        if ((bits & MAGNITUDE) > INFINITY_BITS) return (short) (bits >>> 16 | 1);
        return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
    }

    /** To float32 such that rounding again to 16 bits gives what rounding once would: an inexact result gets an odd last bit, which is no tie. */
    private static void roundToOdd(Tensor source, Tensor target) {
        for (int row = 0; row < source.rows(); row++) {
            for (int c = 0; c < source.cols(); c++) {
                double exact = source.segment().get(DOUBLE, source.offset(row, c));
                target.setInt(row, c, oddBits(exact));
            }
        }
    }

    static int oddBits(double exact) {
        float near = (float) exact;
        int bits = Float.floatToRawIntBits(near);
        if (near == exact || Double.isNaN(exact) || (bits & 1) == 1) return bits;
        return Math.abs((double) near) < Math.abs(exact) ? bits + 1 : bits - 1;
    }
}
