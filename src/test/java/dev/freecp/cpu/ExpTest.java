package dev.freecp.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import jdk.incubator.vector.FloatVector;
import org.apache.commons.math3.special.Erf;
import org.junit.jupiter.api.Test;

class ExpTest {

    private static float of(UnaryOperator<FloatVector> f, float x) {
        return f.apply(Lanes.all(x)).lane(0);
    }

    /** Largest of |f - exact| / scale over x from {@code from} to {@code to}. */
    private static double worst(UnaryOperator<FloatVector> f, DoubleUnaryOperator exact, DoubleUnaryOperator scale, double from, double to) {
        double worst = 0;
        for (double x = from; x <= to; x += (to - from) / 200_000) {
            float at = (float) x;
            worst = Math.max(worst, Math.abs(of(f, at) - exact.applyAsDouble(at)) / scale.applyAsDouble(at));
        }
        return worst;
    }

    @Test
    void expIsExactToAboutOneUnitInTheLastPlace() {
        assertTrue(worst(Exp::exp, Math::exp, Math::exp, -87.2, 0) < 1.2e-7, () -> "error " + worst(Exp::exp, Math::exp, Math::exp, -87.2, 0));
    }

    @Test
    void expEndsInZeroAndBeginsAtOne() {
        assertEquals(1, of(Exp::exp, 0));
        assertEquals(1, of(Exp::exp, -0f));
        for (float x : new float[] {-88, -1e4f, -3e38f, Float.NEGATIVE_INFINITY}) assertEquals(0, of(Exp::exp, x));
        assertTrue(Float.isNaN(of(Exp::exp, Float.NaN)));
    }

    @Test
    void quickGelu() {
        assertTrue(worst(Exp::quickGelu, x -> x / (1 + Math.exp(-1.702 * x)), x -> 1 + Math.abs(x), -60, 60) < 1.2e-7);
        assertEquals(3e30f, of(Exp::quickGelu, 3e30f));
        assertEquals(0, of(Exp::quickGelu, -3e30f), 0);
    }

    @Test
    void gelu() {
        assertTrue(worst(Exp::gelu, x -> x * (1 + Erf.erf(x / Math.sqrt(2))) / 2, x -> 1 + Math.abs(x), -8, 8) < 2e-7,
            () -> "error " + worst(Exp::gelu, x -> x * (1 + Erf.erf(x / Math.sqrt(2))) / 2, x -> 1 + Math.abs(x), -8, 8));
        assertEquals(3e30f, of(Exp::gelu, 3e30f));
        assertEquals(0, of(Exp::gelu, -3e30f), 0);
    }
}
