package dev.freecp.cpu;

import static dev.freecp.cpu.Lanes.LANES;
import static dev.freecp.cpu.Lanes.all;
import static dev.freecp.cpu.Lanes.larger;
import static dev.freecp.cpu.Lanes.load;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** The numerator and the denominator of a softmax over one row; whoever needs the quotient divides where the row is read anyway. */
final class Softmax {

    private Softmax() {
    }

    /** x(i) = exp(x(i) - max), in place; returns their sum. The last vector is the row's alone: what lies beyond {@code count} in it becomes 0. */
    static float exponents(MemorySegment x, long at, int count) {
        int end = (count + LANES - 1) / LANES * LANES;
        for (int i = count; i < end; i++) x.set(Lanes.FLOAT, at + i * 4L, Float.NEGATIVE_INFINITY);
        return Exp.exp(x, at, end, maxOfVectors(x, at, end));
    }

    static float max(MemorySegment x, long at, int count) {
        int whole = Lanes.whole(count);
        float max = maxOfVectors(x, at, whole);
        if (whole == count) return max;
        VectorMask<Float> rest = Lanes.first(count - whole);
        return larger(all(max), all(max).blend(load(x, at + whole * 4L, rest), rest)).reduceLanes(VectorOperators.MAX);
    }

    /** Two maxima at once, because each comparison waits for the one before it. */
    private static float maxOfVectors(MemorySegment x, long at, int count) {
        FloatVector even = all(Float.NEGATIVE_INFINITY), odd = all(Float.NEGATIVE_INFINITY);
        int pairs = count / (2 * LANES) * 2 * LANES;
        for (int i = 0; i < pairs; i += 2 * LANES) {
            even = larger(even, load(x, at + i * 4L));
            odd = larger(odd, load(x, at + i * 4L + Lanes.WIDTH));
        }
        if (pairs < count) even = larger(even, load(x, at + pairs * 4L));
        return larger(even, odd).reduceLanes(VectorOperators.MAX);
    }
}
