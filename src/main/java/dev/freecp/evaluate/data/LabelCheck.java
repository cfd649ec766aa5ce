package dev.freecp.evaluate.data;

import dev.freecp.evaluate.ConfusionMatrix;
import dev.freecp.image.LabelMap;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Looks through label maps for signs that they were made for another class list. Says what is odd; what is odd may still be right. */
public final class LabelCheck {

    private static final int SHOWN = 8;

    private LabelCheck() {
    }

    /** Which labels occur, and the first picture of each. */
    private record Census(SortedMap<Integer, String> firstPicture) {

        boolean has(int label) {
            return firstPicture.containsKey(label);
        }

        /** Whether all labels of a range occur. */
        boolean hasAll(int from, int to) {
            return firstPicture.subMap(from, to).size() == to - from;
        }

        /** Labels that are neither below a number nor {@link ConfusionMatrix#IGNORED}. */
        List<Integer> outside(int classes) {
            return firstPicture.keySet().stream().filter(label -> label >= classes && label != ConfusionMatrix.IGNORED).toList();
        }
    }

    /**
     * Reads label maps and says what looks wrong: labels outside the class list, an order that looks shifted by one, zero-label reduction where none
     * is due or none where it is.
     *
     * @param maps how many, taken evenly from the whole set; all if there are fewer
     * @return one sentence a finding; empty if nothing is odd
     * @throws dev.freecp.error.InputException if a map cannot be read
     */
    public static List<String> warnings(DataSet set, int maps) {
        boolean reduced = set.samples().getFirst().truth() instanceof ReducedTruth;
        Census census = census(set.samples(), maps);
        return reduced ? ofReduced(census, set) : ofDirect(census, set);
    }

    /** For maps whose labels are those of the class list. */
    private static List<String> ofDirect(Census census, DataSet set) {
        int classes = set.classes();
        List<Integer> outside = census.outside(classes);
        if (outside.equals(List.of(classes))) {
            return List.of(census.has(0)
                ? "the labels go from 0 to " + classes + ", one more than there are classes: if 0 means 'other' here, zero-label reduction is"
                    + " missing; if it is a background, the class list lacks it"
                : "the order looks shifted by one: labels count from 1 to " + classes + " and none is 0, so every class would be taken for the one"
                    + " behind it; subtract 1 from the labels, or choose zero-label reduction");
        }
        List<String> warnings = new ArrayList<>();
        if (!outside.isEmpty()) warnings.add(outside(census, outside, "0.." + (classes - 1), classes));
        if (classes > 2 && !census.has(0) && census.hasAll(1, classes)) {
            warnings.add("label 0, '" + set.classNames().getFirst() + "', never occurs, but all others do: does the class list begin with a name that"
                + " the labels do not count?");
        }
        return warnings;
    }

    /** For maps that count from 1, before reduction. */
    private static List<String> ofReduced(Census census, DataSet set) {
        int classes = set.classes();
        List<String> warnings = new ArrayList<>();
        List<Integer> outside = census.outside(classes + 1);
        if (!outside.isEmpty()) warnings.add(outside(census, outside, "1.." + classes, classes));
        if (classes > 1 && census.hasAll(0, classes) && !census.has(classes)) {
            warnings.add("zero-label reduction seems wrong: labels go from 0 to " + (classes - 1) + " and none is " + classes + ", as if they had"
                + " been reduced before; '" + set.classNames().getFirst() + "' would not be judged and the others be taken for the one before");
        }
        return warnings;
    }

    private static String outside(Census census, List<Integer> labels, String range, int classes) {
        String some = labels.stream().limit(SHOWN).map(label -> label + " (" + census.firstPicture.get(label) + ")")
            .collect(Collectors.joining(", "));
        String more = labels.size() > SHOWN ? " and " + (labels.size() - SHOWN) + " more" : "";
        return "labels outside " + range + " of the " + classes + " classes: " + some + more
            + "; they count for no class, what is predicted there counts as wrong";
    }

    private static Census census(List<Sample> samples, int maps) {
        SortedMap<Integer, String> first = new TreeMap<>();
        int count = Math.min(maps, samples.size());
        for (int i = 0; i < count; i++) {
            Sample sample = samples.get((int) ((long) i * samples.size() / count));
            LabelMap map = sample.truth() instanceof ReducedTruth reduced ? reduced.counted().read() : sample.truth().read();
            BitSet labels = new BitSet();
            for (int label : map.labels()) labels.set(label);
            labels.stream().forEach(label -> first.putIfAbsent(label, sample.id()));
        }
        return new Census(first);
    }
}
