package dev.freecp.parity;

import dev.freecp.parity.Check.Mode;
import java.util.List;

/**
 * Sections 5 and 6 and the scores of section 7 for one window, each stage from the golden's own input. Stages whose input the golden does not hold
 * are left to the whole chain.
 */
final class MapsParity {

    private final MapStages stages;
    private final GoldenWindow window;
    private final GoldenTensors gold;
    private final Frame frame;
    private final Checks checks;
    private final float[] logits;
    private final float[] affinity;

    /**
     * @param logits   Z (n, Q) as the golden has it or as follows at once from it, or null
     * @param affinity A (n, n), likewise
     */
    MapsParity(MapStages stages, GoldenWindow window, Checks checks, float[] logits, float[] affinity) {
        this.stages = stages;
        this.window = window;
        this.gold = window.tensors();
        this.frame = window.frame();
        this.checks = checks;
        this.logits = logits;
        this.affinity = affinity;
    }

    void check() {
        float[] softmax = gold.has("softmax") ? gold.floats("softmax") : null;
        if (logits != null) {
            List<float[]> maps = stages.classMaps(frame, logits);
            near(Stage.SOFTMAX, maps.getFirst());
            near(Stage.CAM, maps.getLast());
            if (softmax == null) softmax = maps.getFirst();
        }
        if (affinity != null) near(Stage.TRANS, stages.transition(affinity, frame.cells()));
        if (gold.has("trans", "trans_sq")) near(Stage.TRANS_SQ, stages.square(gold.floats("trans"), frame.cells()));
        if (gold.has("cam")) {
            float[] cam = checks.input(Stage.CAM, gold.floats("cam"));
            window.checkBoxes(stages, checks, Mode.ISOLATED, frame.classesOf(cam));
            refine(cam);
        }
        if (gold.has("refined") && softmax != null) near(Stage.RP_SCORE, stages.scores(frame, softmax, window.refinedInput(checks)));
    }

    private void refine(float[] cam) {
        MapStages.Refined refined = affinity == null ? null : stages.refine(frame, affinity, cam);
        if (refined != null) near(Stage.REFINED_RAW, refined.raw());
        else if (gold.has("trans")) near(Stage.REFINED_RAW, stages.propagateTwice(frame, gold.floats("trans"), cam));
        if (!gold.has("refined")) return;
        float[] raw = gold.has("refined_raw") ? checks.input(Stage.REFINED_RAW, gold.floats("refined_raw")) : refined == null ? null : refined.raw();
        if (raw == null) return;
        float[] ours = frame.withBackground(stages.rescale(frame, raw));
        checks.near(Stage.REFINED, "refined", Mode.ISOLATED, gold.floats("refined"), ours, frame.ranges(raw));
    }

    private void near(Stage stage, float[] ours) {
        if (gold.has(stage.label())) checks.near(stage, stage.label(), Mode.ISOLATED, gold.floats(stage.label()), ours);
    }
}
