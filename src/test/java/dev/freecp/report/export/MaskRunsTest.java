package dev.freecp.report.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.freecp.image.LabelMap;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class MaskRunsTest {

    static Stream<LabelMap> scenes() {
        return Scenes.all();
    }

    /** A second reader of the format, digit by digit in base 32: sums of weights, no shifts, and two's complement by subtraction. */
    static List<Long> decode(String text) {
        List<Long> runs = new ArrayList<>();
        long value = 0, weight = 1;
        for (char c : text.toCharArray()) {
            int digit = c - 48;
            boolean last = digit < 32;
            value += digit % 32 * weight;
            weight *= 32;
            if (!last) continue;
            if (digit >= 16) value -= weight;
            runs.add(runs.size() < 3 ? value : value + runs.get(runs.size() - 2));
            value = 0;
            weight = 1;
        }
        return runs;
    }

    @ParameterizedTest
    @MethodSource("scenes")
    void runsGiveTheRegionsPixelsBackColumnByColumn(LabelMap map) {
        Regions regions = new Regions(map, Scenes.confidence(map));
        for (Outline outline : regions.outlines()) {
            List<Long> runs = decode(MaskRuns.text(MaskRuns.of(outline, regions.numbers(), map.height(), map.width())));
            int[] painted = new int[map.labels().length];
            int at = 0;
            for (int i = 0; i < runs.size(); i++)
                for (long n = 0; n < runs.get(i); n++, at++) painted[at % map.height() * map.width() + at / map.height()] = i % 2;
            assertEquals(painted.length, at);
            assertArrayEquals(IntStream.of(regions.numbers()).map(number -> number == outline.number() ? 1 : 0).toArray(), painted);
        }
    }

    /** Texts that pycocotools 2.0.11 makes of the same runs. */
    @ParameterizedTest
    @CsvSource({"'2,2,2,2,4', 22202", "'0,6', 06", "'6', 6"})
    void textsAreThoseOfCocosOwnProgram(String runs, String text) {
        assertEquals(text, MaskRuns.text(Stream.of(runs.split(",")).mapToInt(Integer::parseInt).toArray()));
    }

    @Test
    void aDiscIsWrittenAsByCocosOwnProgram() {
        int height = 40, width = 50;
        int[] labels = IntStream.range(0, height * width).map(i -> Math.pow(i / width - 20, 2) + Math.pow(i % width - 25, 2) < 150 ? 1 : 0).toArray();
        LabelMap map = new LabelMap(height, width, labels);
        Regions regions = new Regions(map, Scenes.confidence(map));
        Outline disc = regions.outlines().get(1);
        assertEquals("j`05P16K4M2N2N2O0O2O000O2O00000001N10001N101N2N2N3L5Ja>", MaskRuns.text(MaskRuns.of(disc, regions.numbers(), height, width)));
    }

    @Test
    void aRunGoesOnFromTheFootOfAColumnToTheHeadOfTheNext() {
        LabelMap map = Scenes.parse("11", "11", "01");
        Regions regions = new Regions(map, Scenes.confidence(map));
        assertArrayEquals(new int[] {0, 2, 1, 3}, MaskRuns.of(regions.outlines().getFirst(), regions.numbers(), 3, 2));
        LabelMap whole = Scenes.parse("11", "11", "11");
        Regions one = new Regions(whole, Scenes.confidence(whole));
        assertArrayEquals(new int[] {0, 6}, MaskRuns.of(one.outlines().getFirst(), one.numbers(), 3, 2));
    }
}
