package dev.freecp.report.export;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Walks around regions along the edges of pixels, the region on the right hand. Where two pixels of a region meet at a corner only, the walk stays
 * with the pixel outside: as the region hangs together elsewhere, the two pixels outside lie in different holes, or one in a hole and one around
 * the region, and so no ring comes to a corner twice. Rings of one region may touch in such corners, as the simple features standard (OGC
 * 06-103r4) allows, and never cross.
 */
final class Tracer {

    private static final int RIGHT = 0, TO_THE_LEFT = 3, TO_THE_RIGHT = 1;

    /**
     * Steps to the right, down, left, up; and from a corner to the pixel ahead on the right hand. The pixel ahead on the left hand is the one of
     * the direction before.
     */
    private static final int[] STEP_X = {1, 0, -1, 0}, STEP_Y = {0, 1, 0, -1}, AHEAD_X = {0, -1, -1, 0}, AHEAD_Y = {0, 0, -1, -1};

    private final int[] numbers;
    private final int height;
    private final int width;
    private final boolean[] walked;   // the upper edges of pixels
    private int[] xy = new int[64];
    private int count;

    Tracer(int[] numbers, int height, int width) {
        this.numbers = numbers;
        this.height = height;
        this.width = width;
        this.walked = new boolean[numbers.length];
    }

    /** The rings of each of so many regions: the outer one, which has the region's first pixel, comes first. */
    List<List<Ring>> rings(int regions) {
        List<List<Ring>> rings = new ArrayList<>();
        for (int i = 0; i < regions; i++) rings.add(new ArrayList<>(1));
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int region = numbers[y * width + x];
                if (!walked[y * width + x] && !isIn(region, y - 1, x)) rings.get(region - 1).add(walk(region, y, x));
            }
        }
        return rings;
    }

    /** Begins at the upper left corner of a pixel at whose upper edge the region ends. */
    private Ring walk(int region, int startY, int startX) {
        count = 0;
        int y = startY, x = startX, direction = RIGHT;
        do {
            if (direction == RIGHT) walked[y * width + x] = true;
            x += STEP_X[direction];
            y += STEP_Y[direction];
            int left = (direction + TO_THE_LEFT) % 4;
            int turn = isIn(region, y + AHEAD_Y[left], x + AHEAD_X[left]) ? TO_THE_LEFT
                : isIn(region, y + AHEAD_Y[direction], x + AHEAD_X[direction]) ? 0 : TO_THE_RIGHT;
            if (turn != 0) add(x, y);
            direction = (direction + turn) % 4;
        } while (y != startY || x != startX);
        return new Ring(Arrays.copyOf(xy, count));
    }

    private boolean isIn(int region, int y, int x) {
        return y >= 0 && y < height && x >= 0 && x < width && numbers[y * width + x] == region;
    }

    private void add(int x, int y) {
        if (count == xy.length) xy = Arrays.copyOf(xy, 2 * count);
        xy[count++] = x;
        xy[count++] = y;
    }
}
