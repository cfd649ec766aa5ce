package dev.freecp.parity;

import dev.freecp.ops.Mosaic;
import dev.freecp.parity.Check.Mode;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Section 9: windows put together, and labels. Goldens keep every k-th row and column of the final maps. */
final class OutputParity {

    private final MapStages stages;
    private final GoldenTensors gold;
    private final Checks checks;
    private final boolean background;
    private final int step;

    OutputParity(MapStages stages, GoldenTensors gold, Checks checks, boolean background, int step) {
        this.stages = stages;
        this.gold = gold;
        this.checks = checks;
        this.background = background;
        this.step = step;
    }

    /** @param scores (labels, H0, W0) */
    void chain(float[] scores, int[] labels) {
        if (gold.has("final_logits")) checks.near(Stage.FINAL_LOGITS, "final_logits", Mode.CHAIN, gold.floats("final_logits"), thinned(scores, labels.length));
        if (gold.has("label")) checks.labels("label", Mode.CHAIN, gold.ints("label"), labels, grade());
    }

    /**
     * Final maps from the golden's R, where it has that of every window, and labels from the golden's final maps.
     *
     * @param kept for each window the classes left
     */
    void isolated(Mosaic mosaic, int backgroundWords, List<List<Integer>> kept) {
        if (!gold.has("final_logits")) return;
        String[] refined = IntStream.range(0, kept.size()).mapToObj("w%02d.refined"::formatted).toArray(String[]::new);
        if (gold.has(refined)) {
            float[] maps = stack(refined, backgroundWords, mosaic.gridHeight() * mosaic.gridWidth());
            int[][] alive = kept.stream().map(words -> words.stream().mapToInt(Integer::intValue).toArray()).toArray(int[][]::new);
            float[] ours = thinned(stages.assemble(maps, alive, mosaic, Decisions.background(background)).scores(), mosaic.outputHeight() * mosaic.outputWidth());
            checks.near(Stage.FINAL_LOGITS, "final_logits", Mode.ISOLATED, gold.floats("final_logits"), ours);
        }
        if (gold.has("label")) labels();
    }

    private float[] stack(String[] refined, int backgroundWords, int cells) {
        float[][] parts = new float[refined.length][];
        for (int w = 0; w < parts.length; w++) {
            float[] all = checks.input(Stage.REFINED, gold.floats(refined[w]));
            parts[w] = Arrays.copyOfRange(all, backgroundWords * cells, all.length);
        }
        float[] stack = new float[parts.length * parts[0].length];
        for (int w = 0; w < parts.length; w++) System.arraycopy(parts[w], 0, stack, w * parts[w].length, parts[w].length);
        return stack;
    }

    /** At the pixels of the final maps that the golden keeps. */
    private void labels() {
        int[] size = gold.shape("final_logits", 3);
        float[] maps = checks.input(Stage.FINAL_LOGITS, gold.floats("final_logits"));
        if (background) maps = Arrays.copyOfRange(maps, size[1] * size[2], maps.length);
        int[] ours = stages.assembleAll(maps, MapStages.oneWindow(size[1], size[2], size[1], size[2]), Decisions.background(background)).labels();
        checks.labels("label", Mode.ISOLATED, thinned(gold.ints("label")), ours, grade() == null ? null : thinned(grade()));
    }

    private int[] grade() {
        return gold.has("label_grade") ? gold.ints("label_grade") : null;
    }

    private float[] thinned(float[] maps, int pixels) {
        int width = gold.shape("label", 2)[1];
        int[] places = places(pixels, width);
        float[] thin = new float[maps.length / pixels * places.length];
        for (int i = 0; i < thin.length; i++) thin[i] = maps[i / places.length * pixels + places[i % places.length]];
        return thin;
    }

    private int[] thinned(int[] pixels) {
        return Arrays.stream(places(pixels.length, gold.shape("label", 2)[1])).map(place -> pixels[place]).toArray();
    }

    private int[] places(int pixels, int width) {
        return IntStream.range(0, pixels).filter(i -> i / width % step == 0 && i % width % step == 0).toArray();
    }
}
