package dev.freecp.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.Golden;
import dev.freecp.image.LabelMap;
import dev.freecp.image.LabelPng;
import dev.freecp.image.Picture;
import dev.freecp.image.Pictures;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OverlayTest {

    private static final List<String> NAMES = List.of("grass", "sky", "a house with a very long name and a garden");

    @Test
    void aRealSceneIsEnlargedAndItsLegendStandsBeside() {
        Picture scene = Pictures.read(Golden.path("shapes/dataset/JPEGImages/scene_0001.jpg"));
        LabelMap truth = LabelPng.read(Golden.path("shapes/dataset/SegmentationClass/scene_0001.png"));
        List<String> twenty = IntStream.range(0, 20).mapToObj(i -> "class " + i).toList();
        Picture overlay = new Overlay(twenty, -1).draw(scene, truth);
        int factor = Math.ceilDiv(480, Math.max(scene.height(), scene.width()));
        assertEquals(factor * scene.height(), overlay.height());
        assertTrue(overlay.width() > factor * scene.width());
        assertTrue(colors(overlay, 0, factor * scene.width()).containsAll(Arrays.stream(truth.labels()).mapToObj(LabelColors::of).toList()));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "160, 160", "20, 3000", "3000, 20", "375, 500", "1, 5000"})
    void nothingOfThePictureIsCovered(int height, int width) {
        Picture white = filled(height, width, 0xffffff);
        Picture overlay = new Overlay(NAMES, -1).draw(white, labels(height, width, 1));
        int factor = Math.max(1, Math.ceilDiv(480, Math.max(height, width)));
        int tinted = Canvas.mix(0xffffff, LabelColors.of(1), 0.6);
        for (int y = 0; y < factor * height; y++) for (int x = 0; x < factor * width; x++) assertEquals(tinted, overlay.rgb(y, x));
        assertTrue(colors(overlay, factor * height, factor * width).contains(LabelColors.of(1)), "the swatch is there");
    }

    @Test
    void aFrameIsTheDrawingWithoutItsLegend() {
        int[] labels = new int[500 * 480];
        Arrays.setAll(labels, i -> i % 480 < 200 ? 0 : 1);
        LabelMap map = new LabelMap(500, 480, labels);
        Picture picture = filled(500, 480, 0x336699), frame = new Overlay(NAMES, 0).drawFrame(picture, map), drawing = new Overlay(NAMES, 0).draw(picture, map);
        assertEquals(List.of(500, 480), List.of(frame.height(), frame.width()));
        for (int i = 0; i < labels.length; i++) assertEquals(drawing.rgb(i / 480, i % 480), frame.rgb(i / 480, i % 480));
        assertThrows(IllegalArgumentException.class, () -> new Overlay(NAMES, 0).drawFrame(filled(499, 480, 0), map));
    }

    @Test
    void everyClassOfManyHasItsPlaceInTheLegend() {
        List<String> names = IntStream.range(0, 171).mapToObj(i -> "class number " + i).toList();
        int[] labels = new int[400 * 400];
        Arrays.setAll(labels, i -> i % 171);
        Picture overlay = new Overlay(names, -1).draw(filled(400, 400, 0), new LabelMap(400, 400, labels));
        Set<Integer> colors = colors(overlay, 0, 800);
        for (int label = 0; label < 171; label++) assertTrue(colors.contains(LabelColors.of(label)), "label " + label);
    }

    @Test
    void contoursSeparateLabels() {
        int[] labels = new int[480 * 480];
        Arrays.setAll(labels, i -> i % 480 < 240 ? 0 : 1);
        Picture overlay = new Overlay(NAMES, -1).draw(filled(480, 480, 0), new LabelMap(480, 480, labels));
        int left = Canvas.mix(0, LabelColors.of(0), 0.6);
        assertEquals(left, overlay.rgb(100, 238));
        assertEquals(Canvas.mix(left, 0xffffff, 0.85), overlay.rgb(100, 239));
        assertEquals(Canvas.mix(0, LabelColors.of(1), 0.6), overlay.rgb(100, 241));
    }

    @Test
    void backgroundAndUnknownLabelsKeepThePicturesColours() {
        Picture red = filled(480, 480, 0xff0000);
        int background = new Overlay(NAMES, 0).draw(red, labels(480, 480, 0)).rgb(9, 9);
        assertEquals(background, new Overlay(NAMES, 0).draw(red, labels(480, 480, 255)).rgb(9, 9));
        assertTrue((background >> 16) > 2 * (background & 0xff), "still red: " + Integer.toHexString(background));
    }

    @Test
    void legendIsSortedByArea() {
        int[] labels = new int[100];
        Arrays.fill(labels, 0, 3, 0);
        Arrays.fill(labels, 3, 90, 1);
        Arrays.fill(labels, 90, 100, 255);
        List<Legend.Entry> entries = new Overlay(NAMES, -1).entries(new LabelMap(10, 10, labels));
        assertEquals(List.of("sky", "(no label)", "grass"), entries.stream().map(Legend.Entry::name).toList());
        assertEquals(List.of("87.0%", "10.0%", "3.0%"), entries.stream().map(Legend.Entry::percent).toList());
        assertEquals("<0.1%", new Legend.Entry("speck", 0, 0.0004).percent());
    }

    @Test
    void longNamesAreCut() {
        String cut = PixelFont.fit(NAMES.get(2), 180);
        assertTrue(cut.startsWith("a house") && cut.endsWith("..."), cut);
        assertTrue(PixelFont.width(cut) <= 180);
        assertEquals("grass", PixelFont.fit("grass", 180));
    }

    @Test
    void printableCharactersLookDifferent() {
        Set<String> shapes = new HashSet<>();
        for (char c = '!'; c <= '~'; c++) assertTrue(shapes.add(drawn(String.valueOf(c))), "twice: " + c);
        assertEquals(drawn("?"), drawn("\u00e9"));
    }

    @Test
    void refusesLabelsOfAnotherSize() {
        assertThrows(IllegalArgumentException.class, () -> new Overlay(NAMES, -1).draw(filled(2, 3, 0), labels(3, 2, 0)));
    }

    private static String drawn(String text) {
        Canvas canvas = new Canvas(PixelFont.HEIGHT, 12, 0);
        PixelFont.draw(canvas, 0, 0, text, 1, 0xffffff);
        var pixels = IntStream.range(0, canvas.height * canvas.width).map(i -> canvas.get(i / canvas.width, i % canvas.width));
        return Arrays.toString(pixels.toArray());
    }

    /** Colours right of {@code width} or below {@code height}: those of the legend. */
    private static Set<Integer> colors(Picture overlay, int height, int width) {
        Set<Integer> colors = new HashSet<>();
        for (int y = 0; y < overlay.height(); y++) {
            for (int x = 0; x < overlay.width(); x++) if (x >= width || height > 0 && y >= height) colors.add(overlay.rgb(y, x));
        }
        return colors;
    }

    private static Picture filled(int height, int width, int rgb) {
        return new Canvas(height, width, rgb).toPicture("filled");
    }

    private static LabelMap labels(int height, int width, int label) {
        int[] labels = new int[height * width];
        Arrays.fill(labels, label);
        return new LabelMap(height, width, labels);
    }
}
