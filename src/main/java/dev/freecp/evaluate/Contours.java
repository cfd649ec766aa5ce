package dev.freecp.evaluate;

import dev.freecp.image.LabelMap;
import java.util.Arrays;

/**
 * Pixels near the contour of their region, as boundary IoU has them (Cheng et al., "Boundary IoU", CVPR 2021): those that d erosions by a 3 x 3
 * square take away from the mask of their label, so some pixel within d rows and d columns has another label or lies beyond the picture.
 */
final class Contours {

    /** d as a part of the picture's diagonal, as published. */
    private static final double DIAGONAL_SHARE = 0.02;

    private static final int MIXED = Integer.MIN_VALUE;

    private Contours() {
    }

    /** d for a picture: two percent of its diagonal, at least one pixel. */
    static int distance(LabelMap map) {
        return Math.max(1, (int) Math.rint(DIAGONAL_SHARE * Math.hypot(map.height(), map.width())));
    }

    /** For every pixel whether it lies near the contour of its region. */
    static boolean[] near(LabelMap map, int distance) {
        int height = map.height(), width = map.width(), window = 2 * distance + 1;
        boolean[] near = new boolean[height * width];
        Arrays.fill(near, true);
        int[] uniform = new int[width], before = new int[width], run = new int[width];
        for (int y = 0; y < height; y++) {
            rowWindows(map, y, distance, uniform);
            for (int x = 0; x < width; x++) {
                run[x] = uniform[x] == MIXED ? 0 : uniform[x] == before[x] ? run[x] + 1 : 1;
                before[x] = uniform[x];
                if (run[x] >= window) near[(y - distance) * width + x] = false;
            }
        }
        return near;
    }

    /** For every pixel of a row its label if all pixels up to {@code distance} to both sides have it, otherwise {@link #MIXED}. */
    private static void rowWindows(LabelMap map, int y, int distance, int[] uniform) {
        int[] labels = map.labels();
        int width = map.width(), row = y * width;
        for (int start = 0, end; start < width; start = end) {
            for (end = start + 1; end < width && labels[row + end] == labels[row + start]; end++) { }
            for (int x = start; x < end; x++) uniform[x] = x - distance >= start && x + distance < end ? labels[row + x] : MIXED;
        }
    }
}
