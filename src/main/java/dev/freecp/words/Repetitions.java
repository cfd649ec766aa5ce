package dev.freecp.words;

import dev.freecp.words.Finding.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sentences that come twice, or nearly, anywhere in a file. */
final class Repetitions {

    private static final Pattern WORD = Pattern.compile("[a-z0-9']+");

    private Repetitions() {
    }

    /** A sentence as the sorted numbers of its different words. */
    private record Entry(String word, int number, String sentence, int[] tokens) {
    }

    /** Lower-case words of a sentence in order. */
    static List<String> words(String sentence) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(sentence.toLowerCase(Locale.ROOT));
        while (matcher.find()) words.add(matcher.group());
        return words;
    }

    /** Adds a finding for each repetition and returns how many pairs are nearly the same, equal ones included. */
    static int find(Map<String, List<String>> all, double limit, List<Finding> findings) {
        List<Entry> entries = entries(all);
        int pairs = 0;
        for (int a = 0; a < entries.size(); a++) {
            Entry later = entries.get(a);
            for (int b = 0; b < a; b++) {
                Entry earlier = entries.get(b);
                double overlap = overlap(later.tokens, earlier.tokens, limit);
                if (overlap <= limit) continue;
                pairs++;
                boolean same = later.sentence.equalsIgnoreCase(earlier.sentence);
                findings.add(new Finding(same ? Kind.DUPLICATE : Kind.NEAR_DUPLICATE, later.word, later.number,
                    "%s sentence %d of %s%s".formatted(same ? "is" : "is nearly", earlier.number, earlier.word, same ? "" : " (%.2f): ".formatted(overlap) + earlier.sentence)));
            }
        }
        return pairs;
    }

    private static List<Entry> entries(Map<String, List<String>> all) {
        Map<String, Integer> numbers = new HashMap<>();
        List<Entry> entries = new ArrayList<>();
        all.forEach((word, sentences) -> {
            for (int i = 0; i < sentences.size(); i++) {
                int[] tokens = words(sentences.get(i)).stream().mapToInt(w -> numbers.computeIfAbsent(w, x -> numbers.size())).sorted().distinct().toArray();
                entries.add(new Entry(word, i + 1, sentences.get(i), tokens));
            }
        });
        return entries;
    }

    /** Intersection over union of two sorted sets; 0 at once where the sizes alone keep it at or below the limit. */
    private static double overlap(int[] a, int[] b, double limit) {
        int small = Math.min(a.length, b.length), large = Math.max(a.length, b.length);
        if (small <= limit * large) return Arrays.equals(a, b) ? 1 : 0;
        int shared = 0;
        for (int i = 0, j = 0; i < a.length && j < b.length; ) {
            if (a[i] == b[j]) {
                shared++;
                i++;
                j++;
            } else if (a[i] < b[j]) i++;
            else j++;
        }
        return (double) shared / (a.length + b.length - shared);
    }
}
