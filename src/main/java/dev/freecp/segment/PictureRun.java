package dev.freecp.segment;

import dev.freecp.clip.AffinityPlan;
import dev.freecp.clip.Clip;
import dev.freecp.clip.Trace;
import dev.freecp.clip.VisionConfig;
import dev.freecp.clip.VisionTower;
import dev.freecp.error.UsageException;
import dev.freecp.image.LabelMap;
import dev.freecp.image.Picture;
import dev.freecp.image.Windows;
import dev.freecp.ops.Heads;
import dev.freecp.ops.LabelRule;
import dev.freecp.ops.Mosaic;
import dev.freecp.ops.Ops;
import dev.freecp.ops.Region;
import dev.freecp.ops.Workspace;
import dev.freecp.purify.ClassMaps;
import dev.freecp.purify.CropLook;
import dev.freecp.purify.Purifier;
import dev.freecp.purify.PurifySettings;
import dev.freecp.purify.Refinement;
import dev.freecp.purify.Step;
import dev.freecp.purify.WindowReport;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** One picture's way (design, section 2). S windows, Q words, n = h*w cells. */
final class PictureRun {
    private final Ops ops;
    private final Clip clip;
    private final long batchBytes;
    private final Picture picture;
    private final WordFeatures words;
    private final SegmentSettings settings;
    private final Trace trace;
    private final Workspace workspace;
    private final VisionTower tower;
    private final int patch;
    private final Timings timings = new Timings();
    private final Picture resized;
    private final List<Region> windows;
    private final Region window;

    PictureRun(Ops ops, Clip clip, long batchBytes, Picture picture, WordFeatures words, SegmentSettings settings, Trace trace, Workspace workspace) {
        this.ops = ops;
        this.clip = clip;
        this.batchBytes = batchBytes;
        this.tower = clip.vision();
        this.patch = tower.config().patch();
        this.picture = picture;
        this.words = words;
        this.settings = settings;
        this.trace = trace;
        this.workspace = workspace;
        this.resized = settings.resize().apply(picture, patch);
        this.windows = Windows.of(resized.height(), resized.width(), settings.crop(), settings.stride(), patch);
        this.window = windows.getFirst();
        timings.mark("resize");
    }

    Segmentation segment() {
        Vocabulary vocabulary = words.vocabulary();
        ClassMaps maps = ClassMaps.take(workspace, settings.purify(), windows.size(), vocabulary.words().size(), vocabulary.backgroundWords(),
            window.height() / patch, window.width() / patch);
        Tensor pixels = ops.picture(workspace, resized.pixels());
        Tensor queries = matrix("queries", words.queries());
        int batch = batch(window.height(), window.width());
        for (int from = 0; from < windows.size(); from += batch) {
            int count = Math.min(batch, windows.size() - from);
            see(maps.part(from, count), pixels, queries, windows.subList(from, from + count));
        }
        List<WindowReport> reports = Purifier.purify(ops, workspace, maps, settings.purify(), closerLook(pixels), trace);
        timings.mark("purify");
        return assemble(maps, reports);
    }

    /** Tower, class maps and refinement of one batch of windows. */
    private void see(ClassMaps maps, Tensor pixels, Tensor queries, List<Region> batch) {
        try (Workspace scratch = workspace.scope()) {
            VisionTower.WindowFeatures seen = tower.windows(scratch, pixels, batch, settings.readOut(), affinityPlan(), trace);
            timings.mark("tower");
            Tensor logits = scratch.tensor("pixel_logits", Shape.of("patch query", seen.patches().rows(), queries.rows()));
            ops.similarity(logits, seen.patches(), queries, clip.logitScale());
            trace.stage("pixel_logits", logits);
            maps.activate(ops, logits, clip.logitScale(), settings.purify().activation());
            trace.stage("softmax", maps.softmax());
            trace.stage("cam", maps.activation());
            if (settings.purify().steps().contains(Step.REFINE)) Refinement.refine(ops, scratch, maps, seen.affinity(), settings.purify(), trace);
            else maps.copy(ops, maps.refined(), maps.softmax());
            timings.mark("refine");
        }
    }

    private AffinityPlan affinityPlan() {
        int layers = tower.config().layers();
        boolean paper = settings.purify().affinity() == PurifySettings.AffinityRule.MEAN_ATTENTION;
        AffinityPlan released = AffinityPlan.released(settings.readOut().method(), layers);
        int[] chosen = settings.purify().affinityLayers();
        if (chosen == null) chosen = paper ? IntStream.range(0, layers).toArray() : released.layers();
        if (chosen.length == 0) throw new UsageException("no affinity layer is chosen; layers are 0 to " + (layers - 1));
        for (int layer : chosen)
            if (layer < 0 || layer >= layers) throw new UsageException("affinity layer " + layer + " is not there; layers are 0 to " + (layers - 1));
        return new AffinityPlan(chosen, paper ? Heads.MEAN : released.heads());
    }

    private CropLook closerLook(Tensor pixels) {
        PurifySettings.CropSource source = settings.purify().cropSource();
        Tensor cut = source == PurifySettings.CropSource.PICTURE ? ops.picture(workspace, picture.pixels()) : pixels;
        CropPlaces places = new CropPlaces(source, cut, picture, resized, windows, patch);
        return new CropLook(ops, workspace, tower, settings.readOut().method().positionRule(), places, matrix("details", words.details()),
            words.vocabulary().backgroundWords(), clip.logitScale(), batch(CropLook.SIZE, CropLook.SIZE));
    }

    private Segmentation assemble(ClassMaps maps, List<WindowReport> reports) {
        int backgroundMaps = maps.backgroundMaps();
        int[][] alive = new int[reports.size()][];
        for (int s = 0; s < alive.length; s++) {
            IntStream kept = Arrays.stream(reports.get(s).kept()).map(word -> backgroundMaps + word);
            alive[s] = IntStream.concat(IntStream.range(0, backgroundMaps), kept).toArray();
        }
        LabelRule rule = backgroundMaps > 0 ? words.vocabulary().bestWordRule() : words.vocabulary().labelRule();
        Tensor labels = Ops.labelTensor(picture.height(), picture.width());
        Tensor confidence = Tensor.allocate(Arena.ofAuto(), "confidence", labels.shape(), DType.F32, picture.width());
        ops.assemble(labels, confidence, null, maps.refined(), alive, mosaic(maps), rule);
        int[] flat = new int[picture.height() * picture.width()];
        for (int y = 0; y < picture.height(); y++) for (int x = 0; x < picture.width(); x++) flat[y * picture.width() + x] = labels.getInt(y, x);
        timings.mark("labels");
        LabelMap map = new LabelMap(picture.height(), picture.width(), flat);
        return new Segmentation(map, confidence.toFloats(), words.vocabulary(), windows, reports, timings.seconds());
    }

    /** Without windows, maps go straight to the picture's size (specification, section 2). */
    private Mosaic mosaic(ClassMaps maps) {
        int height = picture.height(), width = picture.width();
        if (settings.crop() == 0) {
            List<Region> whole = List.of(new Region(0, 0, height, width));
            return new Mosaic(height, width, whole, maps.gridHeight(), maps.gridWidth(), height, width);
        }
        return new Mosaic(resized.height(), resized.width(), windows, maps.gridHeight(), maps.gridWidth(), height, width);
    }

    private Tensor matrix(String name, float[] values) {
        Tensor tensor = workspace.tensor(name, Shape.of("query embedding", values.length / words.embedding(), words.embedding()));
        ops.upload(tensor, values);
        return tensor;
    }

    /**
     * Windows of this size that the budget holds at once. For each token eight rows as wide as the stream (itself, normed, q, k, v, context, the
     * modified or second stream, final), the MLP's, its feature, its logits and masked maps; then the attention, the affinity and the transition
     * matrix.
     */
    private int batch(int height, int width) {
        VisionConfig c = tower.config();
        long tokens = (long) (height / patch) * (width / patch) + 1;
        long floats = tokens * (8L * c.width() + c.mlpWidth() + c.embedding() + 3L * words.vocabulary().words().size() + 3 * tokens);
        return Math.clamp(batchBytes / (floats * Float.BYTES), 1, Integer.MAX_VALUE);
    }
}
