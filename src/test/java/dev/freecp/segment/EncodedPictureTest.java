package dev.freecp.segment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.clip.ReadOut;
import dev.freecp.clip.ReadOutSettings;
import dev.freecp.error.UsageException;
import dev.freecp.image.Picture;
import dev.freecp.image.Pictures;
import dev.freecp.image.ResizeRule;
import dev.freecp.purify.PurifySettings;
import dev.freecp.purify.Step;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A picture that was seen once gives the labels of a picture that is seen anew. */
class EncodedPictureTest {

    private static final Path DATA = Path.of(System.getProperty("freecp.testdata"));
    private static final SegmentSettings SETTINGS = SegmentSettings.defaults().withWindows(new ResizeRule(2048, 160), 112, 56).with(PurifySettings.released(0.1f, 0.5f));

    private static Segmenter segmenter;
    private static Picture scene;
    private static WordFeatures words;

    @BeforeAll
    static void open() {
        segmenter = Segmenter.open(DATA.resolve("shapes/model"), Device.choose("cpu"));
        scene = Pictures.read(DATA.resolve("shapes/dataset/JPEGImages/scene_0013.jpg"));
        words = segmenter.words(Vocabulary.parse("grass; water; sand; circle; star; heart; moon, crescent", new Background.Words(List.of("sky", "wood"))));
    }

    @AfterAll
    static void close() {
        segmenter.close();
    }

    @Test
    void labelsAreThoseOfAFreshPictureForAllStepsThresholdsRulesAndReadOuts() {
        SegmentSettings clear = SETTINGS.with(ReadOutSettings.released(ReadOut.CLEARCLIP)), paper = SETTINGS.with(PurifySettings.paper(0.1f, 0.5f));
        try (EncodedPicture encoded = segmenter.encode(scene, List.of(SETTINGS, clear, paper))) {
            for (SegmentSettings base : List.of(SETTINGS, clear, paper))
                for (String steps : List.of("none", "refine", "refine,rp", "refine,ap", "refine,rp,ap"))
                    requireSame(encoded, words, base.with(base.purify().withSteps(Step.parse(steps))));
            requireSame(encoded, words, SETTINGS.with(PurifySettings.released(0.2f, 0.1f)));
        }
    }

    /** The published forms add residuals to the stream that the others read too. */
    @Test
    void readOutsThatShareAPassAreAsEachAlone() {
        List<SegmentSettings> all = new ArrayList<>();
        for (ReadOut method : ReadOut.values())
            for (ReadOutSettings.Form form : ReadOutSettings.Form.values()) all.add(SETTINGS.with(new ReadOutSettings(method, form, 3)));
        all.add(SETTINGS.with(new ReadOutSettings(ReadOut.GEM, ReadOutSettings.Form.RELEASED, 5)));
        try (EncodedPicture encoded = segmenter.encode(scene, all)) {
            for (SegmentSettings settings : all) requireSame(encoded, words, settings);
        }
    }

    @Test
    void theTowerSeesAPictureOnceForAllReadOutsButGem() {
        CountedOps ops = CountedOps.of(Device.choose("cpu"));
        List<SegmentSettings> all = Stream.of(ReadOut.values()).map(method -> SETTINGS.with(new ReadOutSettings(method, ReadOutSettings.Form.RELEASED, 3))).toList();
        try (Segmenter counted = Segmenter.open(DATA.resolve("shapes/model"), ops.ops())) {
            counted.encode(scene, List.of(SETTINGS)).close();
            assertEquals(1, ops.passes().getAndSet(0));
            counted.encode(scene, all.subList(0, 4)).close();
            assertEquals(1, ops.passes().getAndSet(0));
            counted.encode(scene, all).close();
            assertEquals(2, ops.passes().get());
        }
    }

    @Test
    void fewerWordsAreWordsOfTheirOwn() {
        WordFeatures fewer = words.only(0, 3, 6);
        assertEquals(List.of("sky", "wood", "grass", "circle", "moon", "crescent"), fewer.vocabulary().words());
        WordFeatures own = segmenter.words(Vocabulary.parse("grass; circle; moon, crescent", new Background.Words(List.of("sky", "wood"))));
        assertArrayEquals(own.queries(), fewer.queries());
        assertArrayEquals(own.details(), fewer.details());
        try (EncodedPicture encoded = segmenter.encode(scene, List.of(SETTINGS))) {
            requireSame(encoded, fewer, SETTINGS);
        }
        assertThrows(UsageException.class, () -> words.only());
    }

    @Test
    void refusesWhatItWasNotEncodedFor() {
        SegmentSettings clear = SETTINGS.with(ReadOutSettings.released(ReadOut.CLEARCLIP)), larger = SETTINGS.withWindows(SETTINGS.resize(), 160, 56);
        try (EncodedPicture encoded = segmenter.encode(scene, List.of(SETTINGS))) {
            assertTrue(encoded.serves(SETTINGS.with(PurifySettings.released(0.3f, 0.3f))));
            assertFalse(encoded.serves(clear));
            assertFalse(encoded.serves(larger));
            assertThrows(UsageException.class, () -> encoded.segment(words, clear));
            assertThrows(UsageException.class, () -> encoded.segment(words, larger));
        }
        assertThrows(UsageException.class, () -> segmenter.encode(scene, List.of(SETTINGS, larger)));
    }

    @Test
    void severalPicturesMayBeKeptAtOnce() {
        try (EncodedPicture first = segmenter.encode(scene, List.of(SETTINGS));
             EncodedPicture second = segmenter.encode(Pictures.read(DATA.resolve("shapes/dataset/JPEGImages/scene_0001.jpg")), List.of(SETTINGS))) {
            requireSame(first, words, SETTINGS);
            requireSame(second, words, SETTINGS);
            requireSame(first, words, SETTINGS);
        }
    }

    private static void requireSame(EncodedPicture encoded, WordFeatures words, SegmentSettings settings) {
        Segmentation expected = segmenter.segment(encoded.picture(), words, settings), actual = encoded.segment(words, settings);
        assertArrayEquals(expected.labels().labels(), actual.labels().labels(), settings::toString);
        assertArrayEquals(expected.confidence(), actual.confidence(), settings::toString);
    }
}
