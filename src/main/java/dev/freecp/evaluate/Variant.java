package dev.freecp.evaluate;

import dev.freecp.segment.SegmentSettings;
import dev.freecp.segment.WordFeatures;

/**
 * One way to label all pictures of a run.
 *
 * @param name     tells it from the others
 * @param choice   what was chosen for it
 * @param words    the data set's classes in order, and behind them any words that are none of its classes
 * @param settings everything else that decides labels
 */
public record Variant(String name, Choice choice, WordFeatures words, SegmentSettings settings) {

    /**
     * What can differ between the variants of a run beside the settings.
     *
     * @param text   what patches and crops are compared with
     * @param absent number of words that are no class of the data set
     * @param oracle whether only the words of the classes in a picture's truth are offered (the paper's Table 1)
     */
    public record Choice(TextChoice text, int absent, boolean oracle) {

        /** As published: all classes and nothing else, with the published sentences. */
        public static final Choice PUBLISHED = new Choice(TextChoice.PUBLISHED, 0, false);
    }
}
