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

    /** x(i) = exp(x(i) - max), in place; returns their sum. */
    static float exponents(MemorySegment x, long at, int count) {
        float max = max(x, at, count);
        int whole = Lanes.whole(count);
        FloatVector sum = FloatVector.zero(Lanes.SPECIES);
        for (int i = 0; i < whole; i += LANES) {
            FloatVector e = Exp.exp(load(x, at + i * 4L).sub(max));
            store(e, x, at + i * 4L);
            sum = sum.add(e);
        }
        if (whole < count) {
            VectorMask<Float> rest = Lanes.first(count - whole);
            FloatVector e = Exp.exp(load(x, at + whole * 4L, rest).sub(max));
            store(e, x, at + whole * 4L, rest);
            sum = sum.add(e, rest);
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
