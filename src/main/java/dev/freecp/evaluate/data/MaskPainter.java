package dev.freecp.evaluate.data;

import java.util.Arrays;

/**
 * Paints the masks of COCO's annotation files into a label map, pixel for pixel as COCO's own {@code maskApi} does (github.com/cocodataset/cocoapi).
 * Masks are counted column by column; later ones cover earlier ones.
 */
final class MaskPainter {

    /** Outlines are followed on a grid this much finer than the pixels. */
    private static final int FINE = 5;

    private final int height;
    private final int width;
    private final int[] labels;

    MaskPainter(int height, int width) {
        this.height = height;
        this.width = width;
        this.labels = new int[Math.multiplyExact(height, width)];
    }

    /** The map so far, row by row; 0 where nothing was painted. */
    int[] labels() {
        return labels;
    }

    /** @param runs lengths of runs of pixels, in turn outside and inside the mask; together as long as the map */
    void paintRuns(int[] runs, int label) {
        int at = 0;
        for (int i = 0; i < runs.length; i++) {
            if (i % 2 == 1) paint(at, at + runs[i], label);
            at += runs[i];
        }
    }

    /** @param polygon x, y of each corner in pixels, at least three corners */
    void paintPolygon(double[] polygon, int label) {
        int corners = polygon.length / 2;
        Outline outline = new Outline();
        for (int i = 0; i < corners; i++) {
            int next = (i + 1) % corners;
            outline.line(fine(polygon[2 * i]), fine(polygon[2 * i + 1]), fine(polygon[2 * next]), fine(polygon[2 * next + 1]));
        }
        int[] borders = outline.borders();
        for (int i = 0; i < borders.length; i += 2) {
            paint(borders[i], i + 1 < borders.length ? borders[i + 1] : labels.length, label);
        }
    }

    private static int fine(double coordinate) {
        return (int) (FINE * coordinate + 0.5);
    }

    private void paint(int from, int to, int label) {
        for (int i = from; i < to; i++) labels[i % height * width + i / height] = label;
    }

    /** Follows a closed outline and notes in which column, and at which pixel of it, the inside begins or ends. */
    private final class Outline {

        private int[] borders = new int[64];
        private int count;
        private boolean begun;
        private int lastU;
        private int lastV;

        /** Goes from one corner to the next, one fine step after the other along the longer direction. */
        void line(int fromX, int fromY, int toX, int toY) {
            int dx = Math.abs(toX - fromX);
            int dy = Math.abs(toY - fromY);
            boolean flat = dx >= dy;
            // A line has the same points whichever end it is walked from: they are computed from its lesser end.
            boolean backwards = flat ? fromX > toX : fromY > toY;
            int startX = backwards ? toX : fromX;
            int startY = backwards ? toY : fromY;
            int steps = Math.max(dx, dy);
            double slope = steps == 0 ? 0 : (double) (flat ? (backwards ? fromY - toY : toY - fromY) : (backwards ? fromX - toX : toX - fromX)) / steps;
            for (int d = 0; d <= steps; d++) {
                int t = backwards ? steps - d : d;
                if (flat) {
                    visit(startX + t, (int) (startY + slope * t + 0.5));
                } else {
                    visit((int) (startX + slope * t + 0.5), startY + t);
                }
            }
        }

        /** A step to another fine column crosses a column of pixels if it passes the middle of one. */
        private void visit(int u, int v) {
            if (begun && u != lastU) {
                double x = ((u < lastU ? u : u - 1) + 0.5) / FINE - 0.5;
                if (Math.floor(x) == x && x >= 0 && x <= width - 1) {
                    double y = Math.clamp((Math.min(v, lastV) + 0.5) / FINE - 0.5, 0, height);
                    add((int) x * height + (int) Math.ceil(y));
                }
            }
            begun = true;
            lastU = u;
            lastV = v;
        }

        private void add(int border) {
            if (count == borders.length) borders = Arrays.copyOf(borders, 2 * count);
            borders[count++] = border;
        }

        /** Counted column by column, in ascending order. */
        int[] borders() {
            int[] sorted = Arrays.copyOf(borders, count);
            Arrays.sort(sorted);
            return sorted;
        }
    }
}
