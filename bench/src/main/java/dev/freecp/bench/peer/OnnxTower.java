package dev.freecp.bench.peer;

import dev.freecp.clip.VisionConfig;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import dev.freecp.weights.Floats;
import dev.freecp.weights.Weights;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;

/**
 * The blocks of a vision tower as an ONNX graph, {@link #INPUT} (S, N, D) to {@link #OUTPUT} (S, N, D) for any S and N, with the weights of a checkpoint under their
 * Hugging Face names.
 */
public final class OnnxTower {

    static final String INPUT = "tokens", OUTPUT = "blocks";

    /** How attention is written down. */
    public enum Attention {
        /** In ONNX's own operators, as exporters do; what the run time makes of them is its own business. */
        PLAIN,
        /** In one node that only ONNX Runtime knows, which never has all scores at once. */
        FUSED
    }

    private final OnnxGraph graph = new OnnxGraph();
    private final Arena arena;
    private final Weights weights;
    private final VisionConfig config;
    private final Attention attention;

    private OnnxTower(Arena arena, Weights weights, VisionConfig config, Attention attention) {
        this.arena = arena;
        this.weights = weights;
        this.config = config;
        this.attention = attention;
    }

    /** Writes the graph; at most 2 GB. */
    public static void write(Path file, Weights weights, VisionConfig config, Attention attention) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            OnnxTower tower = new OnnxTower(arena, weights, config, attention);
            String x = tower.graph.input(INPUT, "S", "N", config.width());
            for (int layer = 0; layer < config.layers(); layer++) x = tower.block(x, "vision_model.encoder.layers." + layer);
            tower.graph.output(x, OUTPUT, "S", "N", config.width());
            tower.graph.write(file);
        }
    }

    /** x + Attn(LN1 x), then that + MLP(LN2 of it). */
    private String block(String x, String at) {
        String normed = layerNorm(x, at + ".layer_norm1");                                                              // (S, N, D)
        List<String> qkv = graph.split("Split", List.of(fused(normed, at + ".self_attn.")), 3, new OnnxGraph.Int("axis", 2));
        String context = attention == Attention.FUSED ? fusedAttention(qkv) : plainAttention(qkv);                      // (S, N, D)
        String y = add(x, linear(context, at + ".self_attn.out_proj"));                                                 // (S, N, D)
        String hidden = activate(linear(layerNorm(y, at + ".layer_norm2"), at + ".mlp.fc1"));                           // (S, N, F)
        return add(y, linear(hidden, at + ".mlp.fc2"));                                                                 // (S, N, D)
    }

    /** softmax(q k^T / sqrt(d)) v in each head. */
    private String plainAttention(List<String> qkv) {
        String q = mul(heads(qkv.get(0), 0, 2, 1, 3), scale()), k = heads(qkv.get(1), 0, 2, 3, 1), v = heads(qkv.get(2), 0, 2, 1, 3);
        String att = graph.node("Softmax", List.of(matMul(q, k)), new OnnxGraph.Int("axis", -1));                       // (S, H, N, N)
        String merged = graph.node("Transpose", List.of(matMul(att, v)), new OnnxGraph.Ints("perm", 0, 2, 1, 3));       // (S, N, H, d)
        return graph.node("Reshape", List.of(merged, graph.sizes(0, 0, config.width())));
    }

    private String fusedAttention(List<String> qkv) {
        return graph.microsoft("MultiHeadAttention", qkv, new OnnxGraph.Int("num_heads", config.heads()));
    }

    /** (S, N, D) to (S, N, H, d), in the order {@code order} of these. */
    private String heads(String x, long... order) {
        String split = graph.node("Reshape", List.of(x, graph.sizes(0, 0, config.heads(), config.width() / config.heads())));
        return graph.node("Transpose", List.of(split), new OnnxGraph.Ints("perm", order));
    }

    private String scale() {
        return graph.scalar((float) (1 / Math.sqrt((double) config.width() / config.heads())));
    }

    private String activate(String x) {
        return switch (config.activation()) {
            case NONE -> x;
            case QUICK_GELU -> mul(x, graph.node("Sigmoid", List.of(mul(x, graph.scalar(1.702f)))));
            case GELU -> mul(mul(x, add(graph.node("Erf", List.of(mul(x, graph.scalar((float) Math.sqrt(0.5))))), graph.scalar(1))), graph.scalar(0.5f));
        };
    }

    private String layerNorm(String x, String name) {
        return graph.node("LayerNormalization", List.of(x, graph.weight(values(name + ".weight")), graph.weight(values(name + ".bias"))),
            new OnnxGraph.Int("axis", -1), new OnnxGraph.Real("epsilon", config.eps()));
    }

    /** x W^T + b. */
    private String linear(String x, String name) {
        return add(matMul(x, graph.weight(transposed(name, List.of(values(name + ".weight"))))), graph.weight(values(name + ".bias")));
    }

    /** q, k and v by one product. */
    private String fused(String x, String prefix) {
        List<String> parts = List.of("q_proj", "k_proj", "v_proj");
        List<Tensor> biases = parts.stream().map(part -> values(prefix + part + ".bias")).toList();
        Tensor bias = Tensor.allocate(arena, prefix + "bias", Shape.of("out", 3 * config.width()), DType.F32, 3 * config.width());
        for (int i = 0; i < 3; i++) bias.segment().asSlice(4L * i * config.width()).copyFrom(biases.get(i).segment());
        Tensor weight = transposed(prefix + "weight", parts.stream().map(part -> values(prefix + part + ".weight")).toList());
        return add(matMul(x, graph.weight(weight)), graph.weight(bias));
    }

    /** Maps (out, in) side by side as (in, all outs). */
    private Tensor transposed(String name, List<Tensor> maps) {
        int in = maps.getFirst().cols(), all = maps.stream().mapToInt(Tensor::rows).sum(), first = 0;
        Tensor y = Tensor.allocate(arena, name, Shape.of("in out", in, all), DType.F32, all);
        for (Tensor map : maps) {
            for (int i = 0; i < in; i++) for (int o = 0; o < map.rows(); o++) y.set(i, first + o, map.get(o, i));
            first += map.rows();
        }
        return y;
    }

    /** A float32 copy. */
    private Tensor values(String name) {
        Tensor stored = weights.tensor(name), copy = Tensor.allocate(arena, name, stored.shape(), DType.F32, stored.cols());
        Floats.copy(stored, copy);
        return copy;
    }

    private String matMul(String a, String b) {
        return graph.node("MatMul", List.of(a, b));
    }

    private String add(String a, String b) {
        return graph.node("Add", List.of(a, b));
    }

    private String mul(String a, String b) {
        return graph.node("Mul", List.of(a, b));
    }
}
