package dev.freecp.evaluate;

import dev.freecp.image.LabelMap;
import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;

/**
 * Exact pixel counts of one picture, only those that are not zero. The counts of a data set are their sums ({@link Totals}), and statistics over
 * pictures draw them anew, so this is all that is kept of a picture. Pixels whose truth is {@link ConfusionMatrix#IGNORED} count nowhere. Arrays are
 * not copied.
 *
 * @param confusion triples: class in the truth, class predicted (K stands for all other labels), pixels
 * @param boundary  quadruples: class, pixels near the contour in both maps and of that class in both, in the truth, in the prediction
 * @param sizes     quintuples: class, ordinal of a {@link RegionSize}, true pixels in truth regions of that size that were found, all of them, and
 *                  wrongly predicted pixels in predicted regions of that size
 */
public record PictureCounts(int[] confusion, int[] boundary, int[] sizes) {

    private static final int SIZES = RegionSize.values().length;
    private static final int[] WIDTHS = {3, 4, 5};

    /** Counts a prediction; both maps are of one size. */
    public static PictureCounts of(LabelMap prediction, LabelMap truth, int classes) {
        return new PictureCounts(confusion(prediction, truth, classes), boundary(prediction, truth, classes), sizes(prediction, truth, classes));
    }

    private static boolean isClass(int label, int classes) {
        return label >= 0 && label < classes;
    }

    private static int slot(int label, int classes) {
        return isClass(label, classes) ? label : classes;
    }

    private static int[] confusion(LabelMap prediction, LabelMap truth, int classes) {
        int[] p = prediction.labels(), t = truth.labels();
        int[] counts = new int[(classes + 1) * (classes + 1)];
        for (int i = 0; i < t.length; i++)
            if (t[i] != ConfusionMatrix.IGNORED) counts[slot(t[i], classes) * (classes + 1) + slot(p[i], classes)]++;
        return sparse(counts, 1, new int[] {classes + 1, classes + 1});
    }

    private static int[] boundary(LabelMap prediction, LabelMap truth, int classes) {
        int distance = Contours.distance(truth);
        boolean[] nearTrue = Contours.near(truth, distance), nearPredicted = Contours.near(prediction, distance);
        int[] p = prediction.labels(), t = truth.labels();
        int[] counts = new int[classes * 3];
        for (int i = 0; i < t.length; i++) {
            if (t[i] == ConfusionMatrix.IGNORED) continue;
            boolean inTruth = nearTrue[i] && isClass(t[i], classes), inPrediction = nearPredicted[i] && isClass(p[i], classes);
            if (inTruth && inPrediction && t[i] == p[i]) counts[3 * t[i]]++;
            if (inTruth) counts[3 * t[i] + 1]++;
            if (inPrediction) counts[3 * p[i] + 2]++;
        }
        return sparse(counts, 3, new int[] {classes});
    }

    private static int[] sizes(LabelMap prediction, LabelMap truth, int classes) {
        byte[] trueSize = ConnectedRegions.sizes(truth), predictedSize = ConnectedRegions.sizes(prediction);
        int[] p = prediction.labels(), t = truth.labels();
        int[] counts = new int[classes * SIZES * 3];
        for (int i = 0; i < t.length; i++) {
            if (t[i] == ConfusionMatrix.IGNORED) continue;
            if (isClass(t[i], classes)) {
                int at = 3 * (t[i] * SIZES + trueSize[i]);
                if (t[i] == p[i]) counts[at]++;
                counts[at + 1]++;
            }
            if (isClass(p[i], classes) && t[i] != p[i]) counts[3 * (p[i] * SIZES + predictedSize[i]) + 2]++;
        }
        return sparse(counts, 3, new int[] {classes, SIZES});
    }

    /** Groups of {@code values} counts that are not all zero, each behind its place in a table of these dimensions. */
    private static int[] sparse(int[] counts, int values, int[] dimensions) {
        int width = dimensions.length + values, kept = 0;
        int[] sparse = new int[counts.length / values * width];
        for (int group = 0; group < counts.length / values; group++) {
            int from = group * values;
            if (Arrays.stream(counts, from, from + values).allMatch(count -> count == 0)) continue;
            int place = group;
            for (int d = dimensions.length - 1; d >= 0; place /= dimensions[d--]) sparse[kept + d] = place % dimensions[d];
            System.arraycopy(counts, from, sparse, kept + dimensions.length, values);
            kept += width;
        }
        return Arrays.copyOf(sparse, kept);
    }

    /** The three lists of numbers, each separated by commas, with a bar between them: {@code 0,0,512,0,3,7|0,90,120,110|0,2,512,519,0}. */
    public String format() {
        return join(confusion) + "|" + join(boundary) + "|" + join(sizes);
    }

    private static String join(int[] numbers) {
        return Arrays.stream(numbers).mapToObj(Integer::toString).collect(Collectors.joining(","));
    }

    /**
     * What {@link #format} wrote.
     *
     * @throws IllegalArgumentException if it is nothing that could have been written for this number of classes
     */
    public static PictureCounts parse(String text, int classes) {
        String[] parts = text.split("\\|", -1);
        if (parts.length != WIDTHS.length) throw new IllegalArgumentException("counts must have " + WIDTHS.length + " parts, not " + parts.length);
        IntPredicate slot = c -> c <= classes, known = c -> c < classes, size = s -> s < SIZES;
        return new PictureCounts(
            numbers(parts[0], WIDTHS[0], slot, slot), numbers(parts[1], WIDTHS[1], known), numbers(parts[2], WIDTHS[2], known, size));
    }

    private static int[] numbers(String list, int width, IntPredicate... places) {
        int[] numbers = list.isEmpty() ? new int[0] : Arrays.stream(list.split(",", -1)).mapToInt(Integer::parseInt).toArray();
        if (numbers.length % width != 0) throw new IllegalArgumentException("counts must come in groups of " + width);
        for (int i = 0; i < numbers.length; i++) {
            boolean place = i % width < places.length;
            if (numbers[i] < 0 || place && !places[i % width].test(numbers[i]))
                throw new IllegalArgumentException("there is no " + (place ? "class" : "count") + " " + numbers[i]);
        }
        return numbers;
    }
}
