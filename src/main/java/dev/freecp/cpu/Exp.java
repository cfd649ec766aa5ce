package dev.freecp.cpu;

import static dev.freecp.cpu.Lanes.LANES;
import static dev.freecp.cpu.Lanes.all;
import static dev.freecp.cpu.Lanes.load;
import static dev.freecp.cpu.Lanes.store;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The exponential function and what is made of it. Activations pass through memory, step by step: in one method, or with masks for its ends, they are more than the
 * compiler takes into a loop, and vectors go to the heap.
 */
final class Exp {

    /** Adding 1.5 * 2^23 rounds to a whole number and leaves it in the low bits. */
    private static final float ROUND = 12582912f;

    /** Below it the result is 0: its bits could no longer be made by adding to the exponent. exp(-87.3) = 1.2e-38. */
    private static final float ZERO_BELOW = -87.3f;

    private Exp() {
    }

    /**
     * e^x for x <= 0, minus infinity included; relative error below 1.2e-7 (ExpTest). x = n ln 2 + r with |r| <= ln(2) / 2, ln 2 in two parts so that r is
     * exact enough; e^r by Cephes' polynomial; times 2^n by adding n to the exponent.
     */
    static FloatVector exp(FloatVector x) {
        FloatVector shifted = x.fma(all(1.44269504f), all(ROUND));
        FloatVector n = shifted.sub(ROUND);
        FloatVector r = n.fma(all(2.12194440e-4f), n.fma(all(-0.693359375f), x));
        FloatVector p = r.fma(all(1.9875691500e-4f), all(1.3981999507e-3f));
        p = p.fma(r, all(8.3334519073e-3f));
        p = p.fma(r, all(4.1665795894e-2f));
        p = p.fma(r, all(1.6666665459e-1f));
        p = p.fma(r, all(5.0000001201e-1f));
        p = p.fma(r.mul(r), r).add(1);
        FloatVector scaled = p.reinterpretAsInts().add(shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
        return scaled.blend(0, x.compare(VectorOperators.LT, ZERO_BELOW));
    }

    /** x(i) = e^x(i), where that is at most 0. */
    private static void exp(MemorySegment x, long at, int count) {
        for (int i = 0; i < count; i += LANES) store(exp(load(x, at + i * 4L)), x, at + i * 4L);
    }

    /**
     * x * sigmoid(1.702 x), by e = exp(-1.702 |x|).
     *
     * @param count    a multiple of the lanes
     * @param eAt      where {@code count} floats of the same memory may be written
     */
    static void quickGelu(MemorySegment x, long at, int count, long eAt) {
        for (int i = 0; i < count; i += LANES) store(load(x, at + i * 4L).abs().mul(-1.702f), x, eAt + i * 4L);
        exp(x, eAt, count);
        for (int i = 0; i < count; i += LANES) {
            FloatVector v = load(x, at + i * 4L), e = load(x, eAt + i * 4L);
            FloatVector top = all(1).blend(e, v.compare(VectorOperators.LT, 0));
            store(v.mul(top).div(e.add(1)), x, at + i * 4L);
        }
    }

    /**
     * x * (1 + erf(x / sqrt 2)) / 2. With z = |x| / sqrt 2 and t = 1 / (1 + z / 2): erfc z = t exp(-z^2 + P(t)), the Chebyshev fit of Press et al.,
     * Numerical Recipes, section 6.2; its relative error of 1.2e-7 holds in the tail as well.
     *
     * @param count    a multiple of the lanes
     * @param eAt      where twice {@code count} floats of the same memory may be written
     */
    static void gelu(MemorySegment x, long at, int count, long eAt) {
        long tAt = eAt + count * 4L;
        for (int i = 0; i < count; i += LANES) {
            FloatVector z = load(x, at + i * 4L).abs().mul(0.70710678f);
            FloatVector t = all(1).div(z.fma(all(0.5f), all(1)));
            store(t, x, tAt + i * 4L);
            FloatVector p = t.fma(all(0.17087277f), all(-0.82215223f));
            p = p.fma(t, all(1.48851587f));
            p = p.fma(t, all(-1.13520398f));
            p = p.fma(t, all(0.27886807f));
            p = p.fma(t, all(-0.18628806f));
            p = p.fma(t, all(0.09678418f));
            p = p.fma(t, all(0.37409196f));
            p = p.fma(t, all(1.00002368f));
            p = p.fma(t, all(-1.26551223f));
            store(Lanes.smaller(z.neg().fma(z, p), all(0)), x, eAt + i * 4L);    // at most 0 but for rounding at z = 0
        }
        exp(x, eAt, count);
        for (int i = 0; i < count; i += LANES) {
            FloatVector v = load(x, at + i * 4L), half = load(x, tAt + i * 4L).mul(0.5f).mul(load(x, eAt + i * 4L));
            store(v.mul(half.blend(all(1).sub(half), v.compare(VectorOperators.GE, 0))), x, at + i * 4L);
        }
    }
}
