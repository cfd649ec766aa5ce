package dev.freecp.weights;

import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Storage;
import dev.freecp.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class FloatsTest {

    private static final DType[] FLOATS = {DType.F64, DType.F32, DType.F16, DType.BF16};

    /** All 65,536 of them, NaN payloads included: each is what its definition says. */
    @Test
    void widensEveryHalf() {
        for (DType type : new DType[] {DType.F16, DType.BF16}) {
            Tensor source = host(type, Shape.unnamed(256, 256), 256);
            Tensor target = host(DType.F32, Shape.unnamed(256, 256), 256);
            for (int i = 0; i < 65536; i++) source.segment().set(little(ValueLayout.JAVA_SHORT_UNALIGNED), 2L * i, (short) i);
            Floats.copy(source, target);
            for (int i = 0; i < 65536; i++) {
                float expected = type == DType.F16 ? Float.float16ToFloat((short) i) : Float.intBitsToFloat(i << 16);
                assertEquals(Float.floatToRawIntBits(expected), target.getInt(i / 256, i % 256), type + " " + i);
            }
        }
    }

    @Test
    void roundsDoublesToTheNearestTiesToEven() {
        double step = Math.ulp(1f);
        assertArrayEquals(new float[] {1f, 1f, 1f + (float) step, 1f + 2 * (float) step, Float.POSITIVE_INFINITY, -0f},
            copied(doubles(1 + 0.49 * step, 1 + 0.5 * step, 1 + 0.51 * step, 1 + 1.5 * step, 1e300, -1e-300)));
    }

    /** 5000 numbers are two chunks and a tail; odd strides on both sides; the gaps of the target stay as they were. */
    @ParameterizedTest
    @EnumSource(names = {"F64", "F32", "F16", "BF16"})
    void honoursBothStrides(DType type) {
        Tensor source = host(type, Shape.unnamed(3, 5000), 5003);
        Tensor target = host(DType.F32, Shape.unnamed(3, 5000), 5001);
        target.segment().fill((byte) 0x55);
        for (int row = 0; row < 3; row++) for (int col = 0; col < 5000; col++) put(source, row, col, (row * 5000 + col) % 251 - 100);
        Floats.copy(source, target);
        for (int row = 0; row < 3; row++) for (int col = 0; col < 5000; col++) assertEquals((row * 5000 + col) % 251 - 100, target.get(row, col));
        assertEquals(0x55555555, target.getInt(0, 5000));
        assertEquals(0x55555555, target.getInt(1, 5000));
    }

    /** Where chunks begin and end, and where a row of a strided tensor does. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2047, 2048, 4999, 5000, 9999})
    void findsTheFirstNonFiniteNumber(int index) {
        for (DType type : FLOATS) {
            for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
                for (int stride : new int[] {5000, 5007}) {
                    Tensor tensor = host(type, Shape.unnamed(2, 5000), stride);
                    put(tensor, index / 5000, index % 5000, bad);
                    put(tensor, 1, 4999, Double.NaN);
                    assertEquals(index, Floats.firstNonFinite(tensor), type + " " + bad);
                }
            }
        }
    }

    @Test
    void takesTheLargestNumbersForFiniteAndIgnoresGaps() {
        assertEquals(-1, Floats.firstNonFinite(Tensor.of("x", Shape.unnamed(3), Float.MAX_VALUE, -Float.MAX_VALUE, Float.MIN_VALUE)));
        assertEquals(-1, Floats.firstNonFinite(doubles(Float.MAX_VALUE)));
        assertEquals(1, Floats.firstNonFinite(doubles(0, 1e300)));
        Tensor gap = host(DType.F32, Shape.unnamed(2, 1), 2);
        gap.segment().set(little(ValueLayout.JAVA_FLOAT_UNALIGNED), 4, Float.NaN);
        assertEquals(-1, Floats.firstNonFinite(gap));
        assertEquals(-1, Floats.firstNonFinite(host(DType.F16, Shape.unnamed(0, 5), 5)));
    }

    @Test
    void readsNumbersAtOddBytes() {
        MemorySegment memory = Arena.ofAuto().allocate(9);
        memory.set(little(ValueLayout.JAVA_FLOAT_UNALIGNED), 1, 3.25f);
        memory.set(little(ValueLayout.JAVA_FLOAT_UNALIGNED), 5, -1f);
        assertArrayEquals(new float[] {3.25f, -1f}, copied(new Tensor("x", Shape.unnamed(2), DType.F32, 2, new Storage.Host(memory.asSlice(1)))));
    }

    @Test
    void refusesOtherTypesAndShapes() {
        Tensor target = host(DType.F32, Shape.unnamed(2, 2), 2);
        assertThrows(IllegalArgumentException.class, () -> Floats.copy(host(DType.I32, Shape.unnamed(2, 2), 2), target));
        assertThrows(IllegalArgumentException.class, () -> Floats.copy(host(DType.F32, Shape.unnamed(1, 4), 4), target));
        assertThrows(IllegalArgumentException.class, () -> Floats.copy(target, host(DType.F16, Shape.unnamed(2, 2), 2)));
        assertThrows(IllegalArgumentException.class, () -> Floats.firstNonFinite(host(DType.BOOL, Shape.unnamed(2), 2)));
    }

    private static float[] copied(Tensor source) {
        Tensor target = host(DType.F32, source.shape(), source.cols());
        Floats.copy(source, target);
        return target.toFloats();
    }

    private static Tensor host(DType type, Shape shape, int stride) {
        return Tensor.allocate(Arena.ofAuto(), "x", shape, type, stride);
    }

    private static Tensor doubles(double... values) {
        Tensor tensor = host(DType.F64, Shape.unnamed(values.length), values.length);
        for (int i = 0; i < values.length; i++) put(tensor, 0, i, values[i]);
        return tensor;
    }

    private static void put(Tensor tensor, int row, int col, double value) {
        MemorySegment memory = tensor.segment();
        long at = tensor.offset(row, col);
        switch (tensor.type()) {
            case F64 -> memory.set(little(ValueLayout.JAVA_DOUBLE_UNALIGNED), at, value);
            case F32 -> memory.set(little(ValueLayout.JAVA_FLOAT_UNALIGNED), at, (float) value);
            case F16 -> memory.set(little(ValueLayout.JAVA_SHORT_UNALIGNED), at, Float.floatToFloat16((float) value));
            default -> memory.set(little(ValueLayout.JAVA_SHORT_UNALIGNED), at, (short) (Float.floatToRawIntBits((float) value) >>> 16));
        }
    }

    private static ValueLayout.OfShort little(ValueLayout.OfShort layout) {
        return layout.withOrder(ByteOrder.LITTLE_ENDIAN);
    }

    private static ValueLayout.OfFloat little(ValueLayout.OfFloat layout) {
        return layout.withOrder(ByteOrder.LITTLE_ENDIAN);
    }

    private static ValueLayout.OfDouble little(ValueLayout.OfDouble layout) {
        return layout.withOrder(ByteOrder.LITTLE_ENDIAN);
    }
}
