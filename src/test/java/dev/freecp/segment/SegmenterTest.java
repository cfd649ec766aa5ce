package dev.freecp.segment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.clip.ReadOut;
import dev.freecp.clip.ReadOutSettings;
import dev.freecp.error.DeviceException;
import dev.freecp.error.UsageException;
import dev.freecp.image.Picture;
import dev.freecp.image.Pictures;
import dev.freecp.image.ResizeRule;
import dev.freecp.purify.PurifySettings;
import dev.freecp.purify.Step;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The front door on the shapes model: degenerate cases (specification, section 10), backgrounds, synonyms, and the same answer whatever the batch or
 * the threads.
 */
class SegmenterTest {

    private static final Path DATA = Path.of(System.getProperty("freecp.testdata"));
    private static final Path SCENE = DATA.resolve("shapes/dataset/JPEGImages/scene_0013.jpg");
    private static final SegmentSettings SETTINGS = SegmentSettings.defaults().withWindows(new ResizeRule(2048, 160), 112, 56).with(PurifySettings.released(0.1f, 0.8f));

    private static Segmenter segmenter;
    private static Picture scene;

    @BeforeAll
    static void open() {
        segmenter = Segmenter.open(DATA.resolve("shapes/model"), Device.choose("cpu"));
        scene = Pictures.read(SCENE);
    }

    @AfterAll
    static void close() {
        segmenter.close();
    }

    @Test
    void aSingleWordKeepsNothingAndLabelsEverythingZero() {
        Segmentation result = segment("grass", "none", SETTINGS);
        assertEquals(scene.height() * scene.width(), result.areas()[0]);
        result.reports().forEach(report -> assertEquals(0, report.kept().length));
    }

    @Test
    void whereNothingIsLeftTheBackgroundWins() {
        Segmentation result = segment("spoon; fork", "sky, wall, water", SETTINGS.with(PurifySettings.released(1, 0.8f)));
        assertEquals(scene.height() * scene.width(), result.areas()[0]);
        assertEquals("background", result.vocabulary().labelNames().getFirst());
        assertEquals(1, result.confidence()[0]);
    }

    @Test
    void aThresholdThatNothingReachesIsBackgroundEverywhere() {
        assertEquals(scene.height() * scene.width(), segment("grass; water", "threshold:1", SETTINGS.with(SETTINGS.purify().withSteps(List.of()))).areas()[0]);
        assertEquals(0, segment("grass; water", "threshold:0", SETTINGS).areas()[0]);
    }

    /** In one window without purification, the class of the best word is the class with the best word. */
    @Test
    void aClassIsAsStrongAsTheStrongestOfItsWords() {
        SegmentSettings baseline = SETTINGS.withWindows(ResizeRule.NONE, 0, 1).with(SETTINGS.purify().withSteps(List.of()));
        int[] words = segment("brick wall; grass; moon; water; flower", "none", baseline).labels().labels();
        Segmentation classes = segment("brick wall, grass; moon; water, flower", "none", baseline);
        int[] classOfWord = {0, 0, 1, 2, 2}, expected = Arrays.stream(words).map(word -> classOfWord[word]).toArray();
        assertArrayEquals(expected, classes.labels().labels());
        assertEquals(3, classes.areas().length);
        assertTrue(Arrays.stream(words).distinct().filter(word -> word == 1 || word == 4).count() > 0, "a second word of a class wins somewhere");
    }

    @Test
    void theAnswerDoesNotDependOnBatchOrThreads() {
        WordFeatures words = words(segmenter, "grass; water; sand; circle; star; heart", "none");
        Segmentation expected = segmenter.segment(scene, words, SETTINGS);
        for (int threads : new int[] {1, 3}) {
            try (Segmenter small = Segmenter.open(DATA.resolve("shapes/model"), Device.choose("cpu", threads), 1)) {
                Segmentation actual = small.segment(scene, words(small, "grass; water; sand; circle; star; heart", "none"), SETTINGS);
                assertArrayEquals(expected.labels().labels(), actual.labels().labels());
                assertArrayEquals(expected.confidence(), actual.confidence());
            }
        }
    }

    @Test
    void manyThreadsMayCallAtOnce() {
        WordFeatures words = words(segmenter, "grass; water; sand; circle", "none");
        int[] expected = segmenter.segment(scene, words, SETTINGS).labels().labels();
        IntStream.range(0, 8).parallel().forEach(i -> assertArrayEquals(expected, segmenter.segment(scene, words, SETTINGS).labels().labels()));
    }

    @Test
    void wholePicturesNeedNoWindows() {
        Segmentation result = segment("grass; water; sand; circle; star; heart", "none", SETTINGS.withWindows(ResizeRule.NONE, 0, 1));
        assertEquals(1, result.windows().size());
        assertEquals(scene.width(), result.labels().width());
    }

    @Test
    void everyListOfStepsLabelsEveryPixel() {
        for (String steps : List.of("none", "refine", "refine,rp", "refine,ap", "refine,ap,rp", "refine,rp,ap"))
            assertEquals(scene.height() * scene.width(), Arrays.stream(segment("grass; water; sand; circle", "none", SETTINGS.with(SETTINGS.purify().withSteps(Step.parse(steps)))).areas()).sum());
    }

    @Test
    void paperModeRunsWithEveryReadOutThatFits() {
        PurifySettings paper = PurifySettings.paper(0.1f, 0.8f);
        for (ReadOut method : List.of(ReadOut.VANILLA, ReadOut.MASKCLIP, ReadOut.SCLIP, ReadOut.CLEARCLIP)) {
            SegmentSettings settings = SETTINGS.with(paper).with(new ReadOutSettings(method, ReadOutSettings.Form.PUBLISHED, 7));
            Segmentation result = segment("grass; water; sand; circle; star", "sky, wall", settings);
            for (float c : result.confidence()) assertTrue(c >= 0 && c <= 1, () -> method + " gives a confidence of " + c);
        }
    }

    @Test
    void backgroundWordsMayHaveMapsOfTheirOwn() {
        PurifySettings r = SETTINGS.purify();
        PurifySettings best = new PurifySettings(r.steps(), 0.1f, 0.8f, null, r.consistency(), r.redundancyMap(), r.affinity(), r.refinement(), r.elimination(), 0, r.cropRule(), r.activation(),
            PurifySettings.BackgroundScore.BEST_WORD, r.cropSource(), r.boxRule(), r.resolution());
        Segmentation result = segment("circle; star; heart", "grass, water, sand, sky", SETTINGS.with(best));
        assertEquals(4, result.areas().length);
        assertTrue(result.areas()[0] > 0, "grass and water cover most of the scene");
    }

    @Test
    void gemRefusesATowerThatIsTooShort() {
        UsageException refusal = assertThrows(UsageException.class, () -> segment("grass; water", "none", SETTINGS.with(ReadOutSettings.released(ReadOut.GEM))));
        assertTrue(refusal.getMessage().contains("at least 7 blocks, this one has 6"), refusal.getMessage());
    }

    @Test
    void refusesWordsOfAnotherModelsSize() {
        Vocabulary vocabulary = Vocabulary.parse("grass; water", Background.parse("none"));
        WordFeatures foreign = new WordFeatures(vocabulary, 5, new float[10], new float[10]);
        UsageException refusal = assertThrows(UsageException.class, () -> segmenter.segment(scene, foreign, SETTINGS));
        assertTrue(refusal.getMessage().startsWith("the words have features of 5 numbers"), refusal.getMessage());
        assertThrows(IllegalArgumentException.class, () -> new WordFeatures(vocabulary, 5, new float[10], new float[9]));
    }

    @Test
    void anAffinityLayerNamedTwiceCountsOnce() {
        Segmentation once = segment("grass; water; circle", "none", SETTINGS.with(SETTINGS.purify().withAffinityLayers(new int[] {1, 3})));
        Segmentation twice = segment("grass; water; circle", "none", SETTINGS.with(SETTINGS.purify().withAffinityLayers(new int[] {3, 1, 3})));
        assertArrayEquals(once.confidence(), twice.confidence());
    }

    @Test
    void affinityLayersMustBeThere() {
        assertThrows(UsageException.class, () -> segment("grass; water", "none", SETTINGS.with(SETTINGS.purify().withAffinityLayers(new int[] {0, 6}))));
        assertThrows(UsageException.class, () -> segment("grass; water", "none", SETTINGS.with(SETTINGS.purify().withAffinityLayers(new int[0]))));
        assertEquals(scene.height() * scene.width(), Arrays.stream(segment("grass; water", "none", SETTINGS.with(SETTINGS.purify().withAffinityLayers(new int[] {5}))).areas()).sum());
    }

    @Test
    void tinyAndLongPicturesHaveLabels() {
        WordFeatures words = words(segmenter, "grass; water", "none");
        for (int[] size : new int[][] {{1, 1}, {20, 3000}, {3, 500}})
            assertEquals(size[0] * size[1], segmenter.segment(Picture.of("p", size[0], size[1], new byte[3 * size[0] * size[1]]), words, SETTINGS).labels().labels().length);
    }

    @Test
    void devicesAreChosenByName() {
        assertThrows(UsageException.class, () -> Device.choose("gpu"));
        assertThrows(UsageException.class, () -> Device.choose("cpu", 0));
        assertThrows(DeviceException.class, () -> Device.choose("cuda:1"));
        assertTrue(segmenter.device().startsWith("cpu-vector"), segmenter.device());
    }

    private static Segmentation segment(String classes, String background, SegmentSettings settings) {
        return segmenter.segment(scene, words(segmenter, classes, background), settings);
    }

    private static WordFeatures words(Segmenter on, String classes, String background) {
        return on.words(Vocabulary.parse(classes, Background.parse(background)));
    }
}
