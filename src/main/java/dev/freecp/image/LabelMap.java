package dev.freecp.image;

/**
 * A label for every pixel.
 *
 * @param labels row by row, {@code height * width} of them; not copied
 */
public record LabelMap(int height, int width, int[] labels) {

    public LabelMap {
        if (labels.length != (long) height * width) throw new IllegalArgumentException(labels.length + " labels for " + new Size(height, width));
    }
}
