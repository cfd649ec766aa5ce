package dev.freecp.segment;

import dev.freecp.clip.Trace;
import dev.freecp.clip.View;
import dev.freecp.clip.VisionTower;
import dev.freecp.image.LabelMap;
import dev.freecp.image.Picture;
import dev.freecp.ops.LabelRule;
import dev.freecp.ops.Ops;
import dev.freecp.ops.Workspace;
import dev.freecp.purify.ClassMaps;
import dev.freecp.purify.CropLook;
import dev.freecp.purify.Purifier;
import dev.freecp.purify.Refinement;
import dev.freecp.purify.Step;
import dev.freecp.purify.WindowReport;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The way of some pictures, all windows of one size, from the tower's features to labels (design, section 2). S windows, Q words, n = h*w cells. */
final class GroupRun {
    private final Ops ops;
    private final Lane lane;
    private final Lane.Text text;
    private final PictureWindows windows;
    private final WordFeatures words;
    private final SegmentSettings settings;
    private final Trace trace;
    private final Workspace workspace;
    private final Timings timings;

    /** @param timings begun before the first thing that is done for these pictures together */
    GroupRun(Lane lane, PictureWindows windows, WordFeatures words, SegmentSettings settings, Trace trace, Workspace workspace, Timings timings) {
        this.ops = lane.ops();
        this.lane = lane;
        this.text = lane.text(words);
        this.windows = windows;
        this.words = words;
        this.settings = settings;
        this.trace = trace;
        this.workspace = workspace;
        this.timings = timings;
    }

    /**
     * @param source of the windows' features
     * @param crops  where crops are cut from
     * @param looks  class features of crops that are known already; those of new ones are added
     * @return one for each picture, with an even share of the time that all of them took
     */
    List<Segmentation> segment(PictureWindows.Source source, CropLook.Source crops, Map<View, float[]> looks) {
        Vocabulary vocabulary = words.vocabulary();
        ClassMaps maps = ClassMaps.take(workspace, settings.purify(), windows.count(), vocabulary.words().size(), vocabulary.backgroundWords(),
            windows.gridHeight(), windows.gridWidth());
        source.each((scratch, from, seen) -> see(scratch, maps.part(from, seen.affinity().shape().dim(0)), seen));
        List<WindowReport> reports = Purifier.purify(ops, workspace, maps, settings.purify(), closerLook(crops, looks), trace);
        trace.stage("purified", maps.refined());
        timings.mark("purify");
        List<Segmentation> results = new ArrayList<>();
        int first = 0;
        for (CutPicture picture : windows.pictures()) {
            int count = picture.windows().size();
            results.add(assemble(picture, maps.part(first, count), reports.subList(first, first + count)));
            first += count;
        }
        timings.mark("labels");
        Map<String, Double> share = timings.share(results.size());
        return results.stream().map(result -> result.after(share)).toList();
    }

    /** Class maps and refinement of one batch of windows. */
    private void see(Workspace scratch, ClassMaps maps, VisionTower.WindowFeatures seen) {
        timings.mark("tower");
        Tensor logits = scratch.tensor("pixel_logits", Shape.of("patch query", seen.patches().rows(), text.queries().rows()));
        ops.similarity(logits, seen.patches(), text.queries(), lane.logitScale());
        trace.stage("pixel_logits", logits);
        maps.activate(ops, logits, lane.logitScale(), settings.purify().activation());
        trace.stage("softmax", maps.softmax());
        trace.stage("cam", maps.activation());
        if (settings.purify().steps().contains(Step.REFINE)) Refinement.refine(ops, scratch, maps, seen.affinity(), settings.purify(), trace);
        else maps.copy(ops, maps.refined(), maps.softmax());
        timings.mark("refine");
    }

    private CropLook closerLook(CropLook.Source crops, Map<View, float[]> looks) {
        return new CropLook(ops, workspace, lane.tower(), settings.readOut().method().positionRule(), crops, text.details(),
            words.vocabulary().backgroundWords(), lane.logitScale(), windows.cropBatch(words.vocabulary().words().size()), looks);
    }

    /**
     * @param maps    of this picture's windows alone
     * @param reports likewise
     */
    private Segmentation assemble(CutPicture cut, ClassMaps maps, List<WindowReport> reports) {
        Picture picture = cut.picture();
        int backgroundMaps = maps.backgroundMaps();
        int[][] alive = new int[reports.size()][];
        for (int s = 0; s < alive.length; s++) {
            IntStream kept = Arrays.stream(reports.get(s).kept()).map(word -> backgroundMaps + word);
            alive[s] = IntStream.concat(IntStream.range(0, backgroundMaps), kept).toArray();
        }
        LabelRule rule = backgroundMaps > 0 ? words.vocabulary().bestWordRule() : words.vocabulary().labelRule();
        Tensor labels = Ops.labelTensor(picture.height(), picture.width());
        Tensor confidence = Tensor.allocate(Arena.ofAuto(), "confidence", labels.shape(), DType.F32, picture.width());
        ops.assemble(labels, confidence, null, maps.refined(), alive, cut.mosaic(), rule);
        LabelMap map = new LabelMap(picture.height(), picture.width(), labels.toInts());
        return new Segmentation(map, confidence.toFloats(), words.vocabulary(), cut.windows(), List.copyOf(reports), Map.of());
    }
}
