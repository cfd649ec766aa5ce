package dev.freecp.parity;

import dev.freecp.image.Picture;
import dev.freecp.ops.Region;
import dev.freecp.parity.Check.Mode;
import dev.freecp.segment.WordFeatures;
import java.util.ArrayList;
import java.util.List;

/** Sections 3 and 5 up to the logits for one window: the tower's stages, each from the golden's own input. */
final class TowerParity {

    private final TowerStages tower;
    private final MapStages stages;
    private final GoldenTensors gold;
    private final Frame frame;
    private final Checks checks;
    private final WordFeatures words;
    private final float logitScale;

    TowerParity(TowerStages tower, MapStages stages, GoldenWindow window, Checks checks, WordFeatures words, float logitScale) {
        this.tower = tower;
        this.stages = stages;
        this.gold = window.tensors();
        this.frame = window.frame();
        this.checks = checks;
        this.words = words;
        this.logitScale = logitScale;
    }

    /** The golden's name of the stream after a block, on entry to block 0 for -1. */
    static String block(int layer) {
        return layer < 0 ? Stage.EMBED.label() : "%s%02d".formatted(Stage.BLOCK.label(), layer);
    }

    /** Adds to a run of the chain what the engine leaves out because no label needs it: attention of single blocks and the plain path of the last. */
    void complete(WindowRun run, Picture picture, Region window) {
        int last = tower.layers() - 1;
        if (gold.has("attn")) run.values().put("attn", join(tower.block(run.values().get(block(-1)), 0).attention(),
            tower.block(run.values().get(block(last - 2)), last - 1).attention()));
        if (gold.has("last_ori")) run.values().put("last_ori", tower.block(run.values().get(block(last - 1)), last).stream());
        if (gold.has("cls_feature") || gold.has("class_logits")) {
            float[] feature = tower.classFeatures(picture, List.of(window), window.height(), window.width());
            run.values().put("cls_feature", feature);
            run.values().put("class_logits", similarity(feature));
        }
        if (gold.has("trans_sq")) run.values().put("trans_sq", stages.square(run.value(Stage.TRANS), frame.cells()));
    }

    /** Z (n, Q) as the golden has it or as follows from its patch features; null if it has neither. */
    float[] logits() {
        if (gold.has("pixel_logits")) return gold.floats("pixel_logits");
        return gold.has("patch_feature") ? similarity(gold.floats("patch_feature")) : null;
    }

    void check(Picture resized, Region window) {
        if (gold.has("embed")) near(Stage.EMBED, tower.embed(resized, window));
        blocks();
        lastBlock();
        if (gold.has("last_mod")) near(Stage.PATCH_FEATURE, tower.project(gold.floats("last_mod"), 1, frame.cells()));
        if (gold.has("last_ori")) near(Stage.CLASS_FEATURE, tower.project(gold.floats("last_ori"), 0, 1));
        if (gold.has("patch_feature")) near(Stage.PIXEL_LOGITS, similarity(gold.floats("patch_feature")));
        if (gold.has("cls_feature")) near(Stage.CLASS_LOGITS, similarity(gold.floats("cls_feature")));
    }

    /** Blocks 0 to L-2, their attention, and the mean of it. */
    private void blocks() {
        int count = tower.layers() - 1;
        List<float[]> maps = new ArrayList<>();
        for (int layer = 0; layer < count; layer++) {
            if (!gold.has(block(layer - 1))) continue;
            TowerStages.BlockResult result = tower.block(gold.floats(block(layer - 1)), layer);
            String after = block(layer);
            if (gold.has(after)) checks.near(Stage.BLOCK, after, Mode.ISOLATED, gold.floats(after), result.stream());
            maps.add(result.attention());
        }
        if (maps.size() < count) return;
        near(Stage.ATTENTION, join(maps.getFirst(), maps.getLast()));
        maps.add(new float[maps.getFirst().length]);        // the last block's, which is left out of the mean
        near(Stage.AFFINITY, stages.affinity(join(maps.toArray(float[][]::new)), count + 1));
    }

    private void lastBlock() {
        int last = tower.layers() - 1;
        List<float[]> streams = new ArrayList<>();
        for (int layer = 0; layer <= last; layer++) streams.add(gold.has(block(layer - 1)) ? gold.floats(block(layer - 1)) : null);
        if (streams.getLast() == null) return;
        if (gold.has("last_ori")) near(Stage.LAST_ORI, tower.block(streams.getLast(), last).stream());
        if (gold.has("last_mod") && (!tower.readsAllBlocks() || !streams.contains(null))) near(Stage.LAST_MOD, tower.modified(streams));
    }

    private float[] similarity(float[] features) {
        return stages.similarity(features, words.queries(), words.embedding(), logitScale);
    }

    private static float[] join(float[]... parts) {
        float[] all = new float[parts.length * parts[0].length];
        for (int i = 0; i < parts.length; i++) System.arraycopy(parts[i], 0, all, i * parts[0].length, parts[0].length);
        return all;
    }

    private void near(Stage stage, float[] ours) {
        if (gold.has(stage.label())) checks.near(stage, stage.label(), Mode.ISOLATED, gold.floats(stage.label()), ours);
    }
}
