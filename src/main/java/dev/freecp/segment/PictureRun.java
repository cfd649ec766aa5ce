package dev.freecp.segment;

import dev.freecp.clip.Clip;
import dev.freecp.clip.Trace;
import dev.freecp.clip.VisionTower;
import dev.freecp.image.LabelMap;
import dev.freecp.image.Picture;
import dev.freecp.ops.LabelRule;
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
import java.util.Map;
import java.util.stream.IntStream;

/** One picture's way from the tower's features to labels (design, section 2). S windows, Q words, n = h*w cells. */
final class PictureRun {
    private final Ops ops;
    private final Clip clip;
    private final PictureWindows windows;
    private final WordFeatures words;
    private final SegmentSettings settings;
    private final Trace trace;
    private final Workspace workspace;
    private final Timings timings;

    /** @param timings those of the stages so far */
    PictureRun(Ops ops, Clip clip, PictureWindows windows, WordFeatures words, SegmentSettings settings, Trace trace, Workspace workspace, Timings timings) {
        this.ops = ops;
        this.clip = clip;
        this.windows = windows;
        this.words = words;
        this.settings = settings;
        this.trace = trace;
        this.workspace = workspace;
        this.timings = timings;
    }

    /**
     * @param source of the windows' features
     * @param looks  class features of crops that are known already; those of new ones are added
     */
    Segmentation segment(PictureWindows.Source source, Map<Region, float[]> looks) {
        Vocabulary vocabulary = words.vocabulary();
        ClassMaps maps = ClassMaps.take(workspace, settings.purify(), windows.windows().size(), vocabulary.words().size(), vocabulary.backgroundWords(),
            windows.gridHeight(), windows.gridWidth());
        Tensor queries = matrix("queries", words.queries());
        source.each((scratch, from, seen) -> see(scratch, maps.part(from, seen.affinity().shape().dim(0)), seen, queries));
        List<WindowReport> reports = Purifier.purify(ops, workspace, maps, settings.purify(), closerLook(looks), trace);
        trace.stage("purified", maps.refined());
        timings.mark("purify");
        return assemble(maps, reports);
    }

    /** Class maps and refinement of one batch of windows. */
    private void see(Workspace scratch, ClassMaps maps, VisionTower.WindowFeatures seen, Tensor queries) {
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

    private CropLook closerLook(Map<Region, float[]> looks) {
        PurifySettings.CropSource source = settings.purify().cropSource();
        return new CropLook(ops, workspace, clip.vision(), settings.readOut().method().positionRule(), windows.crops(workspace, source), matrix("details", words.details()),
            words.vocabulary().backgroundWords(), clip.logitScale(), windows.batch(CropLook.SIZE, CropLook.SIZE, words.vocabulary().words().size()), looks);
    }

    private Segmentation assemble(ClassMaps maps, List<WindowReport> reports) {
        Picture picture = windows.picture();
        int backgroundMaps = maps.backgroundMaps();
        int[][] alive = new int[reports.size()][];
        for (int s = 0; s < alive.length; s++) {
            IntStream kept = Arrays.stream(reports.get(s).kept()).map(word -> backgroundMaps + word);
            alive[s] = IntStream.concat(IntStream.range(0, backgroundMaps), kept).toArray();
        }
        LabelRule rule = backgroundMaps > 0 ? words.vocabulary().bestWordRule() : words.vocabulary().labelRule();
        Tensor labels = Ops.labelTensor(picture.height(), picture.width());
        Tensor confidence = Tensor.allocate(Arena.ofAuto(), "confidence", labels.shape(), DType.F32, picture.width());
        ops.assemble(labels, confidence, null, maps.refined(), alive, windows.mosaic(), rule);
        int[] flat = new int[picture.height() * picture.width()];
        for (int y = 0; y < picture.height(); y++) for (int x = 0; x < picture.width(); x++) flat[y * picture.width() + x] = labels.getInt(y, x);
        timings.mark("labels");
        LabelMap map = new LabelMap(picture.height(), picture.width(), flat);
        return new Segmentation(map, confidence.toFloats(), words.vocabulary(), windows.windows(), reports, timings.seconds());
    }

    private Tensor matrix(String name, float[] values) {
        Tensor tensor = workspace.tensor(name, Shape.of("query embedding", values.length / words.embedding(), words.embedding()));
        ops.upload(tensor, values);
        return tensor;
    }
}
