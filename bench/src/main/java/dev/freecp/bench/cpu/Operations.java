package dev.freecp.bench.cpu;

import dev.freecp.bench.input.Numbers;
import dev.freecp.clip.VisionConfig;
import dev.freecp.ops.Activation;
import dev.freecp.ops.Affine;
import dev.freecp.ops.Heads;
import dev.freecp.ops.Linear;
import dev.freecp.ops.Ops;
import dev.freecp.ops.Scores;
import dev.freecp.ops.Workspace;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a block consists of, each operation by itself on one window of 577 tokens, and a plain loop beside the smallest product. */
final class Operations {

    private final Ops ops;
    private final VisionConfig config;
    private final ProcessorTime time;
    private final int threads;
    private final List<Contender> contenders = new ArrayList<>();

    private Operations(Model model, ProcessorTime time) {
        this.ops = model.ops();
        this.config = model.clip().config().vision();
        this.time = time;
        this.threads = model.threads();
    }

    /** @param workspace lives as long as the contenders */
    static List<Contender> of(Model model, Workspace workspace, ProcessorTime time) {
        Operations operations = new Operations(model, time);
        operations.add(workspace, Towers.TOKENS);
        return operations.contenders;
    }

    private void add(Workspace workspace, int n) {
        int d = config.width(), f = config.mlpWidth();
        Tensor x = random(workspace, "x", n, d), normed = random(workspace, "normed", n, d);
        Tensor qkv = random(workspace, "qkv", n, 3 * d), hidden = random(workspace, "hidden", n, f);
        Tensor map = workspace.tensor("map", Shape.of("window token token", 1, n, n));
        ops.fill(map, 0);
        Linear in = linear(d, 3 * d), out = linear(d, d), fc = linear(d, f), proj = linear(f, d);
        Shape width = Shape.of("width", d);
        Affine affine = new Affine(ops.resident(Tensor.of("gamma", width, Numbers.normal(1, d))), ops.resident(Tensor.of("beta", width, Numbers.normal(2, d))));
        double products = 4.0 * n * n * d, read = 4.0 * n * 4 * d;
        add("layer norm", 8.0 * n * d, 8.0 * n * d, () -> ops.layerNorm(normed, x, affine, config.eps()));
        product("q, k and v", n, in, () -> ops.linear(qkv, normed, in, Activation.NONE));
        add("attention", products, read, () -> ops.attention(normed, qkv, 1, config.heads(), Scores.QK));
        add("attention, kept", products, read + 8.0 * n * n, () -> ops.attention(normed, qkv, 1, config.heads(), Scores.QK, map, Heads.MEAN, 1f / config.heads()));
        add("attention, q-q + k-k", 1.5 * products, read, () -> ops.attention(normed, qkv, 1, config.heads(), Scores.QQ_PLUS_KK));
        product("out", n, out, () -> ops.linearAdd(x, normed, out));
        product("first of the MLP, activation", n, fc, () -> ops.linear(hidden, normed, fc, config.activation()));
        product("first of the MLP", n, fc, () -> ops.linear(hidden, normed, fc, Activation.NONE));
        product("second of the MLP", n, proj, () -> ops.linearAdd(x, hidden, proj));
        product("a square product", n, out, () -> ops.linear(x, normed, out, Activation.NONE));
        if (threads == 1) plainLoop(n, d);
    }

    private void plainLoop(int n, int d) {
        float[] y = new float[n * d], x = Numbers.normal(1, n * d), w = Numbers.normal(2, d * d);
        contenders.add(new Contender("operations", "a square product", "plain loop", 1, 2e-9 * n * d * d, Contender.Unit.GFLOP, Map.of(),
            () -> Lap.of(time, () -> PlainLoop.product(y, x, w, d, d))));
    }

    private Tensor random(Workspace workspace, String name, int rows, int cols) {
        Tensor tensor = workspace.tensor(name, Shape.of("token width", rows, cols));
        ops.upload(tensor, Numbers.normal(name.hashCode(), rows * cols));
        return tensor;
    }

    private Linear linear(int in, int out) {
        float[] weights = Numbers.normal(3, in * out);
        for (int i = 0; i < weights.length; i++) weights[i] /= (float) Math.sqrt(in);
        return ops.linear(Tensor.of("weight", Shape.of("out in", out, in), weights), Tensor.of("bias", Shape.of("out", out), Numbers.normal(4, out)));
    }

    private void product(String name, int rows, Linear w, Runnable work) {
        add(name, 2.0 * rows * w.in() * w.out(), 4.0 * (rows * (w.in() + w.out()) + (double) w.in() * w.out()), work);
    }

    /** @param bytes that must be read or written once */
    private void add(String name, double flop, double bytes, Runnable work) {
        Map<String, Object> facts = Map.of("FLOP a byte", flop / bytes);
        contenders.add(new Contender("operations", name, Contender.OURS, threads, 1e-9 * flop, Contender.Unit.GFLOP, facts, () -> Lap.of(time, work)));
    }
}
