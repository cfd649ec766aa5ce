package dev.freecp.ops;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Boxes of a score map (specification, section 6.1): what OpenCV's {@code findContours} with the full tree and {@code boundingRect} give the
 * released program. Pure integer code, the same for every backend on the host.
 */
public final class Boxes {

    private final int height;
    private final int width;
    private final boolean[] on;
    private final boolean[] seen;
    private final int[] stack;

    private Boxes(boolean[] on, int height, int width) {
        this.on = on;
        this.height = height;
        this.width = width;
        this.seen = new boolean[on.length];
        this.stack = new int[on.length];
    }

    /**
     * @param map values in [0, 1], row-major height x width
     * @return sorted boxes; a map without a value of at least 1/255 has the single box (0, 0, 0, 0)
     */
    public static List<Box> of(float[] map, int height, int width, BoxRule rule) {
        Boxes search = new Boxes(threshold(map), height, width);
        List<Box> boxes = new ArrayList<>();
        for (int cell = 0; cell < map.length; cell++) {
            if (search.seen[cell]) continue;
            if (search.on[cell]) {
                Extent e = search.flood(cell, true);
                boxes.add(rule == BoxRule.REGIONS ? new Box(e.x0, e.y0, e.x1 + 1, e.y1 + 1) : search.clipped(e.x0, e.y0, e.x1 + 1, e.y1 + 1));
            } else {
                Extent e = search.flood(cell, false);
                boolean hole = e.x0 > 0 && e.y0 > 0 && e.x1 < width - 1 && e.y1 < height - 1;
                if (hole && rule == BoxRule.CONTOURS) boxes.add(search.clipped(e.x0 - 1, e.y0 - 1, e.x1 + 2, e.y1 + 2));
            }
        }
        if (boxes.isEmpty()) boxes.add(new Box(0, 0, 0, 0));
        Collections.sort(boxes);
        return boxes;
    }

    /** 1 inside the union of the boxes, 0 outside. */
    public static boolean[] mask(List<Box> boxes, int height, int width) {
        boolean[] mask = new boolean[height * width];
        for (Box box : boxes)
            for (int y = box.y0(); y < box.y1(); y++)
                for (int x = box.x0(); x < box.x1(); x++) mask[y * width + x] = true;
        return mask;
    }

    /** Bytes above 0.4 of the largest; the truncations are the released program's and decide which cells count. */
    private static boolean[] threshold(float[] map) {
        int max = 0;
        for (float v : map) max = Math.max(max, toByte(v));
        int threshold = 2 * max / 5;
        boolean[] on = new boolean[map.length];
        for (int i = 0; i < map.length; i++) on[i] = toByte(map[i]) > threshold;
        return on;
    }

    private static int toByte(float v) {
        return (int) (v * 255f) & 0xff;
    }

    /** x1 and y1 are exclusive, and yet clipped to width - 1 and height - 1: the last column and row are never inside a box. */
    private Box clipped(int x0, int y0, int x1, int y1) {
        return new Box(x0, y0, Math.min(x1, width - 1), Math.min(y1, height - 1));
    }

    private record Extent(int x0, int y0, int x1, int y1) {
    }

    /** Visits all cells connected to {@code start} and alike: on cells with eight neighbours, off cells with four. */
    private Extent flood(int start, boolean value) {
        int x0 = width, y0 = height, x1 = -1, y1 = -1, top = 0;
        stack[top++] = start;
        seen[start] = true;
        while (top > 0) {
            int cell = stack[--top], y = cell / width, x = cell % width;
            x0 = Math.min(x0, x);
            x1 = Math.max(x1, x);
            y0 = Math.min(y0, y);
            y1 = Math.max(y1, y);
            for (int dy = -1; dy <= 1; dy++) {
                for (int dx = -1; dx <= 1; dx++) {
                    boolean diagonal = dx != 0 && dy != 0;
                    if (diagonal && !value || y + dy < 0 || y + dy >= height || x + dx < 0 || x + dx >= width) continue;
                    int next = cell + dy * width + dx;
                    if (seen[next] || on[next] != value) continue;
                    seen[next] = true;
                    stack[top++] = next;
                }
            }
        }
        return new Extent(x0, y0, x1, y1);
    }
}
