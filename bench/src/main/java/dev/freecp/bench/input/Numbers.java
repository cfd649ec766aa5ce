package dev.freecp.bench.input;

import java.util.SplittableRandom;

/** Seeded random numbers. */
public final class Numbers {

    private Numbers() {
    }

    public static float[] normal(long seed, int count) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) values[i] = (float) random.nextGaussian();
        return values;
    }
}
