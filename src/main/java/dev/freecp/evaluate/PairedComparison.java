package dev.freecp.evaluate;

import dev.freecp.error.InputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.stat.inference.WilcoxonSignedRankTest;

/**
 * Whether one run is better than another on the pictures that both have.
 *
 * @param pictures    how many
 * @param first       mIoU of the first run on them
 * @param second      mIoU of the second
 * @param difference  95 % of the difference second - first, when the same pictures are drawn for both
 * @param bootstrapP  two-sided: twice the share of draws in which the difference is on the less frequent side of zero
 * @param better      pictures whose own mIoU is larger in the second run
 * @param worse       pictures whose own mIoU is smaller in the second run
 * @param wilcoxonP   two-sided p of Wilcoxon's signed rank test over the pictures' own mIoU, without those that are equal; 1 if all are
 */
public record PairedComparison(int pictures, double first, double second, Bootstrap.Interval difference, double bootstrapP, int better, int worse,
                               double wilcoxonP) {

    /** The exact test looks at 2^pairs signs, a million for these; with more the normal approximation is good. */
    private static final int EXACT_PAIRS = 20;

    /**
     * Compares the pictures that both runs have, in the order of their ids, so that it does not matter in which order they were evaluated.
     *
     * @param first  picture id to counts
     * @param second picture id to counts
     * @throws InputException if they have no picture in common, or the truth of one differs
     */
    public static PairedComparison of(int classes, Map<String, PictureCounts> first, Map<String, PictureCounts> second, Bootstrap bootstrap) {
        List<String> common = first.keySet().stream().filter(second::containsKey).sorted().toList();
        if (common.isEmpty()) throw new InputException("the two runs have no picture in common");
        ClassSums a = sums(classes, first, common), b = sums(classes, second, common);
        for (int i = 0; i < common.size(); i++)
            if (!Arrays.equals(a.truth(i), b.truth(i)))
                throw new InputException(common.get(i) + ": its truth is not the same in both runs; they can only be compared on the same labels");
        int[] all = new int[common.size()];
        Arrays.setAll(all, i -> i);
        double[] differences = bootstrap.scores(common.size(), drawn -> b.meanIou(drawn) - a.meanIou(drawn));
        List<double[]> unequal = new ArrayList<>();
        for (int i : all) {
            double x = a.meanIou(new int[] {i}), y = b.meanIou(new int[] {i});
            if (x < y || x > y) unequal.add(new double[] {x, y});
        }
        int better = (int) unequal.stream().filter(pair -> pair[0] < pair[1]).count();
        return new PairedComparison(common.size(), a.meanIou(all), b.meanIou(all), Bootstrap.interval(differences), twoSided(differences),
            better, unequal.size() - better, wilcoxon(unequal));
    }

    private static ClassSums sums(int classes, Map<String, PictureCounts> run, List<String> common) {
        return new ClassSums(classes, common.stream().map(run::get).toList());
    }

    private static double twoSided(double[] differences) {
        long notAbove = Arrays.stream(differences).filter(d -> d <= 0).count(), notBelow = Arrays.stream(differences).filter(d -> d >= 0).count();
        return Math.min(1, 2.0 * Math.min(notAbove, notBelow) / differences.length);
    }

    /** Equal pairs must be left out before: the library would count them for one side. */
    private static double wilcoxon(List<double[]> unequal) {
        if (unequal.isEmpty()) return 1;
        double[] x = unequal.stream().mapToDouble(pair -> pair[0]).toArray(), y = unequal.stream().mapToDouble(pair -> pair[1]).toArray();
        return Math.min(1, new WilcoxonSignedRankTest().wilcoxonSignedRankTest(x, y, unequal.size() <= EXACT_PAIRS));
    }
}
