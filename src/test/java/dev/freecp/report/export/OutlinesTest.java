package dev.freecp.report.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.image.LabelMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OutlinesTest {

    static Stream<LabelMap> scenes() {
        return Scenes.all();
    }

    private static List<Ring> rings(Outline outline) {
        List<Ring> rings = new ArrayList<>(List.of(outline.outer()));
        rings.addAll(outline.holes());
        return rings;
    }

    /** Every pixel is painted once, in its label. */
    private static void assertPaints(LabelMap map, List<Outline> outlines, Function<Outline, List<Ring>> shape) {
        int[] painted = new int[map.labels().length];
        Arrays.fill(painted, -1);
        for (Outline outline : outlines) {
            boolean[] inside = Scenes.fill(shape.apply(outline), map.height(), map.width());
            int pixels = 0;
            for (int i = 0; i < inside.length; i++) {
                if (!inside[i]) continue;
                assertEquals(-1, painted[i], "pixel " + i + " is painted twice");
                painted[i] = outline.label();
                pixels++;
            }
            assertEquals(outline.pixels(), pixels);
        }
        assertArrayEquals(map.labels(), painted);
    }

    @ParameterizedTest
    @MethodSource("scenes")
    void fillingTheOutlinesGivesThePixelsBack(LabelMap map) {
        assertPaints(map, Scenes.outlines(map), OutlinesTest::rings);
    }

    @ParameterizedTest
    @MethodSource("scenes")
    void fillingTheSingleLinesGivesThePixelsBack(LabelMap map) {
        assertPaints(map, Scenes.outlines(map), outline -> List.of(outline.keyhole()));
    }

    @ParameterizedTest
    @MethodSource("scenes")
    void noRingComesToACornerTwiceOrHasOneInAStraightLine(LabelMap map) {
        for (Outline outline : Scenes.outlines(map)) {
            for (Ring ring : rings(outline)) {
                Set<List<Integer>> corners = new HashSet<>();
                for (int i = 0; i < ring.corners(); i++) {
                    int next = (i + 1) % ring.corners(), after = (i + 2) % ring.corners();
                    assertTrue(corners.add(List.of(ring.x(i), ring.y(i))));
                    assertTrue(ring.x(i) == ring.x(next) ^ ring.y(i) == ring.y(next), "a side runs along one axis");
                    assertEquals(ring.x(i) == ring.x(next), ring.y(next) == ring.y(after), "sides turn in turn");
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("scenes")
    void outerRingsRunOneWayAndHolesTheOther(LabelMap map) {
        for (Outline outline : Scenes.outlines(map)) {
            assertTrue(outline.outer().doubledArea() > 0);
            long area = outline.outer().doubledArea();
            for (Ring hole : outline.holes()) {
                assertTrue(hole.doubledArea() < 0);
                area += hole.doubledArea();
            }
            assertEquals(2 * outline.pixels(), area);
        }
    }

    @Test
    void aPixelIsASquareFromItsUpperLeftCorner() {
        Outline pixel = Scenes.outlines(Scenes.parse("000", "010")).get(1);
        assertArrayEquals(new int[] {2, 1, 2, 2, 1, 2, 1, 1}, pixel.outer().xy());
        assertEquals(List.of(1, 1, 2, 2), List.of(pixel.x0(), pixel.y0(), pixel.x1(), pixel.y1()));
    }

    @Test
    void pixelsThatMeetInACornerAreTwoRegions() {
        assertEquals(4, Scenes.outlines(Scenes.parse("01", "10")).size());
    }

    /** The tips of a C meet in a corner: the pixel within is a hole that touches the outer ring, not a bay of it. */
    @Test
    void aHoleMayTouchTheOuterRing() {
        Outline c = Scenes.outlines(Scenes.parse("1110", "1011", "1101", "1111")).getFirst();
        assertEquals(2, c.holes().size());
        c.holes().forEach(hole -> assertEquals(-2, hole.doubledArea()));
    }

    @Test
    void confidenceIsTheMeanOfTheRegionsOwnPixels() {
        LabelMap map = Scenes.parse("010", "010");
        List<Outline> outlines = Scenes.outlines(map);
        assertEquals((1 + 4) / 2.0 / 16, outlines.getFirst().confidence());
        assertEquals((2 + 5) / 2.0 / 16, outlines.get(1).confidence());
    }
}
