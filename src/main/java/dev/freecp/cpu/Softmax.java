package dev.freecp.cpu;

import static dev.freecp.cpu.Lanes.LANES;
import static dev.freecp.cpu.Lanes.all;
import static dev.freecp.cpu.Lanes.larger;
import static dev.freecp.cpu.Lanes.load;
import static dev.freecp.cpu.Lanes.store;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** The numerator and the denominator of a softmax over one row; whoever needs the quotient divides where the row is read anyway. */
final class Softmax {

    private Softmax() {
    }

    /**
     * x(i) = exp(x(i) - max), in place; returns their sum. The last vector is the row's alone: what lies beyond {@code count} in it becomes 0. With masks
     * instead, the loop takes a third longer.
     */
    static float exponents(MemorySegment x, long at, int count) {
        int whole = Lanes.whole(count), end = whole < count ? whole + LANES : whole;
        if (whole < count) {
            FloatVector rest = load(x, at + whole * 4L);
            store(all(Float.NEGATIVE_INFINITY).blend(rest, Lanes.first(count - whole)), x, at + whole * 4L);
        }
        float max = max(x, at, end);
        FloatVector sum = FloatVector.zero(Lanes.SPECIES);
        for (int i = 0; i < end; i += LANES) {
            FloatVector e = Exp.exp(load(x, at + i * 4L).sub(max));
            store(e, x, at + i * 4L);
            sum = sum.add(e);
        }
        return Lanes.sum(sum);
    }

    static float max(MemorySegment x, long at, int count) {
        int whole = Lanes.whole(count);
        FloatVector max = all(Float.NEGATIVE_INFINITY);
        for (int i = 0; i < whole; i += LANES) max = larger(max, load(x, at + i * 4L));
        if (whole < count) {
            VectorMask<Float> rest = Lanes.first(count - whole);
            max = larger(max, all(Float.NEGATIVE_INFINITY).blend(load(x, at + whole * 4L, rest), rest));
        }
        return max.reduceLanes(VectorOperators.MAX);
    }
}
