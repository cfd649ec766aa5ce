package dev.freecp.purify;

import dev.freecp.ops.Box;
import java.util.List;

/**
 * What was decided in one window. Words are numbered from 0 without the background words.
 *
 * @param scores         redundancy score of every word, or null if that step was not done
 * @param redundancyKept words left by redundancy purification, increasing; null if not done
 * @param groups         groups of ambiguity purification's first round in order of discovery, single words included; null if not done or fewer than
 *                       two words were left
 * @param ambiguityKept  words left by ambiguity purification, increasing; null if not done
 * @param kept           words left at the end, increasing
 */
public record WindowReport(float[] scores, int[] redundancyKept, List<Group> groups, int[] ambiguityKept, int[] kept) {

    /**
     * Words that share a region.
     *
     * @param words in depth-first order
     * @param boxes regions of their mean map, sorted; empty for a single word
     * @param crops one for each region that is not empty, in that order
     */
    public record Group(int[] words, List<Box> boxes, List<Crop> crops) {
    }

    /**
     * A closer look at one region.
     *
     * @param box    on the token grid
     * @param scores scaled cosine of the crop's class feature with each member's descriptions, in the order of {@link Group#words}
     * @param winner index of the largest score, the first of equals
     */
    public record Crop(Box box, float[] scores, int winner) {
    }
}
