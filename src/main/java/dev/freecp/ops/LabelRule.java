package dev.freecp.ops;

/**
 * From class scores P(c) of a pixel to its label (specification, sections 9 and 9.1). The first of equal scores wins.
 *
 * @param classOfMap for each map the class it belongs to, numbered from 0 without the background; a class's score in a window is the largest of
 *                   its maps' scores
 * @param classes    number of classes without the background
 * @param background what label 0 is
 * @param threshold  of {@link Background#THRESHOLD}, otherwise unused
 */
public record LabelRule(int[] classOfMap, int classes, Background background, float threshold) {

    /** What label 0 stands for. */
    public enum Background {
        /** No background: labels are the classes 0, 1, ...; a pixel where nothing fires is class 0. */
        NONE,
        /** Label 0 is the background with the score 1 - max P(c); classes are 1, 2, .... */
        ONE_MINUS_MAX,
        /** Label 0 is the background where max P(c) lies below the threshold; classes are 1, 2, .... */
        THRESHOLD
    }

    /** Number of labels, the background included. */
    public int labels() {
        return background == Background.NONE ? classes : classes + 1;
    }
}
