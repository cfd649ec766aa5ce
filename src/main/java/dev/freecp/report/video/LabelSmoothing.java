package dev.freecp.report.video;

import dev.freecp.image.LabelMap;

/**
 * Labels that do not flicker. Every pixel keeps the label it shows and one that challenges it, each with its votes, an exponential mean of
 * confidences: with each frame, whose label is l and whose confidence is c,
 * <pre>{@code
 * votes <- keep * votes                       for both
 * votes <- votes + (1 - keep) * c             for the one that is l
 * }</pre>
 * where an l that is neither takes the challenger's place with (1 - keep) * c, and then the challenger is shown if it has more votes. The first
 * frame is shown as it is, with its confidences as votes, as if it had always been there. A change that lasts is followed, at equal confidences,
 * after the first n frames with {@code keep^n < 1/2}: 4 frames for 0.8. Keeping two labels a pixel in place of a mean of all maps makes memory
 * independent of the number of classes.
 */
public final class LabelSmoothing {

    private final double keep;
    private int[] shown;
    private int[] challenger;
    private double[] shownVotes;
    private double[] challengerVotes;

    /** @param keep from 0, which follows every frame, to below 1 */
    public LabelSmoothing(double keep) {
        if (!(keep >= 0 && keep < 1)) throw new IllegalArgumentException("keep must be from 0 to below 1, not " + keep);
        this.keep = keep;
    }

    /**
     * The labels to show for the next frame.
     *
     * @param confidence one number a pixel, in [0, 1]
     * @throws IllegalArgumentException if the size is not that of the frames before
     */
    public LabelMap next(LabelMap frame, float[] confidence) {
        int[] labels = frame.labels();
        if (shown == null) {
            begin(labels, confidence);
            return frame;
        }
        if (labels.length != shown.length) throw new IllegalArgumentException(labels.length + " pixels after frames of " + shown.length);
        for (int i = 0; i < labels.length; i++) follow(i, labels[i], (1 - keep) * confidence[i]);
        return new LabelMap(frame.height(), frame.width(), shown.clone());
    }

    private void begin(int[] labels, float[] confidence) {
        shown = labels.clone();
        challenger = labels.clone();
        shownVotes = new double[labels.length];
        challengerVotes = new double[labels.length];
        for (int i = 0; i < labels.length; i++) shownVotes[i] = confidence[i];
    }

    private void follow(int pixel, int label, double vote) {
        shownVotes[pixel] *= keep;
        challengerVotes[pixel] *= keep;
        if (label == shown[pixel]) {
            shownVotes[pixel] += vote;
            return;
        }
        challengerVotes[pixel] = label == challenger[pixel] ? challengerVotes[pixel] + vote : vote;
        challenger[pixel] = label;
        if (challengerVotes[pixel] <= shownVotes[pixel]) return;
        challenger[pixel] = shown[pixel];
        shown[pixel] = label;
        double votes = shownVotes[pixel];
        shownVotes[pixel] = challengerVotes[pixel];
        challengerVotes[pixel] = votes;
    }
}
