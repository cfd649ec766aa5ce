package dev.freecp.report;

import dev.freecp.ops.Box;
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
        if (contains(report.kept(), word)) return KEPT;
        boolean ambiguityFirst = settings.steps().indexOf(Step.AMBIGUITY) < settings.steps().indexOf(Step.REDUNDANCY);
        if (!settings.steps().contains(Step.REDUNDANCY)) return AP;
        if (!settings.steps().contains(Step.AMBIGUITY)) return RP;
        if (ambiguityFirst) return loses(word, report, settings) ? AP : RP;
        return contains(report.redundancyKept(), word) ? AP : RP;
    }

    /** Whether a word wins no box of its group; a group with an empty box removes nobody. */
    private static boolean loses(int word, WindowReport report, PurifySettings settings) {
        if (report.groups() == null || settings.elimination() == PurifySettings.Elimination.REGION) return false;
        return report.groups().stream().filter(group -> group.words().length > 1 && contains(group.words(), word))
            .anyMatch(group -> group.boxes().stream().noneMatch(Box::isEmpty) && group.crops().stream().noneMatch(crop -> group.words()[crop.winner()] == word));
    }

    private static boolean contains(int[] words, int word) {
        return Arrays.stream(words).anyMatch(w -> w == word);
    }
}
