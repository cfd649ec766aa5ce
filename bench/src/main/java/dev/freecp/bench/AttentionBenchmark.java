package dev.freecp.bench;

import dev.freecp.ops.Heads;
import dev.freecp.ops.Scores;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** Attention of 12 heads of 64 (ViT-B/16) in all forms that read-outs have, counted by the fewest products each can do with. */
public class AttentionBenchmark extends OpsBenchmark {

    private static final int HEADS = 12, WIDTH = 768;

    @Param({"50", "197", "577"})
    public int tokens;

    @Param({"1", "6"})
    public int windows;

    private Tensor qkv;
    private Tensor context;
    private Tensor map;
    private Tensor tau;
    private double product;

    @Override
    void prepare() {
        qkv = activation("qkv", Shape.of("token qkv", windows * tokens, 3 * WIDTH));
        context = workspace.activation("context", Shape.of("token width", windows * tokens, WIDTH));
        map = workspace.tensor("map", Shape.of("window token token", windows, tokens, tokens));
        ops.fill(map, 0);
        tau = workspace.tensor("tau", Shape.of("window", windows));
        ops.fill(tau, 1);
        product = 2e-9 * windows * tokens * tokens * WIDTH;
    }

    @Benchmark
    public float[] plain(Work work) {
        return attention(work, Scores.QK, null, 2);
    }

    @Benchmark
    public float[] withHeadMean(Work work) {
        return attention(work, Scores.QK, map, 2);
    }

    @Benchmark
    public float[] causal(Work work) {
        return attention(work, Scores.QK_CAUSAL, null, 1);
    }

    @Benchmark
    public float[] queries(Work work) {
        return attention(work, Scores.QQ, null, 2);
    }

    @Benchmark
    public float[] queriesAndKeys(Work work) {
        return attention(work, Scores.QQ_PLUS_KK, null, 3);
    }

    @Benchmark
    public float[] gem(Work work) {
        ops.selfSelfAttention(context, qkv, windows, HEADS, tau);
        work.gflop += 10 * product;
        return done();
    }

    private float[] attention(Work work, Scores scores, Tensor kept, double products) {
        ops.attention(context, qkv, windows, HEADS, scores, kept, Heads.MEAN, 1f / HEADS);
        work.gflop += products * product;
        return done();
    }
}
