package dev.freecp.bench.cpu;

import dev.freecp.bench.input.Numbers;
import dev.freecp.bench.peer.OnnxRuntime;
import dev.freecp.bench.peer.TorchTower;
import dev.freecp.clip.VisionConfig;
import dev.freecp.ops.Heads;
import dev.freecp.ops.Workspace;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The blocks of a vision tower, all of them plain, over windows of 577 tokens: ours, also with the attention kept that purification wants, and the peers', from the
 * same weights and tokens.
 */
final class Towers {

    private static final List<Integer> BATCHES = List.of(1, 4, 6), TINY_BATCHES = List.of(1, 2);

    /** A window of 24 x 24 patches and the class token. */
    static final int TOKENS = 577;

    private final String group;
    private final VisionConfig config;
    private final List<Integer> batches;
    private final ProcessorTime time;

    Towers(String model, VisionConfig config, boolean tiny, ProcessorTime time) {
        this.group = "tower " + model;
        this.config = config;
        this.batches = tiny ? TINY_BATCHES : BATCHES;
        this.time = time;
    }

    /** Two for each product of the blocks; norms and softmax are not counted. */
    static double gflop(VisionConfig config, int batch) {
        double n = TOKENS, d = config.width(), f = config.mlpWidth();
        return 1e-9 * batch * config.layers() * (2 * n * (4 * d * d + 2 * d * f) + 4 * n * n * d);
    }

    List<Contender> ours(Model model) {
        List<Contender> contenders = new ArrayList<>();
        for (int batch : batches) {
            contenders.add(contender(batch, model.threads(), Contender.OURS, ours(model, batch, false)));
            if (batch == 1) contenders.add(contender(batch, model.threads(), "freecp, attention kept", ours(model, batch, true)));
        }
        return contenders;
    }

    private Supplier<Lap> ours(Model model, int batch, boolean keeps) {
        float[] tokens = tokens(batch);
        return () -> {
            try (Workspace workspace = model.ops().workspace()) {
                Tensor x = workspace.tensor("tokens", Shape.of("token width", batch * TOKENS, config.width()));
                Tensor map = keeps ? workspace.tensor("map", Shape.of("window token token", batch, TOKENS, TOKENS)) : null;
                if (keeps) model.ops().fill(map, 0);
                return Lap.of(time, () -> model.ops().upload(x, tokens), () -> {
                    for (int layer = 0; layer < config.layers(); layer++) model.clip().vision().block(workspace, x, layer, batch, map, Heads.MEAN);
                });
            }
        };
    }

    List<Contender> onnxRuntime(OnnxRuntime runtime, String who, int threads) {
        return batches.stream().map(batch -> {
            float[] tokens = tokens(batch);
            return contender(batch, threads, who, () -> {
                try (OnnxRuntime.Pass pass = runtime.pass(tokens, batch, config.width())) {
                    return Lap.of(time, pass::run);
                }
            });
        }).toList();
    }

    List<Contender> torch(TorchTower torch, int threads) {
        return batches.stream().map(batch -> contender(batch, threads, "torch", () -> {
            TorchTower.Seconds seconds = torch.run(batch);
            return new Lap(seconds.processor(), seconds.wall());
        })).toList();
    }

    private Contender contender(int batch, int threads, String who, Supplier<Lap> call) {
        return new Contender(group, "batch " + batch, who, threads, gflop(config, batch), Contender.Unit.GFLOP, Map.of("batch", batch), call);
    }

    private float[] tokens(int batch) {
        return Numbers.normal(batch, batch * TOKENS * config.width());
    }
}
