package dev.freecp.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** The vector of this machine, and how float32 vectors move between registers and memory. Offsets are in bytes. */
final class Lanes {

    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

    /** Floats in a vector. */
    static final int LANES = SPECIES.length();

    /** Bytes in a vector; long, because it only ever enters into offsets. */
    static final long WIDTH = SPECIES.vectorByteSize();

    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final VectorShuffle<Float> BY_8 = VectorShuffle.iota(SPECIES, 8, 1, true);
    private static final VectorShuffle<Float> BY_4 = VectorShuffle.iota(SPECIES, 4, 1, true);
    private static final VectorShuffle<Float> BY_2 = VectorShuffle.iota(SPECIES, 2, 1, true);
    private static final VectorShuffle<Float> BY_1 = VectorShuffle.iota(SPECIES, 1, 1, true);

    private Lanes() {
    }

    static FloatVector load(MemorySegment memory, long at) {
        return FloatVector.fromMemorySegment(SPECIES, memory, at, ByteOrder.LITTLE_ENDIAN);
    }

    /** Lanes outside the mask are 0 and not read. */
    static FloatVector load(MemorySegment memory, long at, VectorMask<Float> mask) {
        return FloatVector.fromMemorySegment(SPECIES, memory, at, ByteOrder.LITTLE_ENDIAN, mask);
    }

    static void store(FloatVector x, MemorySegment memory, long at) {
        x.intoMemorySegment(memory, at, ByteOrder.LITTLE_ENDIAN);
    }

    /** Lanes outside the mask are not written. */
    static void store(FloatVector x, MemorySegment memory, long at, VectorMask<Float> mask) {
        x.intoMemorySegment(memory, at, ByteOrder.LITTLE_ENDIAN, mask);
    }

    static FloatVector all(float value) {
        return FloatVector.broadcast(SPECIES, value);
    }

    /** The first {@code count} lanes; all from {@link #LANES} on, none at 0. */
    static VectorMask<Float> first(int count) {
        return SPECIES.indexInRange(0, Math.max(count, 0));
    }

    /** How many of {@code count} values whole vectors cover. */
    static int whole(int count) {
        return SPECIES.loopBound(count);
    }

    /**
     * Sum of the lanes, halves first. {@code reduceLanes} leaves the order open and uses another one once the method is compiled, which would make results depend on
     * how long the program has run.
     */
    static float sum(FloatVector x) {
        FloatVector s = x;
        if (LANES > 8) s = s.add(s.rearrange(BY_8));
        if (LANES > 4) s = s.add(s.rearrange(BY_4));
        if (LANES > 2) s = s.add(s.rearrange(BY_2));
        return s.add(s.rearrange(BY_1)).lane(0);
    }

    /** Lane by lane the larger; a where b is NaN. Two instructions, where {@code max} with its rules for NaN and -0 takes five. */
    static FloatVector larger(FloatVector a, FloatVector b) {
        return a.blend(b, b.compare(VectorOperators.GT, a));
    }

    /** Lane by lane the smaller; a where b is NaN. */
    static FloatVector smaller(FloatVector a, FloatVector b) {
        return a.blend(b, b.compare(VectorOperators.LT, a));
    }
}
