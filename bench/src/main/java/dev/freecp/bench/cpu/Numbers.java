package dev.freecp.bench.cpu;

import java.util.SplittableRandom;

/** Seeded random numbers. */
final class Numbers {

    private Numbers() {
    }

    static float[] normal(long seed, int count) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) values[i] = (float) random.nextGaussian();
        return values;
    }
}
