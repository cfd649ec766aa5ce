package dev.freecp.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Counts of many pictures and the scores made of them, in percent. docs/evaluate.md defines each. Adding is exact and in any order, so parts of a
 * data set add up to the whole.
 */
public final class Totals {

    private static final int SIZES = RegionSize.values().length;

    private final ConfusionMatrix confusion;
    private final long[] boundary;      // K x (both, truth, prediction)
    private final long[] sizes;         // K x sizes x (found, true, wrong)

    /**
     * Pixels of one class that were taken for another.
     *
     * @param truth      the class they have
     * @param prediction the class they were given; K stands for words that are no class of the data set
     */
    public record Confused(int truth, int prediction, long pixels) {
    }

    /** @param classes K */
    public Totals(int classes) {
        this.confusion = new ConfusionMatrix(classes);
        this.boundary = new long[classes * 3];
        this.sizes = new long[classes * SIZES * 3];
    }

    /** Of all these pictures. */
    public static Totals of(int classes, Iterable<PictureCounts> pictures) {
        Totals totals = new Totals(classes);
        pictures.forEach(totals::add);
        return totals;
    }

    /** Adds a picture. */
    public void add(PictureCounts picture) {
        int[] c = picture.confusion(), b = picture.boundary(), s = picture.sizes();
        for (int i = 0; i < c.length; i += 3) confusion.add(c[i], c[i + 1], c[i + 2]);
        for (int i = 0; i < b.length; i += 4) for (int k = 0; k < 3; k++) boundary[3 * b[i] + k] += b[i + 1 + k];
        for (int i = 0; i < s.length; i += 5) for (int k = 0; k < 3; k++) sizes[3 * (s[i] * SIZES + s[i + 1]) + k] += s[i + 2 + k];
    }

    /** Counts of every pair of classes, with mIoU, mAcc and aAcc. */
    public ConfusionMatrix confusion() {
        return confusion;
    }

    public int classes() {
        return confusion.classes();
    }

    /** Intersection over union of the parts of truth and prediction that lie near their contours; NaN if a class has neither. */
    public double boundaryIou(int c) {
        return percent(boundary[3 * c], boundary[3 * c + 1] + boundary[3 * c + 2] - boundary[3 * c]);
    }

    /** Mean of {@link #boundaryIou} over the classes that have one. */
    public double meanBoundaryIou() {
        return mean(this::boundaryIou);
    }

    /**
     * Found pixels of truth regions of one size, over all their pixels and the wrong pixels of predicted regions of that size; NaN if the truth has
     * no region of that size and class.
     */
    public double iou(int c, RegionSize size) {
        int at = 3 * (c * SIZES + size.ordinal());
        return sizes[at + 1] == 0 ? Double.NaN : percent(sizes[at], sizes[at + 1] + sizes[at + 2]);
    }

    /** Mean of {@link #iou(int, RegionSize)} over the classes that have one. */
    public double meanIou(RegionSize size) {
        return mean(c -> iou(c, size));
    }

    /** Share of the classes in the truth of which not a single pixel was found. */
    public double zeroShare() {
        long there = IntStream.range(0, classes()).filter(c -> confusion.truthPixels(c) > 0).count();
        long zero = IntStream.range(0, classes()).filter(c -> confusion.truthPixels(c) > 0 && confusion.count(c, c) == 0).count();
        return percent(zero, there);
    }

    /** The pairs with most pixels, most first; fewer than {@code most} if there are no more. */
    public List<Confused> confused(int most) {
        List<Confused> pairs = new ArrayList<>();
        for (int truth = 0; truth < classes(); truth++) {
            for (int prediction = 0; prediction <= classes(); prediction++) {
                long pixels = confusion.count(truth, prediction);
                if (truth != prediction && pixels > 0) pairs.add(new Confused(truth, prediction, pixels));
            }
        }
        pairs.sort(Comparator.comparingLong(Confused::pixels).reversed());
        return List.copyOf(pairs.subList(0, Math.min(most, pairs.size())));
    }

    private double mean(IntToDoubleFunction score) {
        double[] scores = new double[classes()];
        Arrays.setAll(scores, score);
        return ConfusionMatrix.mean(scores);
    }

    private static double percent(long part, long whole) {
        return whole == 0 ? Double.NaN : 100.0 * part / whole;
    }
}
