package dev.freecp.evaluate;

import java.util.Arrays;

/**
 * Pixel counts of a whole data set, exact, and the scores of specification section 11. Pixels whose truth is {@link #IGNORED} count nowhere.
 * Any other label outside 0..K-1 counts for no class, but its pixel still counts for the class on the other side: a class predicted where the
 * truth is such a label has been predicted wrongly.
 *
 * <p>Scores are percentages. Not safe for use by several threads: give each its own and {@link #merge} them.
 */
public final class ConfusionMatrix {

    /** Truth that is not judged: void in PASCAL VOC, unlabelled elsewhere. */
    public static final int IGNORED = 255;

    private final int classes;
    private final long[] counts;   // (K + 1) x (K + 1), truth by prediction; the last row and column stand for all labels outside 0..K-1

    /** @param classes number of classes K */
    public ConfusionMatrix(int classes) {
        if (classes < 1) throw new IllegalArgumentException("a confusion matrix needs at least one class, not " + classes);
        this.classes = classes;
        this.counts = new long[Math.multiplyExact(classes + 1, classes + 1)];
    }

    public int classes() {
        return classes;
    }

    /** Adds the pixels of one picture; both maps have the same pixels in the same order. */
    public void add(int[] prediction, int[] truth) {
        if (prediction.length != truth.length) {
            throw new IllegalArgumentException("prediction of " + prediction.length + " pixels, truth of " + truth.length + ": sizes must be equal");
        }
        for (int i = 0; i < truth.length; i++) {
            if (truth[i] != IGNORED) counts[index(slot(truth[i]), slot(prediction[i]))]++;
        }
    }

    /** Adds {@code pixels} of class {@code truth} that were predicted as class {@code prediction}; K stands for labels outside 0..K-1. */
    public void add(int truth, int prediction, long pixels) {
        counts[index(truth, prediction)] += pixels;
    }

    /** Adds the counts of another matrix of as many classes. */
    public void merge(ConfusionMatrix other) {
        if (other.classes != classes) throw new IllegalArgumentException("cannot merge " + other.classes + " classes into " + classes);
        for (int i = 0; i < counts.length; i++) counts[i] += other.counts[i];
    }

    /** Pixels of class {@code truth} that were predicted as class {@code prediction}; K stands for labels outside 0..K-1. */
    public long count(int truth, int prediction) {
        return counts[index(truth, prediction)];
    }

    /** Intersection over union of one class in percent; NaN if it occurs neither in truth nor in prediction. */
    public double iou(int c) {
        long union = truthPixels(c) + predictedPixels(c) - count(c, c);
        return percent(count(c, c), union);
    }

    /** Share of a class's true pixels that were predicted so, in percent; NaN if it has none. */
    public double accuracy(int c) {
        return percent(count(c, c), truthPixels(c));
    }

    /** mIoU: mean of {@link #iou} over the classes that have one; NaN if none has. */
    public double meanIou() {
        return mean(perClassIou());
    }

    /** mAcc: mean of {@link #accuracy} over the classes that have one; NaN if none has. */
    public double meanAccuracy() {
        double[] accuracies = new double[classes];
        Arrays.setAll(accuracies, this::accuracy);
        return mean(accuracies);
    }

    /** aAcc: share of all pixels of a true class that were predicted right, in percent. */
    public double pixelAccuracy() {
        long right = 0;
        long all = 0;
        for (int c = 0; c < classes; c++) {
            right += count(c, c);
            all += truthPixels(c);
        }
        return percent(right, all);
    }

    /** {@link #iou} of every class. */
    public double[] perClassIou() {
        double[] ious = new double[classes];
        Arrays.setAll(ious, this::iou);
        return ious;
    }

    /** All counts, (K + 1) x (K + 1), truth by prediction; the last row and column stand for all labels outside 0..K-1. */
    public long[][] rows() {
        long[][] rows = new long[classes + 1][];
        for (int truth = 0; truth <= classes; truth++) rows[truth] = Arrays.copyOfRange(counts, index(truth, 0), index(truth, 0) + classes + 1);
        return rows;
    }

    /** Pixels of a class in the truth. */
    public long truthPixels(int c) {
        long sum = 0;
        for (int prediction = 0; prediction <= classes; prediction++) sum += counts[index(c, prediction)];
        return sum;
    }

    /** Judged pixels that were predicted as a class. */
    public long predictedPixels(int c) {
        long sum = 0;
        for (int truth = 0; truth <= classes; truth++) sum += counts[index(truth, c)];
        return sum;
    }

    private int slot(int label) {
        return label >= 0 && label < classes ? label : classes;
    }

    private int index(int truth, int prediction) {
        return truth * (classes + 1) + prediction;
    }

    private static double percent(long part, long whole) {
        return whole == 0 ? Double.NaN : 100.0 * part / whole;
    }

    /** Mean of the numbers among these; NaN if there is none. */
    static double mean(double[] values) {
        return Arrays.stream(values).filter(value -> !Double.isNaN(value)).average().orElse(Double.NaN);
    }
}
