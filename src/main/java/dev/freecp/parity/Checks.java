package dev.freecp.parity;

import dev.freecp.parity.Check.Mode;
import dev.freecp.parity.Check.Verdict;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.DoublePredicate;
import java.util.stream.IntStream;

/**
 * Compares what a golden holds with what was computed, and reports each comparison. Accepts rather than rejects, so that a NaN on either side fails,
 * except where section 10 of the specification replaces the golden's.
 *
 * <p>A discrete decision of the whole chain may flip where the golden's margin allows it; what follows from it in that window cannot be compared
 * then.
 */
final class Checks {

    /**
     * How much further off a decision's own numbers may be than the worst that was measured: the factor that section 15 leaves above what was
     * observed.
     */
    private static final double MARGIN_FACTOR = 10;

    private final String golden;
    private final boolean logitsGiven;
    private final boolean singleWord;
    private final Consumer<Check> sink;
    private final Map<Stage, Double> measured;
    private final String prefix;
    private final GoldenJson margins;
    private boolean flipped;

    private Checks(String golden, boolean logitsGiven, boolean singleWord, Consumer<Check> sink, Map<Stage, Double> measured, String prefix, GoldenJson margins) {
        this.golden = golden;
        this.logitsGiven = logitsGiven;
        this.singleWord = singleWord;
        this.sink = sink;
        this.measured = measured;
        this.prefix = prefix;
        this.margins = margins;
    }

    /** @param logitsGiven the golden begins at given logits: {@link Limits#at} */
    static Checks of(String golden, boolean logitsGiven, Consumer<Check> sink) {
        return new Checks(golden, logitsGiven, false, sink, new EnumMap<>(Stage.class), "", null);
    }

    /** The same golden if it has one query word only, whose softmax leaves 0/0 in it. */
    Checks forSingleWord() {
        return new Checks(golden, logitsGiven, true, sink, measured, prefix, margins);
    }

    /**
     * One window of the golden.
     *
     * @param prefix  of its names
     * @param margins distances of its decisions from flipping, or null
     */
    Checks window(String prefix, GoldenJson margins) {
        return new Checks(golden, logitsGiven, singleWord, sink, measured, prefix, margins);
    }

    /** True once a decision of the chain has flipped within its margin. */
    boolean flipped() {
        return flipped;
    }

    /** The golden's numbers as an input: a single word's NaN is replaced as section 10 says. */
    float[] input(Stage stage, float[] gold) {
        float[] values = gold.clone();
        if (singleWord && stage.undefinedForSingleWord()) for (int i = 0; i < values.length; i++) if (Float.isNaN(values[i])) values[i] = 0;
        return values;
    }

    /** Everywhere within the stage's limit. */
    void near(Stage stage, String name, Mode mode, float[] gold, float[] ours) {
        double limit = stage.limits().at(mode, logitsGiven);
        if (stage.limits().ofMaximum()) limit *= IntStream.range(0, gold.length).mapToDouble(i -> Math.abs(gold[i])).max().orElse(0);
        near(stage, name, mode, gold, ours, new double[] {limit});
    }

    /** Rows of maps that come from a min-max: where a row's range is small its limit is larger. */
    void near(Stage stage, String name, Mode mode, float[] gold, float[] ours, float[] ranges) {
        double limit = stage.limits().at(mode, logitsGiven);
        double[] limits = new double[ranges.length];
        for (int row = 0; row < limits.length; row++) limits[row] = ranges[row] > 0 ? Math.max(limit, Limits.RANGE_ERROR / ranges[row]) : limit;
        near(stage, name, mode, gold, ours, limits);
    }

    private void near(Stage stage, String name, Mode mode, float[] gold, float[] ours, double[] limits) {
        if (follows(stage, name, mode)) return;
        if (gold.length != ours.length) {
            report(stage, name, mode, Verdict.FAIL, Double.POSITIVE_INFINITY, limits[0], "the golden has " + gold.length + " numbers, ours are " + ours.length);
            return;
        }
        double worst = 0, share = 0, limit = Arrays.stream(limits).min().orElse(0);
        int place = 0;
        for (int i = 0; i < gold.length; i++) {
            double own = limits[(int) ((long) i * limits.length / gold.length)], difference = difference(stage, gold[i], ours[i]);
            if (difference == 0 || difference / own <= share) continue;
            share = difference / own;
            worst = difference;
            limit = own;
            place = i;
        }
        boolean pass = share <= 1;
        if (mode == Mode.CHAIN) measured.merge(stage, worst, Math::max);
        String note = pass ? "" : "at %d the golden is %s, ours is %s".formatted(place, gold[place], ours[place]);
        report(stage, name, mode, pass ? Verdict.PASS : Verdict.FAIL, worst, limit, note);
    }

    private double difference(Stage stage, float gold, float ours) {
        if (Float.isNaN(gold) && singleWord && stage.undefinedForSingleWord()) return Math.abs(ours);
        double difference = Math.abs((double) gold - ours);
        return Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference;
    }

    /** Decisions, equal one by one. */
    void equal(Stage stage, String name, Mode mode, List<?> gold, List<?> ours) {
        equal(stage, name, mode, gold, ours, slack -> true);
    }

    /**
     * Decisions, equal one by one.
     *
     * @param explained whether the golden's decisions follow from our numbers if these are off by so much; asked only where a margin would let a
     *                  decision flip
     */
    void equal(Stage stage, String name, Mode mode, List<?> gold, List<?> ours, DoublePredicate explained) {
        if (follows(stage, name, mode)) return;
        int shared = Math.min(gold.size(), ours.size()), different = Math.max(gold.size(), ours.size()) - shared, first = shared;
        for (int i = shared - 1; i >= 0; i--) {
            if (gold.get(i).equals(ours.get(i))) continue;
            different++;
            first = i;
        }
        if (different == 0) {
            report(stage, name, mode, Verdict.PASS, 0, 0, "");
            return;
        }
        String note = "%d of %d differ, the first at %d: the golden has %s, ours is %s".formatted(different, Math.max(gold.size(), ours.size()), first,
            first < gold.size() ? gold.get(first) : "no more", first < ours.size() ? ours.get(first) : "no more");
        boolean flip = mode == Mode.CHAIN && mayFlip(stage) && explained.test(slack(stage));
        flipped |= flip;
        report(stage, name, mode, flip ? Verdict.FLIP : Verdict.FAIL, different, 0, flip ? "within its margin: " + note : note);
    }

    /** The same for numbers. */
    void equal(Stage stage, String name, Mode mode, int[] gold, int[] ours) {
        equal(stage, name, mode, Arrays.stream(gold).boxed().toList(), Arrays.stream(ours).boxed().toList());
    }

    /**
     * Labels of a picture.
     *
     * @param grade for each pixel how far apart its two best scores are, or null if every label is to be met
     */
    void labels(String name, Mode mode, int[] gold, int[] ours, int[] grade) {
        if (follows(Stage.LABEL, name, mode)) return;
        double limit = Limits.LABELS.at(mode, logitsGiven);
        if (gold.length != ours.length || grade != null && grade.length != gold.length) {
            report(Stage.LABEL, name, mode, Verdict.FAIL, Double.POSITIVE_INFINITY, limit, "the golden has " + gold.length + " pixels, ours has " + ours.length);
            return;
        }
        int different = 0, firm = 0;
        for (int i = 0; i < gold.length; i++) {
            if (gold[i] == ours[i]) continue;
            different++;
            if (grade == null || grade[i] >= Limits.FIRM_GRADE) firm++;
        }
        double share = (double) different / Math.max(1, gold.length);
        String note = different == 0 ? "" : different + " of " + gold.length + " pixels differ, " + firm + " of them where the scores are 1e-3 or more apart";
        report(Stage.LABEL, name, mode, firm == 0 && share <= limit ? Verdict.PASS : Verdict.FAIL, share, limit, note);
    }

    /** Something of the golden that cannot be computed or read. */
    void fail(Stage stage, String name, Mode mode, String note) {
        report(stage, name, mode, Verdict.FAIL, Double.POSITIVE_INFINITY, 0, note);
    }

    /** What the chain yields for the whole golden cannot be compared because a window's decision flipped. */
    void follow(Checks window) {
        flipped |= window.flipped;
    }

    /** Something of the golden that is not compared. */
    void skip(Stage stage, String name, Mode mode, String note) {
        report(stage, name, mode, Verdict.SKIPPED, 0, 0, note);
    }

    private boolean follows(Stage stage, String name, Mode mode) {
        if (!flipped || mode != Mode.CHAIN) return false;
        skip(stage, name, mode, "not comparable: an earlier decision fell the other way within its margin");
        return true;
    }

    /** A margin below the limit of the numbers decided from, and no further from flipping than these were measured to be off. */
    private boolean mayFlip(Stage stage) {
        if (stage.margin() == null || margins == null || !margins.has(stage.margin())) return false;
        double margin = margins.get(stage.margin()).number();
        return margin < stage.decidedFrom().limits().at(Mode.CHAIN, logitsGiven) && margin <= slack(stage);
    }

    private double slack(Stage decision) {
        return MARGIN_FACTOR * measured.getOrDefault(decision.decidedFrom(), 0.0);
    }

    private void report(Stage stage, String name, Mode mode, Verdict verdict, double worst, double limit, String note) {
        sink.accept(new Check(golden, stage, prefix + name, mode, verdict, worst, limit, note));
    }
}
