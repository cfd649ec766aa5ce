package dev.freecp.bench.gpu;

import dev.freecp.ops.Ops;
import dev.freecp.tensor.Tensor;
import java.util.SplittableRandom;

/** Standard normal numbers for large tensors: a pool of them, cut in pieces that follow each other in random order. */
final class RandomNumbers {

    private static final int POOL = 1 << 20, PIECE = 1 << 12;

    private final SplittableRandom random;
    private final float[] pool = new float[POOL];

    RandomNumbers(long seed) {
        random = new SplittableRandom(seed);
        for (int i = 0; i < POOL; i++) pool[i] = (float) random.nextGaussian();
    }

    float[] of(int count) {
        float[] values = new float[count];
        for (int at = 0; at < count; at += PIECE) System.arraycopy(pool, random.nextInt(POOL - PIECE), values, at, Math.min(PIECE, count - at));
        return values;
    }

    /** The tensor, filled. */
    Tensor fill(Ops ops, Tensor tensor) {
        ops.upload(tensor, of(Math.multiplyExact(tensor.rows(), tensor.cols())));
        return tensor;
    }
}
