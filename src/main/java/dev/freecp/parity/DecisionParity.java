package dev.freecp.parity;

import dev.freecp.ops.Box;
import dev.freecp.parity.Check.Mode;
import dev.freecp.purify.CropScorer;
import dev.freecp.purify.WindowReport;
import java.util.Arrays;
import java.util.List;

/** Sections 7 and 8 for one window, each stage from the golden's own input. */
final class DecisionParity {

    private final MapStages stages;
    private final GoldenWindow window;
    private final GoldenTensors gold;
    private final Frame frame;
    private final Checks checks;

    DecisionParity(MapStages stages, GoldenWindow window, Checks checks) {
        this.stages = stages;
        this.window = window;
        this.gold = window.tensors();
        this.frame = window.frame();
        this.checks = checks;
    }

    /** @param softmax p (Q, n) as the golden has it or as follows at once from it; null if it cannot be had */
    void check(float[] softmax, CropSource source) {
        if (gold.has("refined") && softmax != null) survivors(softmax);
        groups();
        List<List<Integer>> ties = window.ties();
        for (int tie = 0; tie < ties.size(); tie++) fused(tie, ties.get(tie));
        crops(source);
    }

    /** Both purifications from p, R and the golden's scores of the crops. */
    private void survivors(float[] softmax) {
        WindowReport report = stages.purify(frame, softmax, window.refinedInput(checks), scripted());
        checks.equal(Stage.RP_KEPT, "rp_kept", Mode.ISOLATED, window.redundancyKept(), Decisions.list(report.redundancyKept()));
        List<Integer> winners = window.sortedCrops().stream().map(GoldenWindow.Crop::winner).toList();
        List<Integer> ours = Decisions.ties(report).stream().flatMap(tie -> tie.crops().stream()).map(WindowReport.Crop::winner).toList();
        checks.equal(Stage.WINNER, "winner", Mode.ISOLATED, winners, ours);
        for (String name : List.of("ap_kept", "kept"))
            if (window.json().has(name)) checks.equal(Stage.KEPT, name, Mode.ISOLATED, window.json().get(name).integers(), Decisions.list(report.kept()));
    }

    /** A member's score, or one that lets the golden's winner win. */
    private static float score(GoldenWindow.Crop crop, int member) {
        return crop.scores() != null ? crop.scores()[member] : member == crop.winner() ? 1 : 0;
    }

    /** Gives the golden's scores, as long as it is asked about as many crops as the golden has. */
    private CropScorer scripted() {
        return requests -> {
            List<GoldenWindow.Crop> crops = window.sortedCrops();
            float[][] scores = new float[requests.size()][frame.classes()];
            for (int i = 0; i < Math.min(scores.length, crops.size()); i++) {
                Arrays.fill(scores[i], Float.NEGATIVE_INFINITY);
                for (int m = 0; m < crops.get(i).words().size(); m++) scores[i][crops.get(i).words().get(m)] = score(crops.get(i), m);
            }
            return scores;
        };
    }

    private void groups() {
        if (!gold.has("ap_iou")) return;
        if (gold.has("refined")) {
            int[] rows = window.redundancyKept().stream().mapToInt(Integer::intValue).toArray();
            checks.near(Stage.AP_IOU, "ap_iou", Mode.ISOLATED, gold.floats("ap_iou"), stages.softIou(window.refinedInput(checks), frame.cells(), rows));
        }
        checks.equal(Stage.GROUPS, "groups", Mode.ISOLATED, window.groups(), Decisions.groups(gold.floats("ap_iou"), frame.settings().ambiguityThreshold()));
    }

    private void fused(int tie, List<Integer> words) {
        String name = "fused%02d".formatted(tie);
        if (!gold.has(name)) return;
        if (gold.has("refined")) {
            int[] rows = words.stream().mapToInt(Integer::intValue).toArray();
            checks.near(Stage.FUSED, name, Mode.ISOLATED, gold.floats(name), stages.mean(window.refinedInput(checks), frame.cells(), rows));
        }
        List<List<Box>> boxes = window.ambiguousBoxes();
        checks.equal(Stage.AP_BOXES, "ap_boxes of " + name, Mode.ISOLATED, tie < boxes.size() ? boxes.get(tie).stream().sorted().toList() : List.of(),
            stages.boxes(gold.floats(name), frame.height(), frame.width()).getFirst());
    }

    private void crops(CropSource source) {
        List<GoldenWindow.Crop> crops = window.crops().stream().filter(crop -> gold.has(crop.name() + ".pixels") || gold.has(crop.name() + ".cls_feature")).toList();
        List<float[]> features = source.features(crops.stream().map(GoldenWindow.Crop::box).toList());
        for (GoldenWindow.Crop crop : crops) {
            String pixels = crop.name() + ".pixels", feature = crop.name() + ".cls_feature";
            if (gold.has(pixels)) checks.near(Stage.CROP_PIXELS, pixels, Mode.ISOLATED, gold.floats(pixels), source.pixels(crop.box()));
            if (!gold.has(feature)) continue;
            checks.near(Stage.CROP_FEATURE, feature, Mode.ISOLATED, gold.floats(feature), features.get(crops.indexOf(crop)));
            float[] all = source.scores(stages, gold.floats(feature));
            if (crop.scores() != null) checks.near(Stage.CROP_SCORES, crop.name() + ".scores", Mode.ISOLATED, crop.scores(), scoresOf(crop, all));
        }
    }

    /** Of the scores of all query words those of a crop's group. */
    private float[] scoresOf(GoldenWindow.Crop crop, float[] all) {
        float[] scores = new float[crop.words().size()];
        for (int m = 0; m < scores.length; m++) scores[m] = all[frame.background() + crop.words().get(m)];
        return scores;
    }
}
