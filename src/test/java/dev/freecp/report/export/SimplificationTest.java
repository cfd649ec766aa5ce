package dev.freecp.report.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.image.LabelMap;
import java.awt.geom.Line2D;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SimplificationTest {

    static Stream<LabelMap> scenes() {
        return Scenes.all();
    }

    private static List<Outline> ofLabel(LabelMap map, int label) {
        return Scenes.outlines(map).stream().filter(outline -> outline.label() == label).toList();
    }

    private static List<Ring> rings(List<Outline> outlines) {
        List<Ring> rings = new ArrayList<>();
        for (Outline outline : outlines) {
            rings.add(outline.outer());
            rings.addAll(outline.holes());
        }
        return rings;
    }

    private static Line2D side(Ring ring, int i) {
        int next = (i + 1) % ring.corners();
        return new Line2D.Double(ring.x(i), ring.y(i), ring.x(next), ring.y(next));
    }

    /** Two sides have a point in common only where one goes over into the other, or where rings touched in a corner before. */
    private static void assertNothingCrosses(List<Ring> rings) {
        List<Line2D> sides = new ArrayList<>();
        for (Ring ring : rings) for (int i = 0; i < ring.corners(); i++) sides.add(side(ring, i));
        for (int i = 0; i < sides.size(); i++) {
            for (int j = i + 1; j < sides.size(); j++) {
                Line2D a = sides.get(i), b = sides.get(j);
                boolean join = a.getP1().equals(b.getP1()) || a.getP1().equals(b.getP2()) || a.getP2().equals(b.getP1()) || a.getP2().equals(b.getP2());
                if (!join) assertFalse(a.intersectsLine(b), () -> a.getP1() + " " + a.getP2() + " meets " + b.getP1() + " " + b.getP2());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("scenes")
    void ringsKeepFourCornersAndDoNotCross(LabelMap map) {
        for (double tolerance : new double[] {1, 2.5, 8, 1000}) {
            for (int label = 0; label < 3; label++) {
                List<Ring> rings = rings(Simplification.of(ofLabel(map, label), tolerance));
                rings.forEach(ring -> assertTrue(ring.corners() >= 4));
                assertNothingCrosses(rings);
            }
        }
    }

    /** Of no pixel is it said twice that it lies in a label: regions stay out of each other, holes stay in their regions. */
    @ParameterizedTest
    @MethodSource("scenes")
    void regionsOfALabelStayApart(LabelMap map) {
        for (int label = 0; label < 3; label++) {
            Map<Integer, Outline> owners = new HashMap<>();
            for (Outline outline : Simplification.of(ofLabel(map, label), 2)) {
                boolean[] outer = Scenes.fill(List.of(outline.outer()), map.height(), map.width()), inside = Scenes.fill(rings(List.of(outline)), map.height(), map.width());
                for (int i = 0; i < inside.length; i++) {
                    if (inside[i]) assertEquals(null, owners.put(i, outline));
                    assertTrue(outer[i] || !inside[i], "a hole lies outside");
                }
            }
        }
    }

    @Test
    void noCornerLiesFartherFromTheLineThanTheTolerance() {
        LabelMap map = Scenes.discs(new Random(3), 120, 160);
        for (double tolerance : new double[] {0.75, 1.5, 4}) {
            for (int label = 0; label < 3; label++) {
                List<Ring> exact = rings(ofLabel(map, label)), simple = rings(Simplification.of(ofLabel(map, label), tolerance));
                for (int r = 0; r < exact.size(); r++) {
                    Ring before = exact.get(r), after = simple.get(r);
                    for (int i = 0; i < before.corners(); i++) {
                        double nearest = Double.MAX_VALUE;
                        for (int j = 0; j < after.corners(); j++) nearest = Math.min(nearest, side(after, j).ptSegDist(before.x(i), before.y(i)));
                        assertTrue(nearest <= tolerance + 1e-9, nearest + " > " + tolerance);
                    }
                }
            }
        }
    }

    @Test
    void aDiscOfStairsBecomesFewCorners() {
        int side = 101;
        int[] labels = new int[side * side];
        for (int i = 0; i < labels.length; i++) if (Math.hypot(i / side - 50, i % side - 50) < 45) labels[i] = 1;
        Outline exact = ofLabel(new LabelMap(side, side, labels), 1).getFirst(), simple = Simplification.of(List.of(exact), 1).getFirst();
        assertTrue(exact.outer().corners() > 150 && simple.outer().corners() < 30, exact.outer().corners() + " to " + simple.outer().corners());
        assertEquals(exact.pixels(), simple.outer().doubledArea() / 2.0, 0.03 * exact.pixels());
    }

    @Test
    void belowHalfAPixelNothingChanges() {
        List<Outline> outlines = ofLabel(Scenes.discs(new Random(3), 40, 40), 1);
        assertSame(outlines, Simplification.of(outlines, 0.4));
    }

    private static BitSet conflicts(Ring exact, Ring simple) {
        return new RingConflicts(List.of(exact), List.of(simple), new BitSet()).find();
    }

    @Test
    void findsARingThatCrossesItselfOrTurnedOver() {
        Ring square = new Ring(new int[] {0, 0, 4, 0, 4, 4, 0, 4}), bowTie = new Ring(new int[] {0, 0, 6, 4, 4, 0, 0, 6}), turned = new Ring(new int[] {0, 0, 0, 4, 4, 4, 4, 0});
        assertTrue(conflicts(square, square).isEmpty());
        assertFalse(conflicts(square, bowTie).isEmpty());
        assertFalse(conflicts(square, turned).isEmpty());
    }

    @Test
    void ringsThatTouchInCornersMayNotCrossThere() {
        Ring left = new Ring(new int[] {4, 8, 0, 4, 4, 0, 6, 4}), right = new Ring(new int[] {4, 0, 9, 4, 4, 8, 7, 4}), across = new Ring(new int[] {4, 0, 9, 4, 4, 8, 5, 4});
        assertTrue(new RingConflicts(List.of(left, right), List.of(left, right), new BitSet()).find().isEmpty());
        assertFalse(new RingConflicts(List.of(left, right), List.of(left, across), new BitSet()).find().isEmpty());
    }

    @ParameterizedTest
    @MethodSource("scenes")
    void cornersInWhichRingsTouchStay(LabelMap map) {
        for (int label = 0; label < 3; label++)
            assertEquals(touching(rings(ofLabel(map, label))), touching(rings(Simplification.of(ofLabel(map, label), 3))));
    }

    private static Set<List<Integer>> touching(List<Ring> rings) {
        Set<List<Integer>> seen = new HashSet<>(), twice = new HashSet<>();
        for (Ring ring : rings) for (int i = 0; i < ring.corners(); i++) if (!seen.add(List.of(ring.x(i), ring.y(i)))) twice.add(List.of(ring.x(i), ring.y(i)));
        return twice;
    }

    @Test
    void findsAHoleThatIsOutside() {
        Ring outer = new Ring(new int[] {0, 0, 9, 0, 9, 9, 0, 9}), hole = new Ring(new int[] {4, 4, 4, 6, 6, 6, 6, 4}), cut = new Ring(new int[] {0, 0, 9, 0, 3, 1, 0, 9});
        BitSet second = BitSet.valueOf(new long[] {0b10});
        assertTrue(new RingConflicts(List.of(outer, hole), List.of(outer, hole), second).find().isEmpty());
        assertEquals(BitSet.valueOf(new long[] {0b11}), new RingConflicts(List.of(outer, hole), List.of(cut, hole), second).find());
    }
}
