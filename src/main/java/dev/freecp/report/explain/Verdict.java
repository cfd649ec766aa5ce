package dev.freecp.report.explain;

import dev.freecp.ops.Box;
import dev.freecp.purify.PurifySettings;
import dev.freecp.purify.WindowReport;
import dev.freecp.report.Fate;
import dev.freecp.segment.Segmentation;
import dev.freecp.segment.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Why words were kept or removed, in words: for each window, and in one sentence for all of them. */
final class Verdict {

    private static final int DECIMALS = 2;
    private static final int MOST_DECIMALS = 8;

    private final List<WindowReport> reports;
    private final Vocabulary vocabulary;
    private final PurifySettings settings;

    Verdict(Segmentation result, PurifySettings settings) {
        this.reports = result.reports();
        this.vocabulary = result.vocabulary();
        this.settings = settings;
    }

    Fate fate(int word, int window) {
        return Fate.of(word, reports.get(window), settings);
    }

    /** {@code removed as redundant in all 6 windows: RP 0.07 < 0.10}, one such part for each fate that the word met. */
    String sentence(int word) {
        Map<Fate, List<Integer>> windows = new TreeMap<>();
        for (int window = 0; window < reports.size(); window++) windows.computeIfAbsent(fate(word, window), _ -> new ArrayList<>()).add(window);
        return windows.entrySet().stream().map(met -> part(word, met.getKey(), met.getValue())).collect(Collectors.joining("; "));
    }

    private String part(int word, Fate fate, List<Integer> windows) {
        String what = switch (fate) {
            case KEPT -> "kept";
            case RP -> "removed as redundant";
            case AP -> "removed as ambiguous";
        };
        int all = reports.size();
        String where = all == 1 ? "" : windows.size() == all ? " in all " + all + " windows" : " in " + windows.size() + " of " + all + " windows";
        String why = fate == Fate.AP ? lostTo(word, windows) : comparison(word, windows);
        return what + where + (why.isEmpty() ? "" : ": " + why);
    }

    /** Why a word met its fate in a window; empty where there was nothing to decide. */
    String reason(int word, int window) {
        List<Integer> here = List.of(window);
        String score = comparison(word, here);
        return switch (fate(word, window)) {
            case RP -> score;
            case AP -> lostTo(word, here);
            case KEPT -> Stream.of(score, stood(word, window)).filter(text -> !text.isEmpty()).collect(Collectors.joining("; "));
        };
    }

    /** {@code RP 0.02 to 0.07 < 0.10}; empty without that step. */
    private String comparison(int word, List<Integer> windows) {
        if (reports.getFirst().scores() == null) return "";
        double[] scores = windows.stream().mapToDouble(window -> reports.get(window).scores()[word]).sorted().toArray();
        double threshold = settings.redundancyThreshold();
        double low = scores[0], high = scores[scores.length - 1], nearest = high > threshold ? low : high;
        if (Double.isNaN(high)) return "RP is no number";
        int decimals = DECIMALS;
        while (decimals < MOST_DECIMALS && nearest != threshold && number(nearest, decimals).equals(number(threshold, decimals))) decimals++;
        String relation = nearest > threshold ? " > " : nearest < threshold ? " < " : " = ", from = number(low, decimals), to = number(high, decimals);
        return "RP " + (from.equals(to) ? from : from + " to " + to) + relation + number(threshold, decimals);
    }

    private static String number(double value, int decimals) {
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }

    /** Who won the boxes of the word's group. */
    private String lostTo(int word, List<Integer> windows) {
        String winners = windows.stream().map(window -> group(word, window)).flatMapToInt(group -> group == null ? IntStream.empty()
            : group.crops().stream().mapToInt(crop -> group.words()[crop.winner()])).filter(winner -> winner != word).distinct().sorted()
            .mapToObj(this::name).collect(Collectors.joining(", "));
        return winners.isEmpty() ? "lost in a later round" : "the closer look at the shared region chose " + winners;
    }

    /** How a word that is kept came through ambiguity purification; empty if it shared its region with nobody. */
    private String stood(int word, int window) {
        WindowReport.Group group = group(word, window);
        if (group == null || group.words().length < 2) return "";
        String others = Arrays.stream(group.words()).filter(other -> other != word).mapToObj(this::name).collect(Collectors.joining(", "));
        long won = group.crops().stream().filter(crop -> group.words()[crop.winner()] == word).count();
        String sharing = "shares its region with " + others;
        if (won > 0) return sharing + " and won " + won + " of " + group.crops().size() + (group.crops().size() == 1 ? " closer look" : " closer looks");
        if (settings.elimination() == PurifySettings.Elimination.REGION) return sharing + " and is cut out where it lost";
        return sharing + (group.boxes().stream().anyMatch(Box::isEmpty) ? ", of which a box is empty, so that nobody is removed" : "");
    }

    /** The group of a window that a word was in; null if it was in none. */
    private WindowReport.Group group(int word, int window) {
        List<WindowReport.Group> groups = reports.get(window).groups();
        if (groups == null) return null;
        return groups.stream().filter(group -> Arrays.stream(group.words()).anyMatch(member -> member == word)).findFirst().orElse(null);
    }

    String name(int word) {
        return vocabulary.words().get(vocabulary.backgroundWords() + word);
    }
}
