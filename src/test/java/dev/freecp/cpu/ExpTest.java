package dev.freecp.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.DoubleUnaryOperator;
import org.apache.commons.math3.special.Erf;
import org.junit.jupiter.api.Test;

class ExpTest {

    private static final int STEPS = 200_000 / Lanes.LANES * Lanes.LANES;

    /** A function on {@code count} floats from the front of a memory on, which is three times as large. */
    private interface Function {
        void apply(MemorySegment x, int count);
    }

    private static final Function EXP = (x, count) -> {
        for (int i = 0; i < count; i += Lanes.LANES) Lanes.store(Exp.exp(Lanes.load(x, i * 4L)), x, i * 4L);
    };
    private static final Function QUICK_GELU = (x, count) -> Exp.quickGelu(x, 0, count, count * 4L);
    private static final Function GELU = (x, count) -> Exp.gelu(x, 0, count, count * 4L);

    private static float[] of(Function f, float... x) {
        try (Arena arena = Arena.ofConfined()) {
            int count = (x.length + Lanes.LANES - 1) / Lanes.LANES * Lanes.LANES;
            MemorySegment memory = arena.allocate(3L * count * Float.BYTES, Float.BYTES);
            MemorySegment.copy(x, 0, memory, Lanes.FLOAT, 0, x.length);
            f.apply(memory, count);
            return memory.asSlice(0, x.length * 4L).toArray(Lanes.FLOAT);
        }
    }

    private static float of(Function f, float x) {
        return of(f, new float[] {x})[0];
    }

    /** Largest of |f - exact| / scale over x from {@code from} to {@code to}. */
    private static double worst(Function f, DoubleUnaryOperator exact, DoubleUnaryOperator scale, double from, double to) {
        float[] x = new float[STEPS];
        for (int i = 0; i < STEPS; i++) x[i] = (float) (from + (to - from) * i / (STEPS - 1));
        float[] y = of(f, x);
        double worst = 0;
        for (int i = 0; i < STEPS; i++) worst = Math.max(worst, Math.abs(y[i] - exact.applyAsDouble(x[i])) / scale.applyAsDouble(x[i]));
        return worst;
    }

    @Test
    void expIsExactToAboutOneUnitInTheLastPlace() {
        assertTrue(worst(EXP, Math::exp, Math::exp, -87.2, 0) < 1.2e-7, () -> "error " + worst(EXP, Math::exp, Math::exp, -87.2, 0));
    }

    @Test
    void expEndsInZeroAndBeginsAtOne() {
        assertEquals(1, of(EXP, 0));
        assertEquals(1, of(EXP, -0f));
        for (float x : new float[] {-88, -1e4f, -3e38f, Float.NEGATIVE_INFINITY}) assertEquals(0, of(EXP, x));
        assertTrue(Float.isNaN(of(EXP, Float.NaN)));
    }

    @Test
    void quickGelu() {
        assertTrue(worst(QUICK_GELU, x -> x / (1 + Math.exp(-1.702 * x)), x -> 1 + Math.abs(x), -60, 60) < 1.2e-7);
        assertEquals(3e30f, of(QUICK_GELU, 3e30f));
        assertEquals(0, of(QUICK_GELU, -3e30f), 0);
    }

    @Test
    void gelu() {
        assertTrue(worst(GELU, x -> x * (1 + Erf.erf(x / Math.sqrt(2))) / 2, x -> 1 + Math.abs(x), -8, 8) < 2e-7,
            () -> "error " + worst(GELU, x -> x * (1 + Erf.erf(x / Math.sqrt(2))) / 2, x -> 1 + Math.abs(x), -8, 8));
        assertEquals(3e30f, of(GELU, 3e30f));
        assertEquals(0, of(GELU, -3e30f), 0);
    }
}
