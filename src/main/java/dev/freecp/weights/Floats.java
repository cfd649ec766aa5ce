package dev.freecp.weights;

import dev.freecp.tensor.DType;
import dev.freecp.tensor.Tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * F64, F32, F16 and BF16 host tensors seen as float32. Widening from the 16-bit types is exact; F64 is rounded to nearest, ties to even.
 *
 * <p>Numbers go through small arrays that stay in the first-level cache: the JIT turns loops over arrays into vector code, loops over unaligned
 * mapped memory less reliably.
 */
public final class Floats {

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final int CHUNK = 2048;
    private static final int INFINITY_BITS = 0x7f800000;

    private Floats() {
    }

    /**
     * Fills {@code target} (F32, any stride) with the numbers of {@code source} (a float type, any stride) in row-major order.
     *
     * @throws IllegalArgumentException if the types are others, or the tensors differ in rows or columns
     */
    public static void copy(Tensor source, Tensor target) {
        target.requireType(DType.F32);
        if (source.rows() != target.rows() || source.cols() != target.cols()) {
            throw new IllegalArgumentException(source + " cannot be copied into " + target);
        }
        Chunks chunks = new Chunks(source);
        boolean flat = source.isDense() && target.isDense();
        long length = flat ? source.shape().count() : source.cols();
        int runs = flat ? 1 : source.rows();
        for (int run = 0; run < runs; run++) {
            long from = source.offset(run, 0), to = target.offset(run, 0);
            if (source.type() == DType.F32) {
                MemorySegment.copy(source.segment(), from, target.segment(), to, length * Float.BYTES);
                continue;
            }
            for (long done = 0; done < length; done += CHUNK) {
                int count = chunks.read(from + done * source.type().bytes(), length - done);
                MemorySegment.copy(chunks.bits, 0, target.segment(), INT, to + done * Float.BYTES, count);
            }
        }
    }

    /**
     * Index, in row-major order, of the first number that is NaN or infinite as float32 (an F64 of 1e300 is), or -1.
     *
     * @throws IllegalArgumentException if {@code tensor} is of no float type
     */
    public static long firstNonFinite(Tensor tensor) {
        Chunks chunks = new Chunks(tensor);
        boolean flat = tensor.isDense();
        long length = flat ? tensor.shape().count() : tensor.cols();
        int runs = flat ? 1 : tensor.rows();
        for (int run = 0; run < runs; run++) {
            long from = tensor.offset(run, 0);
            for (long done = 0; done < length; done += CHUNK) {
                int count = chunks.read(from + done * tensor.type().bytes(), length - done);
                int bad = chunks.firstNonFinite(count);
                if (bad >= 0) return run * length + done + bad;
            }
        }
        return -1;
    }

    /** The number at row-major {@code index} of a dense tensor of a float type. */
    static double get(Tensor tensor, long index) {
        MemorySegment memory = tensor.segment();
        long at = index * tensor.type().bytes();
        return switch (tensor.type()) {
            case F64 -> memory.get(DOUBLE, at);
            case F32 -> memory.get(FLOAT, at);
            case F16 -> Float.float16ToFloat(memory.get(SHORT, at));
            case BF16 -> Float.intBitsToFloat(memory.get(SHORT, at) << 16);
            default -> throw noFloats(tensor);
        };
    }

    private static IllegalArgumentException noFloats(Tensor tensor) {
        return new IllegalArgumentException(tensor + " is of no float type");
    }

    /** A window on a tensor's numbers as float32 bits; bits, because F32 and BF16 then need no arithmetic, and a NaN keeps its payload. */
    private static final class Chunks {

        final int[] bits = new int[CHUNK];
        private final MemorySegment memory;
        private final DType type;
        private final short[] halves;
        private final double[] doubles;
        private final float[] floats;

        Chunks(Tensor tensor) {
            if (!tensor.type().isFloat()) throw noFloats(tensor);
            memory = tensor.segment();
            type = tensor.type();
            halves = new short[type.bytes() == Short.BYTES ? CHUNK : 0];
            doubles = new double[type == DType.F64 ? CHUNK : 0];
            floats = new float[type == DType.F64 || type == DType.F16 ? CHUNK : 0];
        }

        /** Reads at most {@code length} numbers from byte {@code offset} on and returns how many. */
        int read(long offset, long length) {
            int count = (int) Math.min(length, CHUNK);
            switch (type) {
                case F64 -> {
                    MemorySegment.copy(memory, DOUBLE, offset, doubles, 0, count);
                    for (int i = 0; i < count; i++) floats[i] = (float) doubles[i];
                    toBits(count);
                }
                case F16 -> {
                    MemorySegment.copy(memory, SHORT, offset, halves, 0, count);
                    for (int i = 0; i < count; i++) floats[i] = Float.float16ToFloat(halves[i]);
                    toBits(count);
                }
                case BF16 -> {
                    MemorySegment.copy(memory, SHORT, offset, halves, 0, count);
                    for (int i = 0; i < count; i++) bits[i] = halves[i] << 16;
                }
                default -> MemorySegment.copy(memory, INT, offset, bits, 0, count);
            }
            return count;
        }

        int firstNonFinite(int count) {
            int largest = 0;
            for (int i = 0; i < count; i++) largest = Math.max(largest, bits[i] & Integer.MAX_VALUE);
            if (largest < INFINITY_BITS) return -1;
            int i = 0;
            while ((bits[i] & Integer.MAX_VALUE) < INFINITY_BITS) i++;
            return i;
        }

        private void toBits(int count) {
            for (int i = 0; i < count; i++) bits[i] = Float.floatToRawIntBits(floats[i]);
        }
    }
}
