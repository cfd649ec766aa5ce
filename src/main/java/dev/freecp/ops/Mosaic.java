package dev.freecp.ops;

import java.util.List;

/**
 * How maps on windows' token grids come together as a picture of labels (specification, sections 2 and 9): each map is up-sampled to its window,
 * windows are summed at their places and divided by how many cover a pixel, and the result is resized to the output.
 *
 * @param height       rows of the picture that the windows were cut from
 * @param width        its columns
 * @param windows      where the windows lie, all of one size
 * @param gridHeight   rows of a window's token grid
 * @param gridWidth    its columns
 * @param outputHeight rows of the label map
 * @param outputWidth  its columns
 */
public record Mosaic(int height, int width, List<Region> windows, int gridHeight, int gridWidth, int outputHeight, int outputWidth) {

    public Mosaic {
        windows = List.copyOf(windows);
        if (windows.isEmpty()) throw new IllegalArgumentException("a mosaic needs a window");
        for (Region w : windows) {
            if (w.y1() > height || w.x1() > width) throw new IllegalArgumentException(w + " lies outside " + height + " x " + width);
            if (w.height() != windows.getFirst().height() || w.width() != windows.getFirst().width())
                throw new IllegalArgumentException("windows of different sizes: " + w + ", " + windows.getFirst());
        }
    }
}
