package dev.freecp.segment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.clip.ReadOut;
import dev.freecp.clip.ReadOutSettings;
import dev.freecp.image.Picture;
import dev.freecp.image.Pictures;
import dev.freecp.image.Resize;
import dev.freecp.image.ResizeRule;
import dev.freecp.purify.PurifySettings;
import dev.freecp.purify.WindowReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Pictures that go through together get what each gets alone. */
class PictureGroupTest {

    private static final Path DATA = Path.of(System.getProperty("freecp.testdata"));
    private static final SegmentSettings SETTINGS = SegmentSettings.defaults().withWindows(new ResizeRule(2048, 160), 112, 56).with(PurifySettings.released(0.1f, 0.5f));

    private static Segmenter segmenter;
    private static WordFeatures words;
    private static List<Picture> scenes;

    @BeforeAll
    static void open() {
        segmenter = Segmenter.open(DATA.resolve("shapes/model"), Device.choose("cpu"));
        words = segmenter.words(Vocabulary.parse("grass; water; sand; circle; star; heart; moon, crescent", new Background.Words(List.of("sky", "wood"))));
        scenes = IntStream.of(1, 13, 17, 58).mapToObj(number -> Pictures.read(DATA.resolve("shapes/dataset/JPEGImages/scene_%04d.jpg".formatted(number)))).toList();
    }

    @AfterAll
    static void close() {
        segmenter.close();
    }

    /** The scenes, one of them twice, and among them pictures with more, fewer and smaller windows. */
    private static List<Picture> mixed() {
        List<Picture> mixed = new ArrayList<>(scenes);
        mixed.add(1, Resize.resize(scenes.get(0), 160, 300));
        mixed.add(2, Resize.resize(scenes.get(1), 8, 90));
        mixed.add(4, scenes.get(2));
        mixed.add(Resize.resize(scenes.get(3), 60, 1));
        return mixed;
    }

    @Test
    void labelsScoresAndReportsAreThoseOfEachPictureAlone() {
        requireSame(segmenter, mixed(), SETTINGS);
    }

    @Test
    void soTheyAreInEveryModeAndForEveryReadOut() {
        List<Picture> two = List.of(scenes.get(1), scenes.get(3));
        requireSame(segmenter, two, SETTINGS.with(PurifySettings.paper(0.1f, 0.5f)));
        for (ReadOut method : ReadOut.values()) requireSame(segmenter, two, SETTINGS.with(new ReadOutSettings(method, ReadOutSettings.Form.RELEASED, 3)));
    }

    @Test
    void wholePicturesOfTwoSizesGoInGroupsOfTheirOwn() {
        SegmentSettings whole = SETTINGS.withWindows(ResizeRule.NONE, 0, 1);
        List<Picture> pictures = scenes.subList(0, 2).stream().flatMap(scene -> Stream.of(Resize.resize(scene, 96, 128), Resize.resize(scene, 64, 96))).toList();
        requireSame(segmenter, pictures, whole);
        CountedOps counted = CountedOps.of(Device.choose("cpu"));
        try (Segmenter other = Segmenter.open(DATA.resolve("shapes/model"), counted.ops())) {
            other.segment(pictures, words, whole.with(whole.purify().withSteps(List.of())));
            assertEquals(2, counted.passes().get());
        }
    }

    @Test
    void noBudgetIsTooSmallForAGroup() {
        try (Segmenter small = Segmenter.open(DATA.resolve("shapes/model"), Device.choose("cpu", 1), 1)) {
            requireSame(small, mixed().subList(0, 4), SETTINGS);
        }
    }

    @Test
    void allWindowsAreOneBatchAndAllCropsAnother() {
        CountedOps counted = CountedOps.of(Device.choose("cpu"));
        try (Segmenter other = Segmenter.open(DATA.resolve("shapes/model"), counted.ops())) {
            for (Picture scene : scenes) other.segment(scene, words, SETTINGS);
            assertEquals(2 * scenes.size(), counted.passes().getAndSet(0), "every scene has crops");
            other.segment(scenes, words, SETTINGS);
            assertEquals(2, counted.passes().get());
        }
    }

    @Test
    void aGroupsTimeIsSharedOutEvenly() {
        List<Segmentation> results = segmenter.segment(scenes, words, SETTINGS);
        for (Segmentation result : results) {
            assertEquals(List.of("resize", "tower", "refine", "purify", "labels"), List.copyOf(result.seconds().keySet()));
            for (String stage : List.of("tower", "refine", "purify", "labels")) assertEquals(results.getFirst().seconds().get(stage), result.seconds().get(stage), stage);
        }
        double all = results.stream().mapToDouble(result -> result.seconds().get("tower")).sum();
        assertTrue(all > results.getFirst().seconds().get("tower"), "the shares are not the whole");
    }

    @Test
    void noPicturesHaveNoLabels() {
        assertEquals(List.of(), segmenter.segment(List.of(), words, SETTINGS));
    }

    private static void requireSame(Segmenter on, List<Picture> pictures, SegmentSettings settings) {
        List<Segmentation> together = on.segment(pictures, words, settings);
        assertEquals(pictures.size(), together.size());
        for (int i = 0; i < pictures.size(); i++) {
            Segmentation alone = segmenter.segment(pictures.get(i), words, settings), actual = together.get(i);
            assertArrayEquals(alone.labels().labels(), actual.labels().labels(), "picture " + i);
            assertArrayEquals(alone.confidence(), actual.confidence(), "picture " + i);
            assertEquals(alone.windows(), actual.windows());
            assertEquals(alone.reports().size(), actual.reports().size());
            for (int window = 0; window < alone.reports().size(); window++) requireSame(alone.reports().get(window), actual.reports().get(window));
        }
    }

    private static void requireSame(WindowReport alone, WindowReport actual) {
        assertArrayEquals(alone.scores(), actual.scores());
        assertArrayEquals(alone.kept(), actual.kept());
        assertEquals(boxes(alone), boxes(actual));
    }

    private static List<Object> boxes(WindowReport report) {
        return report.groups() == null ? Collections.emptyList() : List.copyOf(report.groups().stream().map(WindowReport.Group::boxes).toList());
    }
}
