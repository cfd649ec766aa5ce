package dev.freecp.convert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class CasterTest {

    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Arena arena = Arena.ofAuto();

    @Test
    void leavesWhatIsOfTheTypeAlready() {
        Tensor tensor = Tensor.of("t", Shape.unnamed(2), 1, 2);
        assertSame(tensor, new Caster(DType.F32).cast(tensor, arena));
    }

    @Test
    void roundsToNearestAndTiesToEven() {
        assertArrayEquals(new int[] {0x3c00, 0x3c02, 0x3c01, 0x8000, 0x0001}, halves(DType.F16, 1 + 0x1p-11f, 1 + 3 * 0x1p-11f, 1 + 0x1p-11f + 0x1p-23f, -0f, 0x1p-24f));
        assertArrayEquals(new int[] {0x3f80, 0x3f82, 0x3f81, 0x8000, 0x0001}, halves(DType.BF16, 1 + 0x1p-8f, 1 + 3 * 0x1p-8f, 1 + 0x1p-8f + 0x1p-23f, -0f, 0x1p-133f));
    }

    /** Just above a tie of the 16-bit type, by less than float32 holds: rounding twice would give the tie's even neighbour. */
    @Test
    void roundsDoublesOnlyOnce() {
        double half = 1 + 0x1p-11 + 0x1p-40, bfloat = -(1 + 0x1p-8 + 0x1p-40);
        assertEquals(0x3c01, narrowed(DType.F16, half));
        assertEquals(0xbf81, narrowed(DType.BF16, bfloat));
        assertEquals(0x3c00, narrowed(DType.F16, 1 + 0x1p-11 - 0x1p-40));
    }

    @Test
    void countsWhatBecomesInfinite() {
        Caster half = new Caster(DType.F16), bfloat = new Caster(DType.BF16);
        Tensor tensor = Tensor.of("t", Shape.unnamed(4), 65519, 65520, Float.POSITIVE_INFINITY, Float.NaN);
        half.cast(tensor, arena);
        bfloat.cast(Tensor.of("t", Shape.unnamed(2), Float.MAX_VALUE, 3e38f), arena);
        assertEquals(1, half.overflowed());
        assertEquals(1, bfloat.overflowed());
    }

    @Test
    void keepsNotANumber() {
        assertArrayEquals(new int[] {0x7f81}, halves(DType.BF16, Float.intBitsToFloat(0x7f800001)));
    }

    private int[] halves(DType type, float... values) {
        Tensor narrow = new Caster(type).cast(Tensor.of("t", Shape.unnamed(values.length), values), arena);
        int[] bits = new int[values.length];
        Arrays.setAll(bits, i -> Short.toUnsignedInt(narrow.segment().get(SHORT, 2L * i)));
        return bits;
    }

    private int narrowed(DType type, double value) {
        Tensor tensor = Tensor.allocate(arena, "t", Shape.unnamed(1), DType.F64, 1);
        tensor.segment().set(DOUBLE, 0, value);
        return Short.toUnsignedInt(new Caster(type).cast(tensor, arena).segment().get(SHORT, 0));
    }
}
