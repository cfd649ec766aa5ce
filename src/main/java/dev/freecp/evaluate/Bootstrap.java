package dev.freecp.evaluate;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.random.Well19937c;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;

/**
 * Intervals by bootstrap over pictures: as many pictures as there are, drawn with replacement, again and again. The same seed draws the same places
 * of a list.
 *
 * @param draws how often
 * @param seed  of the random numbers
 */
public record Bootstrap(int draws, long seed) {

    /** A thousand draws. */
    public static final Bootstrap STANDARD = new Bootstrap(1000, 20250801);

    private static final double TAIL_PERCENT = 2.5;

    /** The middle 95 % of a score over all draws. */
    public record Interval(double low, double high) {
    }

    /** @throws IllegalArgumentException if nothing is drawn */
    public Bootstrap {
        if (draws < 1) throw new IllegalArgumentException("a bootstrap needs at least one draw, not " + draws);
    }

    /** Interval of mIoU; NaN to NaN if there is no picture. */
    public Interval meanIou(int classes, List<PictureCounts> pictures) {
        ClassSums sums = new ClassSums(classes, pictures);
        return interval(scores(sums.size(), sums::meanIou));
    }

    /** A score of every draw. */
    double[] scores(int pictures, ToDoubleFunction<int[]> score) {
        if (pictures == 0) return new double[0];
        RandomGenerator random = new Well19937c(seed);
        double[] scores = new double[draws];
        int[] drawn = new int[pictures];
        for (int draw = 0; draw < draws; draw++) {
            for (int i = 0; i < pictures; i++) drawn[i] = random.nextInt(pictures);
            scores[draw] = score.applyAsDouble(drawn);
        }
        return scores;
    }

    static Interval interval(double[] scores) {
        double[] numbers = Arrays.stream(scores).filter(score -> !Double.isNaN(score)).toArray();
        if (numbers.length == 0) return new Interval(Double.NaN, Double.NaN);
        Percentile percentile = new Percentile();
        percentile.setData(numbers);
        return new Interval(percentile.evaluate(TAIL_PERCENT), percentile.evaluate(100 - TAIL_PERCENT));
    }
}
