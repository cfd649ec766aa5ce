package dev.freecp.convert;

import dev.freecp.tensor.DType;
import dev.freecp.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * How far two tensors of the same sizes are from each other. Equal infinities, and NaN beside NaN, do not differ; a number beside NaN or infinity
 * differs infinitely.
 *
 * @param largest absolute difference
 * @param mean    of all absolute differences
 * @param same    whether type and bits are equal
 */
record Difference(double largest, double mean, boolean same) {

    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int CHUNK = 2048;

    /** Compares dense tensors of any types with as many numbers. */
    static Difference of(Tensor a, Tensor b) {
        long count = a.shape().count(), bytes = count * a.type().bytes();
        if (a.type() == b.type() && MemorySegment.mismatch(a.segment(), 0, bytes, b.segment(), 0, bytes) < 0) return new Difference(0, 0, true);
        double[] left = new double[CHUNK], right = new double[CHUNK];
        double largest = 0, sum = 0;
        for (long done = 0; done < count; done += CHUNK) {
            int length = (int) Math.min(CHUNK, count - done);
            read(a, done, left, length);
            read(b, done, right, length);
            for (int i = 0; i < length; i++) {
                double difference = distance(left[i], right[i]);
                largest = Math.max(largest, difference);
                sum += difference;
            }
        }
        return new Difference(largest, count == 0 ? 0 : sum / count, false);
    }

    private static double distance(double a, double b) {
        if (Double.compare(a, b) == 0 || a == b) return 0;
        double difference = Math.abs(a - b);
        return Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference;
    }

    private static void read(Tensor tensor, long from, double[] values, int length) {
        MemorySegment memory = tensor.segment();
        DType type = tensor.type();
        for (int i = 0; i < length; i++) {
            long at = (from + i) * type.bytes();
            values[i] = switch (type) {
                case F64 -> Double.longBitsToDouble(memory.get(LONG, at));
                case F32 -> Float.intBitsToFloat(memory.get(INT, at));
                case F16 -> Float.float16ToFloat(memory.get(SHORT, at));
                case BF16 -> Float.intBitsToFloat(memory.get(SHORT, at) << 16);
                case I64 -> memory.get(LONG, at);
                case U64 -> unsigned(memory.get(LONG, at));
                case I32 -> memory.get(INT, at);
                case U32 -> Integer.toUnsignedLong(memory.get(INT, at));
                case I16 -> memory.get(SHORT, at);
                case U16 -> Short.toUnsignedInt(memory.get(SHORT, at));
                case I8 -> memory.get(ValueLayout.JAVA_BYTE, at);
                case U8, BOOL -> Byte.toUnsignedInt(memory.get(ValueLayout.JAVA_BYTE, at));
            };
        }
    }

    private static double unsigned(long value) {
        return value >= 0 ? value : (value >>> 1 | value & 1) * 2.0;
    }
}
