package dev.freecp.evaluate;

/** How annotation files of some data sets differ from class numbers. */
public final class TruthLabels {

    private TruthLabels() {}

    /**
     * {@code reduce_zero_label} of the data set table (specification, section 11): label 0 means "other" and becomes
     * {@link ConfusionMatrix#IGNORED}, which itself stays; all others count from 1 in the file and move down by one. In place.
     */
    public static void reduceZero(int[] truth) {
        for (int i = 0; i < truth.length; i++) {
            if (truth[i] != ConfusionMatrix.IGNORED) truth[i] = truth[i] == 0 ? ConfusionMatrix.IGNORED : truth[i] - 1;
        }
    }
}
