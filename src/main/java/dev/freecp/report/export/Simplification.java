package dev.freecp.report.export;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Outlines with fewer corners, after Douglas and Peucker: no corner that is left out lies farther than the tolerance from the line in its place.
 * Four corners of every ring always stay, two far from each other and the farthest on either side, and so do corners in which rings touch. Rings
 * of one label that would come to cross, to touch elsewhere, to turn over or to leave the hole they lie in ({@link RingConflicts}) are simplified
 * again with half the tolerance, in the end not at all. Labels are taken one by one: along a common border the outlines of two labels can differ
 * by twice the tolerance.
 */
final class Simplification {

    private static final double LEAST_TOLERANCE = 0.5;   // below, next to nothing can go from a line along pixel edges

    private Simplification() {
    }

    /** @param outlines all of one label, exact */
    static List<Outline> of(List<Outline> outlines, double tolerance) {
        if (tolerance < LEAST_TOLERANCE) return outlines;
        List<Ring> rings = new ArrayList<>();
        BitSet holes = new BitSet();
        for (Outline outline : outlines) {
            rings.add(outline.outer());
            holes.set(rings.size(), rings.size() + outline.holes().size());
            rings.addAll(outline.holes());
        }
        List<Ring> simple = simplified(rings, holes, tolerance);
        List<Outline> result = new ArrayList<>();
        int next = 0;
        for (Outline outline : outlines) {
            int first = next;
            next += 1 + outline.holes().size();
            result.add(outline.with(simple.get(first), List.copyOf(simple.subList(first + 1, next))));
        }
        return result;
    }

    private static List<Ring> simplified(List<Ring> exact, BitSet holes, double tolerance) {
        Set<Long> touching = touchingCorners(exact);
        double[] tolerances = new double[exact.size()];
        BitSet changed = new BitSet();
        changed.set(0, exact.size());
        Arrays.fill(tolerances, tolerance);
        List<Ring> rings = new ArrayList<>(exact);
        while (!changed.isEmpty()) {
            changed.stream().forEach(i -> rings.set(i, simplified(exact.get(i), touching, tolerances[i])));
            changed = new RingConflicts(exact, rings, holes).find();
            changed.stream().forEach(i -> tolerances[i] = tolerances[i] / 2 < LEAST_TOLERANCE ? 0 : tolerances[i] / 2);
        }
        return rings;
    }

    private static Set<Long> touchingCorners(List<Ring> rings) {
        Set<Long> seen = new HashSet<>(), twice = new HashSet<>();
        for (Ring ring : rings) for (int i = 0; i < ring.corners(); i++) if (!seen.add(key(ring, i))) twice.add(key(ring, i));
        return twice;
    }

    private static long key(Ring ring, int corner) {
        return (long) ring.y(corner) << Integer.SIZE | ring.x(corner);
    }

    private static Ring simplified(Ring ring, Set<Long> touching, double tolerance) {
        if (tolerance == 0) return ring;
        int n = ring.corners();
        BitSet kept = new BitSet(n + 1);
        int opposite = farthestCorner(ring);
        kept.set(0);
        kept.set(opposite);
        kept.set(n);                                                  // the first again, so that every chain has an end
        kept.set(farthest(ring, 0, opposite));
        kept.set(farthest(ring, opposite, n));
        for (int i = 0; i < n; i++) if (touching.contains(key(ring, i))) kept.set(i);
        Deque<int[]> chains = new ArrayDeque<>();
        for (int from = 0, to; from < n; from = to) {
            to = kept.nextSetBit(from + 1);
            chains.push(new int[] {from, to});
        }
        while (!chains.isEmpty()) {
            int[] chain = chains.pop();
            if (chain[1] - chain[0] < 2) continue;
            int middle = farthest(ring, chain[0], chain[1]);
            if (distance(ring, middle, chain[0], chain[1]) <= tolerance) continue;
            kept.set(middle);
            chains.push(new int[] {chain[0], middle});
            chains.push(new int[] {middle, chain[1]});
        }
        return new Ring(kept.stream().filter(i -> i < n).flatMap(i -> IntStream.of(ring.x(i), ring.y(i))).toArray());
    }

    /** From the first. As all lines run along pixel edges, it is never the first one's neighbour: that one's other neighbour is farther still. */
    private static int farthestCorner(Ring ring) {
        int farthest = 0;
        double most = 0;
        for (int i = 1; i < ring.corners(); i++) {
            double distance = Math.hypot(ring.x(i) - ring.x(0), ring.y(i) - ring.y(0));
            if (distance <= most) continue;
            most = distance;
            farthest = i;
        }
        return farthest;
    }

    /** Of the corners between two, the one farthest from the line that joins these. */
    private static int farthest(Ring ring, int from, int to) {
        int farthest = from + 1;
        double most = -1;
        for (int i = from + 1; i < to; i++) {
            double distance = distance(ring, i, from, to);
            if (distance <= most) continue;
            most = distance;
            farthest = i;
        }
        return farthest;
    }

    /** Of a corner from the straight line between two others. */
    private static double distance(Ring ring, int corner, int from, int to) {
        int end = to % ring.corners();
        double dx = ring.x(end) - ring.x(from), dy = ring.y(end) - ring.y(from);
        double px = ring.x(corner) - ring.x(from), py = ring.y(corner) - ring.y(from);
        double square = dx * dx + dy * dy, along = square == 0 ? 0 : Math.clamp((px * dx + py * dy) / square, 0, 1);
        return Math.hypot(px - along * dx, py - along * dy);
    }
}
