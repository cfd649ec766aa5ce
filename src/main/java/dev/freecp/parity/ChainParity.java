package dev.freecp.parity;

import dev.freecp.ops.Box;
import dev.freecp.ops.LabelRule;
import dev.freecp.parity.Check.Mode;
import dev.freecp.purify.WindowReport;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Compares one window of the whole chain with the golden, in the order of the algorithm, so that a decision that flipped stands before what follows
 * from it.
 */
final class ChainParity {

    private final MapStages stages;
    private final GoldenWindow window;
    private final GoldenTensors gold;
    private final Frame frame;
    private final Checks checks;
    private final WindowRun run;

    ChainParity(MapStages stages, GoldenWindow window, WindowRun run, Checks checks) {
        this.stages = stages;
        this.window = window;
        this.gold = window.tensors();
        this.frame = window.frame();
        this.run = run;
        this.checks = checks;
    }

    void check(CropSource source) {
        tensors(Stage.EMBED, Stage.TRANS_SQ);
        window.checkBoxes(stages, checks, Mode.CHAIN, frame.classesOf(run.value(Stage.CAM)));
        tensors(Stage.REFINED_RAW, Stage.REFINED_RAW);
        if (gold.has("refined")) nearRefined();
        redundancy();
        ambiguity(source);
        for (String name : List.of("ap_kept", "kept"))
            if (window.json().has(name)) checks.equal(Stage.KEPT, name, Mode.CHAIN, window.json().get(name).integers(), Decisions.list(run.report().kept()));
        if (gold.has("window_logits")) windowLogits();
    }

    /** All tensors of the stages from {@code first} to {@code last} that both sides have. */
    private void tensors(Stage first, Stage last) {
        Stream<String> names = gold.names().stream().filter(name -> run.values().containsKey(name) && Stage.ofTensor(name) != null)
            .filter(name -> Stage.ofTensor(name).compareTo(first) >= 0 && Stage.ofTensor(name).compareTo(last) <= 0)
            .sorted(Comparator.comparing(Stage::ofTensor).thenComparing(Comparator.naturalOrder()));
        names.forEach(name -> checks.near(Stage.ofTensor(name), name, Mode.CHAIN, gold.floats(name), run.values().get(name)));
    }

    private void nearRefined() {
        float[] raw = gold.has("refined_raw") ? checks.input(Stage.REFINED_RAW, gold.floats("refined_raw")) : run.value(Stage.REFINED_RAW);
        float[] ours = frame.withBackground(run.value(Stage.REFINED));
        checks.near(Stage.REFINED, "refined", Mode.CHAIN, gold.floats("refined"), ours, frame.ranges(raw));
    }

    private void redundancy() {
        WindowReport report = run.report();
        if (gold.has("rp_score")) checks.near(Stage.RP_SCORE, "rp_score", Mode.CHAIN, gold.floats("rp_score"), report.scores());
        if (window.json().has("rp_score")) checks.near(Stage.RP_SCORE, "rp_score (json)", Mode.CHAIN, window.json().get("rp_score").floats(), report.scores());
        checks.equal(Stage.RP_KEPT, "rp_kept", Mode.CHAIN, window.redundancyKept(), Decisions.list(report.redundancyKept()));
    }

    private void ambiguity(CropSource source) {
        if (gold.has("ap_iou")) checks.near(Stage.AP_IOU, "ap_iou", Mode.CHAIN, gold.floats("ap_iou"), run.values().getOrDefault("ap_iou", new float[0]));
        checks.equal(Stage.GROUPS, "groups", Mode.CHAIN, window.groups(), Decisions.groups(run.report()));
        List<WindowReport.Group> ours = Decisions.ties(run.report());
        List<List<Box>> boxes = window.ambiguousBoxes();
        for (int tie = 0; tie < Math.max(ours.size(), boxes.size()); tie++) {
            String fused = "fused%02d".formatted(tie);
            float[] map = run.values().getOrDefault(fused, new float[0]);
            if (gold.has(fused)) nearFused(fused, map, tie < ours.size() ? ours.get(tie).words() : new int[0]);
            List<Box> golden = tie < boxes.size() ? boxes.get(tie).stream().sorted().toList() : List.of();
            checks.equal(Stage.AP_BOXES, "ap_boxes of " + fused, Mode.CHAIN, golden, tie < ours.size() ? ours.get(tie).boxes() : List.of(),
                slack -> window.explains(golden, map, slack));
        }
        if (checks.flipped() || ours.size() != boxes.size()) return;
        List<GoldenWindow.Crop> golden = window.sortedCrops();
        List<WindowReport.Crop> looks = ours.stream().flatMap(tie -> tie.crops().stream()).toList();
        List<float[]> features = source.features(looks.stream().map(WindowReport.Crop::box).toList());
        for (int i = 0; i < Math.min(golden.size(), looks.size()); i++) crop(golden.get(i), looks.get(i), features.get(i), source);
    }

    private void nearFused(String name, float[] map, int[] words) {
        float[] all = frame.ranges(run.value(Stage.REFINED_RAW));
        float narrowest = Float.POSITIVE_INFINITY;
        for (int word : words) narrowest = Math.min(narrowest, all[frame.background() + word]);
        checks.near(Stage.FUSED, name, Mode.CHAIN, gold.floats(name), map, new float[] {narrowest});
    }

    private void crop(GoldenWindow.Crop golden, WindowReport.Crop ours, float[] feature, CropSource source) {
        String name = golden.name();
        if (gold.has(name + ".pixels")) checks.near(Stage.CROP_PIXELS, name + ".pixels", Mode.CHAIN, gold.floats(name + ".pixels"), source.pixels(ours.box()));
        if (gold.has(name + ".cls_feature")) checks.near(Stage.CROP_FEATURE, name + ".cls_feature", Mode.CHAIN, gold.floats(name + ".cls_feature"), feature);
        if (golden.scores() != null) checks.near(Stage.CROP_SCORES, name + ".scores", Mode.CHAIN, golden.scores(), ours.scores());
        checks.equal(Stage.WINNER, name + ".winner", Mode.CHAIN, List.of(golden.winner()), List.of(ours.winner()));
    }

    private void windowLogits() {
        int[] size = gold.shape("window_logits", 3);
        float[] ours = windowLogits(stages, frame, run.value(Stage.REFINED), run.report().kept(), size);
        checks.near(Stage.WINDOW_LOGITS, "window_logits", Mode.CHAIN, gold.floats("window_logits"), ours);
    }

    /** R (C, n) of the classes kept, enlarged to (Q, height, width) as {@code size} says. */
    static float[] windowLogits(MapStages stages, Frame frame, float[] refined, int[] kept, int[] size) {
        return frame.withBackground(stages.assemble(refined, new int[][] {kept}, MapStages.oneWindow(frame.height(), frame.width(), size[1], size[2]),
            LabelRule.Background.NONE).scores());
    }
}
