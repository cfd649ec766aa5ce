package dev.freecp.purify;

import dev.freecp.clip.Trace;
import dev.freecp.ops.Ops;
import dev.freecp.ops.Workspace;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Runs the steps of purification, in the order asked for, on the refined maps of windows, of one picture or of several (specification, sections 7, 8
 * and 9.1). What is decided in a window does not depend on the others.
 */
public final class Purifier {

    private Purifier() {
    }

    /**
     * Decides which words survive in each window. R itself only changes under {@link PurifySettings.Elimination#REGION}.
     *
     * @param maps   with R made by {@link Refinement}, or R = p if nothing is refined
     * @param scorer for ambiguity purification
     * @return one report a window
     */
    public static List<WindowReport> purify(Ops ops, Workspace workspace, ClassMaps maps, PurifySettings settings, CropScorer scorer, Trace trace) {
        List<BitSet> alive = new ArrayList<>();
        for (int window = 0; window < maps.windows(); window++) {
            BitSet all = new BitSet();
            all.set(0, maps.words());
            alive.add(all);
        }
        float[][] scores = null;
        int[][] redundancyKept = new int[maps.windows()][], ambiguityKept = new int[maps.windows()][];
        List<List<WindowReport.Group>> groups = null;
        for (Step step : settings.steps()) {
            switch (step) {
                case REFINE -> { }                                                          // done for each batch of windows, before
                case REDUNDANCY -> {
                    scores = Redundancy.scores(ops, workspace, maps, settings);
                    for (int window = 0; window < scores.length; window++) {
                        removeRedundant(alive.get(window), scores[window], settings.redundancyThreshold());
                    }
                    redundancyKept = words(alive);
                }
                case AMBIGUITY -> {
                    groups = new Ambiguity(ops, workspace, maps, settings, scorer, trace).resolve(alive);
                    ambiguityKept = words(alive);
                }
            }
        }
        int[][] kept = words(alive);
        List<WindowReport> reports = new ArrayList<>();
        for (int window = 0; window < maps.windows(); window++)
            reports.add(new WindowReport(scores == null ? null : scores[window], redundancyKept[window], groups == null ? null : groups.get(window),
                ambiguityKept[window], kept[window]));
        return reports;
    }

    private static int[][] words(List<BitSet> alive) {
        return alive.stream().map(words -> words.stream().toArray()).toArray(int[][]::new);
    }

    /** Written so that a score that is no number removes its word. */
    private static void removeRedundant(BitSet alive, float[] scores, float threshold) {
        for (int word = 0; word < scores.length; word++) if (!(scores[word] > threshold)) alive.clear(word);
    }
}
