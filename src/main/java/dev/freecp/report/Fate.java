package dev.freecp.report;

import dev.freecp.purify.PurifySettings;
import dev.freecp.purify.Step;
import dev.freecp.purify.WindowReport;
import java.util.Arrays;

/** What became of a word in a window. */
public enum Fate {
    /** It is among those that the labels are chosen from. */
    KEPT,
    /** Redundancy purification removed it. */
    RP,
    /** Ambiguity purification removed it. */
    AP;

    /**
     * @param word     counted from 0 without the background words
     * @param settings of the run that made the report
     */
    public static Fate of(int word, WindowReport report, PurifySettings settings) {
        for (Step step : settings.steps()) {
            int[] left = switch (step) {
                case REFINE -> null;
                case REDUNDANCY -> report.redundancyKept();
                case AMBIGUITY -> report.ambiguityKept();
            };
            if (left != null && !contains(left, word)) return step == Step.REDUNDANCY ? RP : AP;
        }
        return KEPT;
    }

    private static boolean contains(int[] words, int word) {
        return Arrays.stream(words).anyMatch(w -> w == word);
    }
}
