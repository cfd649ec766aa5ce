package dev.freecp.cpu;

import dev.freecp.ops.Activation;
import dev.freecp.ops.Affine;
import dev.freecp.ops.Heads;
import dev.freecp.ops.Linear;
import dev.freecp.ops.Scores;
import dev.freecp.ops.Workspace;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * A block of a tower on small numbers, again and again, until the JIT has compiled what all blocks are made of. Until then vector code is a hundred times slower and
 * takes the processors from the compiler, so a pass that waits for this is done sooner than one that does not. One thread is enough, the compiler has its own.
 */
final class Rehearsal implements AutoCloseable {

    /** Whole panels and one column of another, as the 577 tokens of a window have. */
    private static final int TOKENS = 65;

    /** Small, so that methods are compiled because they were called often, not while a loop runs: compiled once, not twice. */
    private static final int WIDTH = 64, MLP_WIDTH = 128;

    /** Operations in a nanosecond that only compiled code reaches. */
    private static final double COMPILED = 1;

    /** An act counts as faster than ever by a fifth. */
    private static final double FASTER = 0.8;

    /** So long after an act was last faster than ever, nothing more is expected; the compiler takes less for anything but the tile. */
    private static final long CALM_NANOS = 150_000_000L;

    /** Where the compiler is much slower, or off, the tower begins all the same. */
    private static final long MOST_NANOS = 5_000_000_000L;

    private final Activation activation;
    private final Thread thread;
    private volatile boolean closed;

    /** Begins, on a thread of its own. */
    Rehearsal(Activation activation) {
        this.activation = activation;
        thread = Thread.ofPlatform().daemon().name("freecp-rehearsal").start(this::run);
    }

    /** Returns when it is over. */
    void await() {
        Pool.join(thread);
    }

    /** Ends it. */
    @Override
    public void close() {
        closed = true;
        await();
    }

    /** An operation, and how many additions and multiplications it is, about. */
    private record Act(double operations, Runnable work) {
    }

    private void run() {
        try (VectorOps ops = new VectorOps(1); Workspace workspace = ops.workspace()) {
            repeat(acts(ops, workspace));
        }
    }

    private void repeat(List<Act> acts) {
        long[] best = new long[acts.size()];
        Arrays.fill(best, Long.MAX_VALUE);
        long begun = System.nanoTime(), lastFaster = begun, now = begun;
        boolean compiled = false;
        while (!closed && now - begun < MOST_NANOS && !(compiled && now - lastFaster > CALM_NANOS)) {
            compiled = true;
            for (int i = 0; i < best.length; i++) {
                long before = now;
                acts.get(i).work.run();
                now = System.nanoTime();
                if (now - before < FASTER * best[i]) {
                    best[i] = now - before;
                    lastFaster = now;
                }
                compiled &= acts.get(i).operations / best[i] > COMPILED;
            }
        }
    }

    /** What an inner block does, and SCLIP's attention in the last. */
    private List<Act> acts(VectorOps ops, Workspace workspace) {
        Linear inProj = linear(ops, 3 * WIDTH, WIDTH), fc = linear(ops, MLP_WIDTH, WIDTH), proj = linear(ops, WIDTH, MLP_WIDTH);
        Affine affine = new Affine(ops.resident(wave(Shape.of("width", WIDTH))), ops.resident(wave(Shape.of("width", WIDTH))));
        Shape tokens = Shape.of("token width", TOKENS, WIDTH);
        Tensor x = wave(tokens), sum = workspace.tensor("sum", tokens), normed = workspace.tensor("normed", tokens), context = workspace.tensor("context", tokens);
        Tensor qkv = workspace.tensor("qkv", Shape.of("token qkv", TOKENS, 3 * WIDTH)), hidden = workspace.tensor("hidden", Shape.of("token mlp", TOKENS, MLP_WIDTH));
        Tensor map = workspace.tensor("attention", Shape.of("window token token", 1, TOKENS, TOKENS));
        ops.fill(map, 0);
        double product = 2.0 * TOKENS * WIDTH, attention = 2 * product * TOKENS;
        return List.of(
            new Act(5 * product, () -> ops.layerNorm(normed, x, affine, 1e-5f)),
            new Act(product * 3 * WIDTH, () -> ops.linear(qkv, normed, inProj, Activation.NONE)),
            new Act(attention, () -> ops.attention(context, qkv, 1, 1, Scores.QK, map, Heads.MEAN, 1)),
            new Act(1.5 * attention, () -> ops.attention(context, qkv, 1, 1, Scores.QQ_PLUS_KK)),
            new Act(product * MLP_WIDTH, () -> ops.linear(hidden, normed, fc, activation)),
            new Act(product * MLP_WIDTH, () -> {
                ops.fill(sum, 0);
                ops.linearAdd(sum, hidden, proj);
            }));
    }

    private static Linear linear(VectorOps ops, int out, int in) {
        return ops.linear(wave(Shape.of("out in", out, in)), wave(Shape.of("out", out)));
    }

    /** Numbers between -0.1 and 0.1. */
    private static Tensor wave(Shape shape) {
        float[] values = new float[Math.toIntExact(shape.count())];
        for (int i = 0; i < values.length; i++) values[i] = (i * 17 % 13 - 6) / 60f;
        return Tensor.of("wave", shape, values);
    }
}
