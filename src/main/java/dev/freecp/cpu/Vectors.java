package dev.freecp.cpu;

import static dev.freecp.cpu.Lanes.LANES;
import static dev.freecp.cpu.Lanes.load;
import static dev.freecp.cpu.Lanes.store;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Sums and combinations of rows of floats; {@code at} are byte offsets. Whole vectors first, then one with a mask. */
final class Vectors {

    private Vectors() {
    }

    /** y = a * x. */
    static void scale(MemorySegment y, long yAt, MemorySegment x, long xAt, int count, float a) {
        int whole = Lanes.whole(count);
        for (int i = 0; i < whole; i += LANES) store(load(x, xAt + i * 4L).mul(a), y, yAt + i * 4L);
        if (whole == count) return;
        VectorMask<Float> rest = Lanes.first(count - whole);
        store(load(x, xAt + whole * 4L, rest).mul(a), y, yAt + whole * 4L, rest);
    }

    /** y = a * x + b * y. */
    static void mix(MemorySegment y, long yAt, MemorySegment x, long xAt, int count, float a, float b) {
        int whole = Lanes.whole(count);
        FloatVector factor = Lanes.all(a);
        for (int i = 0; i < whole; i += LANES) store(load(x, xAt + i * 4L).fma(factor, load(y, yAt + i * 4L).mul(b)), y, yAt + i * 4L);
        if (whole == count) return;
        VectorMask<Float> rest = Lanes.first(count - whole);
        store(load(x, xAt + whole * 4L, rest).fma(factor, load(y, yAt + whole * 4L, rest).mul(b)), y, yAt + whole * 4L, rest);
    }

    /** y = x + z. */
    static void sum(MemorySegment y, long yAt, MemorySegment x, long xAt, MemorySegment z, long zAt, int count) {
        int whole = Lanes.whole(count);
        for (int i = 0; i < whole; i += LANES) store(load(x, xAt + i * 4L).add(load(z, zAt + i * 4L)), y, yAt + i * 4L);
        if (whole == count) return;
        VectorMask<Float> rest = Lanes.first(count - whole);
        store(load(x, xAt + whole * 4L, rest).add(load(z, zAt + whole * 4L, rest)), y, yAt + whole * 4L, rest);
    }

    /** Sum of x. */
    static float sum(MemorySegment x, long at, int count) {
        int whole = Lanes.whole(count), pairs = whole / (2 * LANES) * 2 * LANES;
        FloatVector even = FloatVector.zero(Lanes.SPECIES), odd = even;
        for (int i = 0; i < pairs; i += 2 * LANES) {
            even = even.add(load(x, at + i * 4L));
            odd = odd.add(load(x, at + i * 4L + Lanes.WIDTH));
        }
        if (pairs < whole) even = even.add(load(x, at + pairs * 4L));
        if (whole < count) odd = odd.add(load(x, at + whole * 4L, Lanes.first(count - whole)));
        return Lanes.sum(even.add(odd));
    }

    /** Sum of x * y. */
    static float dot(MemorySegment x, long xAt, MemorySegment y, long yAt, int count) {
        int whole = Lanes.whole(count), pairs = whole / (2 * LANES) * 2 * LANES;
        FloatVector even = FloatVector.zero(Lanes.SPECIES), odd = even;
        for (int i = 0; i < pairs; i += 2 * LANES) {
            even = load(x, xAt + i * 4L).fma(load(y, yAt + i * 4L), even);
            odd = load(x, xAt + i * 4L + Lanes.WIDTH).fma(load(y, yAt + i * 4L + Lanes.WIDTH), odd);
        }
        if (pairs < whole) even = load(x, xAt + pairs * 4L).fma(load(y, yAt + pairs * 4L), even);
        if (whole < count) {
            VectorMask<Float> rest = Lanes.first(count - whole);
            odd = load(x, xAt + whole * 4L, rest).fma(load(y, yAt + whole * 4L, rest), odd);
        }
        return Lanes.sum(even.add(odd));
    }
}
