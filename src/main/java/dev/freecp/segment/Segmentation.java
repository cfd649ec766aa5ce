package dev.freecp.segment;

import dev.freecp.image.LabelMap;
import dev.freecp.ops.Region;
import dev.freecp.purify.WindowReport;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The result for one picture.
 *
 * @param labels     a label for every pixel of the picture as it came
 * @param confidence the winning score of every pixel, row by row, in [0, 1]
 * @param vocabulary what the labels mean
 * @param windows    where the windows lay in the resized picture
 * @param reports    what was decided in each window
 * @param seconds    time of each stage; of those that pictures went through together, an even share
 */
public record Segmentation(LabelMap labels, float[] confidence, Vocabulary vocabulary, List<Region> windows, List<WindowReport> reports,
                           Map<String, Double> seconds) {

    /** The same with stages that came before its own. */
    Segmentation after(Map<String, Double> before) {
        Map<String, Double> all = new LinkedHashMap<>(before);
        all.putAll(seconds);
        return new Segmentation(labels, confidence, vocabulary, windows, reports, Collections.unmodifiableMap(all));
    }

    /** Pixels of each label. */
    public long[] areas() {
        long[] areas = new long[vocabulary.labelNames().size()];
        for (int label : labels.labels()) areas[label]++;
        return areas;
    }

    /** Mean confidence over the pixels of each label; NaN for labels without pixels. */
    public double[] meanConfidence() {
        long[] areas = areas();
        double[] sums = new double[areas.length];
        for (int i = 0; i < confidence.length; i++) sums[labels.labels()[i]] += confidence[i];
        for (int label = 0; label < sums.length; label++) sums[label] /= areas[label];
        return sums;
    }
}
