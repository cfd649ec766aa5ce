package dev.freecp.purify;

import dev.freecp.ops.Ops;
import dev.freecp.ops.Workspace;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;

/** Redundancy purification: a class whose map changes its place under refinement is not in the picture (specification, section 7). */
public final class Redundancy {

    private static final float EPSILON = 1e-8f;

    private Redundancy() {
    }

    /** Scores (windows, words) of all words; at most 1/2 by construction in the released form. */
    public static float[][] scores(Ops ops, Workspace workspace, ClassMaps maps, PurifySettings settings) {
        float[] sums;
        try (Workspace scratch = workspace.scope()) {
            Tensor tensor = scratch.tensor("overlap", Shape.of("window map sum", maps.windows(), maps.maps(), 3));
            Tensor before = settings.redundancyMap() == PurifySettings.RedundancyMap.SOFTMAX ? maps.softmax() : maps.activation();
            ops.overlapSums(tensor, before, maps.first(), maps.refined());
            sums = ops.download(tensor);
        }
        float[][] scores = new float[maps.windows()][maps.words()];
        for (int window = 0; window < scores.length; window++) {
            for (int word = 0; word < scores[window].length; word++) {
                int at = 3 * maps.row(window, word);
                scores[window][word] = score(sums[at], sums[at + 1], sums[at + 2], settings.consistency());
            }
        }
        return scores;
    }

    /** From sum p R, sum p and sum R to the measure of spatial consistency. */
    static float score(float shared, float before, float after, PurifySettings.Consistency rule) {
        return switch (rule) {
            case RELEASED -> shared / (before + after + EPSILON);
            case SOFT_IOU -> shared / (before + after - shared + EPSILON);
        };
    }
}
