package dev.freecp.report.export;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/**
 * What is wrong with rings that were simplified one by one, each from exact ones without fault. All of it is decided with whole numbers. Where
 * rings touch in a corner of both they may go on to do so, but must not cross there.
 */
final class RingConflicts {

    /** A side of a ring from corner {@code from} to the next. */
    private record Side(int ring, int from, int x0, int y0, int x1, int y1) {

        int left() {
            return Math.min(x0, x1);
        }

        int right() {
            return Math.max(x0, x1);
        }
    }

    private final List<Ring> exact;
    private final List<Ring> rings;
    private final BitSet holes;
    private final BitSet conflicts = new BitSet();

    /** @param holes which of the rings are holes */
    RingConflicts(List<Ring> exact, List<Ring> rings, BitSet holes) {
        this.exact = exact;
        this.rings = rings;
        this.holes = holes;
    }

    /** The rings to blame; at least one of them is not its exact one. Empty if all is well. */
    BitSet find() {
        turnedOver();
        crossings();
        if (conflicts.isEmpty()) misplaced();
        return conflicts;
    }

    private void turnedOver() {
        for (int i = 0; i < rings.size(); i++)
            if (Long.signum(rings.get(i).doubledArea()) != Long.signum(exact.get(i).doubledArea())) conflicts.set(i);
    }

    private void crossings() {
        Side[] sides = sides();
        Arrays.sort(sides, Comparator.comparingInt(Side::left));
        for (int i = 0; i < sides.length; i++) {
            for (int j = i + 1; j < sides.length && sides[j].left() <= sides[i].right(); j++) {
                if (!conflict(sides[i], sides[j])) continue;
                conflicts.set(sides[i].ring);
                conflicts.set(sides[j].ring);
            }
        }
    }

    private Side[] sides() {
        Side[] sides = new Side[rings.stream().mapToInt(Ring::corners).sum()];
        int count = 0;
        for (int r = 0; r < rings.size(); r++) {
            Ring ring = rings.get(r);
            for (int i = 0; i < ring.corners(); i++) {
                int next = (i + 1) % ring.corners();
                sides[count++] = new Side(r, i, ring.x(i), ring.y(i), ring.x(next), ring.y(next));
            }
        }
        return sides;
    }

    private boolean conflict(Side s, Side t) {
        if (Math.max(s.y0, s.y1) < Math.min(t.y0, t.y1) || Math.max(t.y0, t.y1) < Math.min(s.y0, s.y1)) return false;
        boolean startStart = s.x0 == t.x0 && s.y0 == t.y0, startEnd = s.x0 == t.x1 && s.y0 == t.y1;
        boolean endStart = s.x1 == t.x0 && s.y1 == t.y0, endEnd = s.x1 == t.x1 && s.y1 == t.y1;
        if (!startStart && !startEnd && !endStart && !endEnd) return meet(s, t);
        if (s.ring == t.ring) return startStart || endEnd || (startEnd ? runOver(s, t) : runOver(t, s));
        return startStart && crossInCorner(s, t) || meetElsewhere(s, t, startStart || startEnd, startStart || endStart);
    }

    /** Whether sides without a common end have a common point. */
    private static boolean meet(Side s, Side t) {
        int a = turn(s, t.x0, t.y0), b = turn(s, t.x1, t.y1), c = turn(t, s.x0, s.y0), d = turn(t, s.x1, s.y1);
        if (a * b < 0 && c * d < 0) return true;
        return a == 0 && within(s, t.x0, t.y0) || b == 0 && within(s, t.x1, t.y1)
            || c == 0 && within(t, s.x0, s.y0) || d == 0 && within(t, s.x1, s.y1);
    }

    /** Whether a side runs back over the one that ends where it starts. */
    private static boolean runOver(Side after, Side before) {
        return sameDirection(after.x1 - after.x0, after.y1 - after.y0, before.x0 - before.x1, before.y0 - before.y1);
    }

    /** Whether sides that meet in an end lie on each other. */
    private static boolean meetElsewhere(Side s, Side t, boolean startOfS, boolean startOfT) {
        int sx = startOfS ? s.x1 - s.x0 : s.x0 - s.x1, sy = startOfS ? s.y1 - s.y0 : s.y0 - s.y1;
        int tx = startOfT ? t.x1 - t.x0 : t.x0 - t.x1, ty = startOfT ? t.y1 - t.y0 : t.y0 - t.y1;
        return sameDirection(sx, sy, tx, ty);
    }

    /** Whether rings that touch where two sides start go over to each other's other side there. */
    private boolean crossInCorner(Side s, Side t) {
        int[] back = way(s, -1), ahead = way(s, 1);
        return isBetween(back, ahead, way(t, -1)) != isBetween(back, ahead, way(t, 1));
    }

    /** From the start of a side to the corner before or behind it. */
    private int[] way(Side side, int step) {
        Ring ring = rings.get(side.ring);
        int corner = Math.floorMod(side.from + step, ring.corners());
        return new int[] {ring.x(corner) - side.x0, ring.y(corner) - side.y0};
    }

    /** Whether a direction lies on the way around from one to another. */
    private static boolean isBetween(int[] from, int[] to, int[] direction) {
        long whole = cross(from, to), first = cross(from, direction), second = cross(direction, to);
        if (whole > 0) return first > 0 && second > 0;
        if (whole < 0) return first > 0 || second > 0;
        return first > 0;
    }

    private static long cross(int[] a, int[] b) {
        return (long) a[0] * b[1] - (long) a[1] * b[0];
    }

    private static boolean sameDirection(long ax, long ay, long bx, long by) {
        return ax * by == ay * bx && ax * bx + ay * by > 0;
    }

    /** On which side of a side a point lies; 0 on its line. */
    private static int turn(Side s, int x, int y) {
        return Long.signum((long) (s.x1 - s.x0) * (y - s.y0) - (long) (s.y1 - s.y0) * (x - s.x0));
    }

    /** Whether a point of a side's line lies on the side. */
    private static boolean within(Side s, int x, int y) {
        return x >= s.left() && x <= s.right() && y >= Math.min(s.y0, s.y1) && y <= Math.max(s.y0, s.y1);
    }

    /** Rings of which not one point is where it belongs: holes lie in an odd number of other rings, outer ones in an even one. */
    private void misplaced() {
        int[][] boxes = exact.stream().map(RingConflicts::box).toArray(int[][]::new);
        List<List<Integer>> rows = byRow(boxes);
        for (int i = 0; i < rings.size(); i++) {
            boolean odd = false;
            for (int j : rows.get((rings.get(i).y(0) + rings.get(i).y(1)) / 2)) if (j != i) odd ^= holdsMiddleOfFirstSide(rings.get(j), rings.get(i));
            if (odd == holes.get(i)) continue;
            for (int j = 0; j < rings.size(); j++) if (overlap(boxes[i], boxes[j])) conflicts.set(j);
        }
    }

    /** For every row of pixels the rings that reach into it; with many small rings that is far less than all pairs. */
    private static List<List<Integer>> byRow(int[][] boxes) {
        List<List<Integer>> rows = new ArrayList<>();
        for (int i = 0; i < boxes.length; i++) {
            while (rows.size() <= boxes[i][3]) rows.add(new ArrayList<>());
            for (int y = boxes[i][1]; y < boxes[i][3]; y++) rows.get(y).add(i);
        }
        return rows;
    }

    /** The corners may lie on the other ring, the middle of a side cannot. Coordinates are doubled. */
    private static boolean holdsMiddleOfFirstSide(Ring ring, Ring of) {
        long x = (long) of.x(0) + of.x(1), y = (long) of.y(0) + of.y(1);
        boolean inside = false;
        for (int i = 0; i < ring.corners(); i++) {
            int next = (i + 1) % ring.corners();
            long x0 = 2L * ring.x(i), y0 = 2L * ring.y(i), x1 = 2L * ring.x(next), y1 = 2L * ring.y(next);
            if (y0 > y == y1 > y) continue;
            long side = (x1 - x0) * (y - y0) - (x - x0) * (y1 - y0);    // of the point, seen along the side
            if (side > 0 == y1 > y0) inside ^= true;
        }
        return inside;
    }

    private static int[] box(Ring ring) {
        int[] box = {Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MIN_VALUE, Integer.MIN_VALUE};
        for (int i = 0; i < ring.corners(); i++) {
            box[0] = Math.min(box[0], ring.x(i));
            box[1] = Math.min(box[1], ring.y(i));
            box[2] = Math.max(box[2], ring.x(i));
            box[3] = Math.max(box[3], ring.y(i));
        }
        return box;
    }

    private static boolean overlap(int[] a, int[] b) {
        return a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3];
    }
}
