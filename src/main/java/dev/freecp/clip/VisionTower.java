package dev.freecp.clip;

import dev.freecp.error.UsageException;
import dev.freecp.ops.Activation;
import dev.freecp.ops.Heads;
import dev.freecp.ops.Normalization;
import dev.freecp.ops.Ops;
import dev.freecp.ops.Region;
import dev.freecp.ops.Scores;
import dev.freecp.ops.Workspace;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * CLIP's vision transformer, for dense features of windows and class features of crops (specification, section 3). S windows of one size go through
 * together; n = h*w patches a window, N = n + 1 tokens, D wide, E the joint embedding.
 */
public final class VisionTower {

    /** Grids whose position tables the backend keeps: windows and crops of a run have one each, whole pictures as many as they have sizes. */
    private static final int POSITIONS_KEPT = 8;

    private final Ops ops;
    private final VisionConfig config;
    private final VisionWeights weights;
    private final Normalization normalization;
    private final Transformer transformer;
    private final Map<Grid, Tensor> positions = new HashMap<>();

    VisionTower(Ops ops, VisionConfig config, VisionWeights weights, Normalization normalization) {
        this.ops = ops;
        this.config = config;
        this.weights = weights;
        this.normalization = normalization;
        this.transformer = new Transformer(ops, config.heads(), config.activation(), config.eps());
    }

    /** The same tower and weights on an instance {@linkplain Ops#beside beside} this one's. */
    public VisionTower on(Ops other) {
        return new VisionTower(other, config, weights, normalization);
    }

    public VisionConfig config() {
        return config;
    }

    public Normalization normalization() {
        return normalization;
    }

    /**
     * What a window gives.
     *
     * @param patches    unit-length patch features (S*n, E)
     * @param affinity   mean plain attention without the class token (S, n, n)
     * @param gridHeight h
     * @param gridWidth  w
     */
    public record WindowFeatures(Tensor patches, Tensor affinity, int gridHeight, int gridWidth) {
    }

    /**
     * Patch features and affinity of windows of one size, of one picture or of several, for several read-outs at once: all blocks but the last are the
     * same for them. The plain path of the last block is left out, nothing reads it.
     *
     * @param out      where the results are taken from; they live as long as it
     * @param readOuts at least one, all of one {@link ReadOut#positionRule}
     * @return one for each of them; they share their affinity
     * @throws UsageException if GEM meets a tower of fewer than seven blocks
     */
    public List<WindowFeatures> windows(Workspace out, List<View> windows, List<ReadOutSettings> readOuts, AffinityPlan plan, Trace trace) {
        int height = windows.getFirst().region().height(), width = windows.getFirst().region().width();
        int h = height / config.patch(), w = width / config.patch(), n = h * w, sequences = windows.size();
        Tensor affinity = out.tensor("affinity", Shape.of("window cell cell", sequences, n, n));
        Shape featureShape = Shape.of("patch embedding", sequences * n, config.embedding());
        List<WindowFeatures> results = new ArrayList<>();
        for (int i = 0; i < readOuts.size(); i++)
            results.add(new WindowFeatures(out.tensor("patch_feature", featureShape), affinity, h, w));
        try (Workspace scratch = out.scope()) {
            Tensor x = embed(scratch, windows, height, width, positionRule(readOuts));
            trace.stage("embed", x);
            List<Tensor> tensors = Stream.concat(Stream.of(x, affinity), results.stream().map(WindowFeatures::patches)).toList();
            List<Integer> layers = Arrays.stream(plan.layers()).boxed().toList();
            Consumer<Workspace> blocks = own -> blocks(own, x, sequences, readOuts, plan, results, trace);
            if (trace == Trace.NONE) ops.repeat(new WindowPass(this, sequences, h, w, readOuts, layers, plan.heads()), tensors, scratch, blocks);
            else blocks.accept(scratch);
        }
        for (WindowFeatures result : results) trace.stage("patch_feature", result.patches);
        trace.stage("affinity", affinity);
        return List.copyOf(results);
    }

    /** What the blocks of a pass over windows depend on beside its tensors. */
    private record WindowPass(VisionTower tower, int sequences, int h, int w, List<ReadOutSettings> readOuts, List<Integer> affinityLayers, Heads heads) {
    }

    /** All blocks and the read-outs: from the tokens x (S*N, D), which are changed, to {@code results}. */
    private void blocks(Workspace scratch, Tensor x, int sequences, List<ReadOutSettings> readOuts, AffinityPlan plan, List<WindowFeatures> results, Trace trace) {
        int tokens = x.rows() / sequences, last = config.layers() - 1;
        Tensor map = scratch.tensor("attention", Shape.of("window token token", sequences, tokens, tokens));
        ops.fill(map, 0);
        List<SecondStream> streams = new ArrayList<>();
        for (ReadOutSettings readOut : readOuts) streams.add(new SecondStream(readOut, secondStream(scratch, x, readOut)));
        Transformer.Scratch s = Transformer.Scratch.take(scratch, x.rows(), config.width(), config.mlpWidth());
        for (int layer = 0; layer < last; layer++) {
            for (SecondStream stream : streams)
                if (stream.tokens != null) gemStep(scratch, stream.tokens, x, layer, stream.readOut, s, sequences);
            if (trace.wantsClassAttention()) showClassAttention(scratch, x, layer, s, sequences, trace);
            block(x, layer, s, sequences, plan.keeps(layer) ? map : null, plan.heads());
            trace.stage(Trace.block(layer), x);
        }
        if (trace.wantsClassAttention()) showClassAttention(scratch, x, last, s, sequences, trace);
        if (plan.keeps(last)) plainMap(x, last, s, sequences, map, plan.heads());
        for (int i = 0; i < readOuts.size(); i++) {
            try (Workspace own = scratch.scope()) {
                Tensor modified = readOut(own, x, streams.get(i).tokens, readOuts.get(i), s, sequences);        // (S*N, D)
                trace.stage("last_mod", modified);
                projectTokens(own, results.get(i).patches, modified, sequences, 1, tokens - 1);                 // (S*n, E)
            }
        }
        ops.cutClassToken(results.getFirst().affinity, map, 1f / plan.layers().length);                         // (S, n, n)
    }

    /** A read-out on its way through the blocks; {@code tokens} are GEM's own, null for the others. */
    private record SecondStream(ReadOutSettings readOut, Tensor tokens) {
    }

    private static PositionRule positionRule(List<ReadOutSettings> readOuts) {
        PositionRule rule = readOuts.getFirst().method().positionRule();
        for (ReadOutSettings readOut : readOuts)
            if (readOut.method().positionRule() != rule)
                throw new IllegalArgumentException(
                    readOut.method() + " and " + readOuts.getFirst().method() + " begin with different positions and cannot share a pass");
        return rule;
    }

    /**
     * Unit-length class features (S, E) of crops, each resized to {@code height} x {@code width}: the unmodified path. Of the last block only the class
     * token's row is computed.
     */
    public Tensor classFeatures(Workspace out, List<View> crops, int height, int width, PositionRule rule) {
        int sequences = crops.size();
        Tensor features = out.tensor("cls_feature", Shape.of("crop embedding", sequences, config.embedding()));
        try (Workspace scratch = out.scope()) {
            Tensor x = embed(scratch, crops, height, width, rule);
            ops.repeat(new ClassPass(this, sequences, height, width), List.of(x, features), scratch, own -> classFeature(own, x, sequences, features));
        }
        return features;
    }

    /** What the blocks of a pass over crops depend on beside its tensors. */
    private record ClassPass(VisionTower tower, int sequences, int height, int width) {
    }

    /** All blocks, of the last one the class token's row: from the tokens x (S*N, D), which are changed, to features (S, E). */
    private void classFeature(Workspace scratch, Tensor x, int sequences, Tensor features) {
        Transformer.Scratch s = Transformer.Scratch.take(scratch, x.rows(), config.width(), config.mlpWidth());
        for (int layer = 0; layer < config.layers() - 1; layer++) block(x, layer, s, sequences, null, Heads.MEAN);
        BlockWeights last = weights.blocks().getLast();
        transformer.project(x, last, s);
        transformer.attend(s, sequences, Scores.QK, null, Heads.MEAN);
        Shape row = Shape.of("crop width", sequences, config.width());
        Tensor cls = scratch.tensor("cls", row), context = scratch.activation("cls_context", row);
        ops.takeTokens(cls, x, sequences, 0, 1);
        ops.takeTokens(context, s.context(), sequences, 0, 1);
        ops.linearAdd(cls, context, last.outProj());                                        // (S, D)
        transformer.mlp(cls, last, scratch.activation("cls_normed", row), scratch.activation("cls_hidden", Shape.of("crop mlp", sequences, config.mlpWidth())));
        projectTokens(scratch, features, cls, sequences, 0, 1);                             // (S, E)
    }

    /** Tokens entering block 0, (S*N, D): patch embedding, class token, position, first layer norm. */
    public Tensor embed(Workspace out, List<View> views, int height, int width, PositionRule rule) {
        int h = height / config.patch(), w = width / config.patch(), rows = views.size() * h * w;
        Tensor x = out.tensor("tokens", Shape.of("token width", views.size() * (h * w + 1), config.width()));
        try (Workspace scratch = out.scope()) {
            Tensor pixels = scratch.activation("patches", Shape.of("patch pixel", rows, 3 * config.patch() * config.patch()));
            Tensor patches = scratch.tensor("patch_embedding", Shape.of("patch width", rows, config.width()));
            cut(pixels, views, height, width);
            ops.linear(patches, pixels, weights.patch(), Activation.NONE);
            ops.embedPatches(x, patches, weights.cls(), position(scratch, h, w, rule));
        }
        ops.layerNorm(x, x, weights.pre(), config.eps());
        return x;
    }

    /** The position table at a grid, (1 + h*w, D): kept by the backend for the first few grids, brought in anew for more. */
    private Tensor position(Workspace scratch, int h, int w, PositionRule rule) {
        Shape shape = Shape.of("token width", h * w + 1, config.width());
        Grid grid = new Grid(h, w, rule);
        Tensor kept = positions.get(grid);
        if (kept != null) return kept;
        float[] values = weights.position().at(h, w, rule);
        if (positions.size() < POSITIONS_KEPT) {
            kept = ops.resident(Tensor.of("position", shape, values));
            positions.put(grid, kept);
            return kept;
        }
        Tensor position = scratch.tensor("position", shape);
        ops.upload(position, values);
        return position;
    }

    private record Grid(int h, int w, PositionRule rule) {
    }

    /** Patches (S*n, 3*p*p) of all views, in one operation for each run of views of one picture. */
    private void cut(Tensor pixels, List<View> views, int height, int width) {
        int n = pixels.rows() / views.size();
        for (int from = 0, to; from < views.size(); from = to) {
            Tensor picture = views.get(from).picture();
            for (to = from + 1; to < views.size() && views.get(to).picture() == picture; ) to++;
            List<Region> regions = views.subList(from, to).stream().map(View::region).toList();
            Tensor part = pixels.slice(pixels.name(), Shape.of("patch pixel", (to - from) * n, pixels.cols()), from * n);
            ops.patches(part, picture, regions, height, width, config.patch(), normalization);
        }
    }

    /** One plain block in place, x (S*N, D); a map (S, N, N), if given, gains its attention. For tests and studies; {@link #windows} runs them all. */
    public void block(Workspace workspace, Tensor x, int layer, int sequences, Tensor map, Heads kept) {
        try (Workspace scratch = workspace.scope()) {
            block(x, layer, Transformer.Scratch.take(scratch, x.rows(), config.width(), config.mlpWidth()), sequences, map, kept);
        }
    }

    private void block(Tensor x, int layer, Transformer.Scratch s, int sequences, Tensor map, Heads kept) {
        transformer.block(x, weights.blocks().get(layer), s, sequences, Scores.QK, map, kept);
    }

    /**
     * The modified stream after the last block, (S*N, D), from the plain stream x before it, which stays as it is. For {@link ReadOut#GEM},
     * {@code second} is the second stream before the last block and is changed in place.
     */
    public Tensor readOut(Workspace out, Tensor x, Tensor second, ReadOutSettings readOut, int sequences) {
        return readOut(out, x, second, readOut, Transformer.Scratch.take(out, x.rows(), config.width(), config.mlpWidth()), sequences);
    }

    private Tensor readOut(Workspace out, Tensor x, Tensor second, ReadOutSettings readOut, Transformer.Scratch s, int sequences) {
        if (readOut.method() == ReadOut.GEM) {
            gemStep(out, second, x, config.layers() - 1, readOut, s, sequences);
            return second;
        }
        BlockWeights w = weights.blocks().getLast();
        transformer.project(x, w, s);
        transformer.attend(s, sequences, readOut.method().scores(), null, Heads.MEAN);
        Tensor y = out.tensor("modified", x.shape());
        if (readOut.form().residual(readOut.method())) {
            ops.takeTokens(y, x, sequences, 0, x.rows() / sequences);
            ops.linearAdd(y, s.context(), w.outProj());
        } else {
            ops.linear(y, s.context(), w.outProj(), Activation.NONE);
        }
        if (readOut.form().mlp(readOut.method())) transformer.mlp(y, w, s.normed(), s.hidden());
        return y;
    }

    /** One step of GEM's second stream beside block {@code layer}, from the plain stream x on entry to it; nothing before the first of its blocks. */
    public void gemStep(Workspace workspace, Tensor second, Tensor x, int layer, ReadOutSettings readOut, int sequences) {
        try (Workspace scratch = workspace.scope()) {
            gemStep(scratch, second, x, layer, readOut, Transformer.Scratch.take(scratch, x.rows(), config.width(), config.mlpWidth()), sequences);
        }
    }

    private void gemStep(Workspace workspace, Tensor second, Tensor x, int layer, ReadOutSettings readOut, Transformer.Scratch s, int sequences) {
        int first = config.layers() - readOut.gemBlocks();
        if (layer < first) return;
        if (layer == first) ops.takeTokens(second, x, sequences, 0, x.rows() / sequences);
        try (Workspace scratch = workspace.scope()) {
            BlockWeights w = weights.blocks().get(layer);
            transformer.project(x, w, s);
            transformer.selfSelf(second, w, s, sequences, scratch.tensor("tau", Shape.of("window", sequences)));
        }
    }

    private Tensor secondStream(Workspace scratch, Tensor x, ReadOutSettings readOut) {
        if (readOut.method() != ReadOut.GEM) return null;
        int wanted = readOut.gemBlocks() + 1;
        if (config.layers() < wanted)
            throw new UsageException("GEM needs a vision tower of at least " + wanted + " blocks, this one has " + config.layers() + ": choose another method");
        return scratch.tensor("second_stream", x.shape());
    }

    /** Adds the plain attention of a block to a map, from the stream x on entry to it, which stays as it is. */
    private void plainMap(Tensor x, int layer, Transformer.Scratch s, int sequences, Tensor map, Heads heads) {
        transformer.project(x, weights.blocks().get(layer), s);
        transformer.attend(s, sequences, Scores.QK, map, heads);
    }

    /** A map of its own, so that the affinity's sums stay as they are to the last bit. */
    private void showClassAttention(Workspace workspace, Tensor x, int layer, Transformer.Scratch s, int sequences, Trace trace) {
        int tokens = x.rows() / sequences;
        try (Workspace scratch = workspace.scope()) {
            Tensor map = scratch.tensor("attention", Shape.of("window token token", sequences, tokens, tokens));
            Tensor row = scratch.tensor("cls_attention", Shape.of("window token", sequences, tokens));
            ops.fill(map, 0);
            plainMap(x, layer, s, sequences, map, Heads.MEAN);
            ops.takeTokens(row, map, sequences, 0, 1);
            trace.stage(Trace.classAttention(layer), row);
        }
    }

    /** Unit-length features (S*count, E) of {@code count} tokens of each sequence from token {@code first} on; y (S*N, D) is the stream after the last block. */
    public Tensor project(Workspace out, Tensor y, int sequences, int first, int count) {
        Tensor features = out.tensor("feature", Shape.of("token embedding", sequences * count, config.embedding()));
        try (Workspace scratch = out.scope()) {
            projectTokens(scratch, features, y, sequences, first, count);
        }
        return features;
    }

    private void projectTokens(Workspace scratch, Tensor features, Tensor y, int sequences, int first, int count) {
        Shape shape = Shape.of("token width", sequences * count, config.width());
        Tensor tokens = scratch.tensor("final", shape), normed = scratch.activation("final_normed", shape);
        ops.takeTokens(tokens, y, sequences, first, count);                                 // (S*count, D)
        ops.layerNorm(normed, tokens, weights.post(), config.eps());
        ops.linear(features, normed, weights.projection(), Activation.NONE);                // (S*count, E)
        ops.normalizeRows(features);
    }
}
