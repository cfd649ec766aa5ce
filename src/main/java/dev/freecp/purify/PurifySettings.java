package dev.freecp.purify;

import dev.freecp.error.UsageException;
import dev.freecp.ops.BoxRule;
import java.util.List;

/**
 * Steps, thresholds, and each point on which the released program and the paper's text differ (specification, section 12; the number of the row
 * stands with its field, rows 9 and 10 are in {@link dev.freecp.clip.ReadOutSettings}). There is one code; these fields choose.
 *
 * @param steps               what is done, in this order
 * @param redundancyThreshold T1 = tau_r in [0, 1]: a class stays if its score is strictly greater
 * @param ambiguityThreshold  T2 = tau_a in [0, 1]: two classes are linked if their soft IoU is at least this
 * @param affinityLayers      blocks whose attention makes the affinity, or null for those that {@code affinity} says
 * @param consistency         row 1: the measure of spatial consistency
 * @param redundancyMap       row 2: what redundancy compares the refined map with
 * @param affinity            row 3: how attention becomes a transition matrix
 * @param refinement          row 4: whether boxes mask the map before, and min-max scales it after
 * @param elimination         row 5: where a loser of ambiguity purification is set to zero
 * @param descriptionLimit    row 6: at most so many descriptions a word, 0 for all
 * @param cropRule            row 7: whether a data set may have windows of its own size
 * @param activation          row 8: the class map
 * @param background          row 11: the background's score
 * @param cropSource          row 12: what an ambiguous region is cut from
 * @param boxRule             row 13: what the regions of a map are
 * @param resolution          row 14: whether groups are resolved once or until nothing changes
 */
public record PurifySettings(List<Step> steps, float redundancyThreshold, float ambiguityThreshold, int[] affinityLayers,
                             Consistency consistency, RedundancyMap redundancyMap, AffinityRule affinity, Refinement refinement, Elimination elimination,
                             int descriptionLimit, CropRule cropRule, ActivationMap activation, BackgroundScore background, CropSource cropSource,
                             BoxRule boxRule, Resolution resolution) {

    /** Row 1. */
    public enum Consistency {
        /** Redundancy: sum p R / (sum p + sum R + 1e-8). Ambiguity: sum min / sum max. */
        RELEASED,
        /** One soft IoU with an element-wise product for both: sum a b / (sum a + sum b - sum a b). */
        SOFT_IOU
    }

    /** Row 2. */
    public enum RedundancyMap {
        /** The softmax map p. */
        SOFTMAX,
        /** The activation map that was refined, Y. */
        ACTIVATION
    }

    /** Row 3. */
    public enum AffinityRule {
        /** Blocks 0..L-2 (GEM: head 0), three column and row normalisations, symmetrised, applied twice. */
        RELEASED,
        /** The mean over all L blocks and all heads, applied once as it is. */
        MEAN_ATTENTION
    }

    /** Row 4. */
    public enum Refinement {
        /** Masked by boxes at 0.4 of the maximum before, min-max normalised per class after. */
        BOXED,
        /** Affinity times map. */
        DIRECT
    }

    /** Row 5. */
    public enum Elimination {
        /** A member that wins no box of its group vanishes from the whole window. */
        WINDOW,
        /** A loser is set to zero inside the box it lost; no class is removed. */
        REGION
    }

    /** Row 7. */
    public enum CropRule {
        /** The data set's own window: 224 for Cityscapes, otherwise 384. */
        PER_DATASET,
        /** 384 everywhere. */
        ALWAYS_384
    }

    /** Row 8. */
    public enum ActivationMap {
        /** Softmax over all words of the scaled cosines, then one min-max over the window. */
        SOFTMAX,
        /** The cosine similarity of each class, negative values as 0. */
        COSINE
    }

    /** Row 11. */
    public enum BackgroundScore {
        /** Background words only compete in the softmax; the background's score is 1 - max of the classes. */
        ONE_MINUS_MAX,
        /** Background words have refined maps like any class, are never purified, and the largest is the background's score. */
        BEST_WORD
    }

    /** Row 12. */
    public enum CropSource {
        /** The resized, normalised window, bilinear without antialias. */
        WINDOW,
        /** The picture as it came, before any resize. */
        PICTURE
    }

    /** Row 14. */
    public enum Resolution {
        /** Every group and box once, on its own. */
        ONCE,
        /** Again with the survivors until nothing changes. */
        ITERATIVE
    }

    /** @throws UsageException if a threshold is not in [0, 1], the limit is negative, or purification steps come without refinement before them */
    public PurifySettings {
        steps = List.copyOf(steps);
        Step.requireOrder(steps);
        requireUnit("tau-r", redundancyThreshold);
        requireUnit("tau-a", ambiguityThreshold);
        if (descriptionLimit < 0) throw new UsageException("descriptions per word must be 0 (all) or more, not " + descriptionLimit);
    }

    private static void requireUnit(String name, float value) {
        if (!(value >= 0 && value <= 1)) throw new UsageException(name + " must lie between 0 and 1, not " + value);
    }

    /** All steps as the released program does them. */
    public static PurifySettings released(float redundancyThreshold, float ambiguityThreshold) {
        return new PurifySettings(Step.all(), redundancyThreshold, ambiguityThreshold, null, Consistency.RELEASED, RedundancyMap.SOFTMAX, AffinityRule.RELEASED,
            Refinement.BOXED, Elimination.WINDOW, 0, CropRule.PER_DATASET, ActivationMap.SOFTMAX, BackgroundScore.ONE_MINUS_MAX, CropSource.WINDOW,
            BoxRule.CONTOURS, Resolution.ONCE);
    }

    /** All steps as the paper's text has them; where it says nothing (row 11), as released. */
    public static PurifySettings paper(float redundancyThreshold, float ambiguityThreshold) {
        return new PurifySettings(Step.all(), redundancyThreshold, ambiguityThreshold, null, Consistency.SOFT_IOU, RedundancyMap.ACTIVATION, AffinityRule.MEAN_ATTENTION,
            Refinement.DIRECT, Elimination.REGION, 15, CropRule.ALWAYS_384, ActivationMap.COSINE, BackgroundScore.ONE_MINUS_MAX, CropSource.PICTURE,
            BoxRule.REGIONS, Resolution.ITERATIVE);
    }

    /** The same rules with other steps. */
    public PurifySettings withSteps(List<Step> other) {
        return new PurifySettings(other, redundancyThreshold, ambiguityThreshold, affinityLayers, consistency, redundancyMap, affinity, refinement, elimination,
            descriptionLimit, cropRule, activation, background, cropSource, boxRule, resolution);
    }

    /** The same rules with other thresholds. */
    public PurifySettings withThresholds(float redundancy, float ambiguity) {
        return new PurifySettings(steps, redundancy, ambiguity, affinityLayers, consistency, redundancyMap, affinity, refinement, elimination,
            descriptionLimit, cropRule, activation, background, cropSource, boxRule, resolution);
    }

    /** The same rules with an affinity from other blocks. */
    public PurifySettings withAffinityLayers(int[] layers) {
        return new PurifySettings(steps, redundancyThreshold, ambiguityThreshold, layers, consistency, redundancyMap, affinity, refinement, elimination,
            descriptionLimit, cropRule, activation, background, cropSource, boxRule, resolution);
    }

    boolean does(Step step) {
        return steps.contains(step);
    }
}
