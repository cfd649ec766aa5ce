package dev.freecp.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.freecp.clip.Cleaning;
import dev.freecp.clip.PromptTemplates;
import dev.freecp.clip.ReadOut;
import dev.freecp.clip.ReadOutSettings;
import dev.freecp.evaluate.ConfusionMatrix;
import dev.freecp.image.LabelMap;
import dev.freecp.image.LabelPng;
import dev.freecp.image.Picture;
import dev.freecp.image.Pictures;
import dev.freecp.image.ResizeRule;
import dev.freecp.purify.PurifySettings;
import dev.freecp.purify.Step;
import dev.freecp.weights.JsonFile;
import dev.freecp.weights.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Mean IoU on the 120 shapes scenes against the authors' program, for every read-out and every list of steps in {@code released*.json}. The whole
 * table takes minutes, so an ordinary build checks all read-outs with the full method, and SCLIP with every list of steps but one; {@code
 * -Dfreecp.scores=all} checks everything.
 */
class ShapesScoresTest {

    private static final double POINTS = 0.1;
    private static final Path SHAPES = Path.of(System.getProperty("freecp.testdata"), "shapes");

    private static Segmenter segmenter;
    private static final List<Picture> PICTURES = new ArrayList<>();
    private static final List<LabelMap> TRUTHS = new ArrayList<>();

    @BeforeAll
    static void open() throws IOException {
        segmenter = Segmenter.open(SHAPES.resolve("model"), Device.choose("cpu"));
        for (String scene : Files.readAllLines(SHAPES.resolve("dataset/ImageSets/Segmentation/val.txt"))) {
            PICTURES.add(Pictures.read(SHAPES.resolve("dataset/JPEGImages/" + scene + ".jpg")));
            TRUTHS.add(LabelPng.read(SHAPES.resolve("dataset/SegmentationClass/" + scene + ".png")));
        }
    }

    @AfterAll
    static void close() {
        segmenter.close();
    }

    @TestFactory
    Stream<DynamicTest> twentyWords() {
        return scores("released.json", "classes_single.txt");
    }

    @TestFactory
    Stream<DynamicTest> thirtyThreeWords() {
        return scores("released_wide.json", "classes_wide_single.txt");
    }

    @TestFactory
    Stream<DynamicTest> otherSteps() {
        return scores("released_steps.json", "classes_single.txt");
    }

    private static Stream<DynamicTest> scores(String file, String classes) {
        JsonObject released = JsonFile.object(SHAPES.resolve(file));
        WordFeatures words = words(classes);
        List<DynamicTest> tests = new ArrayList<>();
        for (String method : released.object("methods").keySet()) {
            JsonObject bySteps = released.object("methods").object(method);
            for (String steps : bySteps.keySet()) {
                if (!chosen(file, method, steps)) continue;
                double expected = bySteps.object(steps).number("mIoU");
                tests.add(DynamicTest.dynamicTest(file + " " + method + " " + steps, () -> assertEquals(expected, score(words, method, steps, released), POINTS)));
            }
        }
        return tests.stream();
    }

    /**
     * {@code refine,ap} looks at crops of every word and costs as much as all the others together; {@code refine,ap,rp} does the same and one step
     * more.
     */
    private static boolean chosen(String file, String method, String steps) {
        boolean all = System.getProperty("freecp.scores", "").equals("all");
        return all || method.equals("SCLIP") && !steps.equals("refine,ap") || file.equals("released.json") && steps.equals("freecp");
    }

    private static WordFeatures words(String classes) {
        Vocabulary vocabulary = Vocabulary.read(SHAPES.resolve(classes), new Background.None());
        QuerySentences sentences = QuerySentences.of(vocabulary, PromptTemplates.clip80(), Descriptions.read(SHAPES.resolve("descriptions.json")), TextSource.TEMPLATES, 0);
        return segmenter.words(vocabulary, sentences, TextCache.off(), Cleaning.PLAIN);
    }

    private static double score(WordFeatures words, String method, String steps, JsonObject released) {
        List<Step> list = steps.equals("freecp") ? Step.all() : Step.parse(steps.equals("baseline") ? "none" : steps);
        PurifySettings purify = PurifySettings.released((float) released.number("rp"), (float) released.number("ap")).withSteps(list);
        SegmentSettings settings = SegmentSettings.defaults().with(ReadOutSettings.released(ReadOut.valueOf(method.toUpperCase(Locale.ROOT)))).with(purify)
            .withWindows(new ResizeRule(2048, released.integer("short")), released.integer("crop"), released.integer("stride"));
        ConfusionMatrix counts = new ConfusionMatrix(words.vocabulary().classes().size());
        for (int i = 0; i < PICTURES.size(); i++) counts.add(segmenter.segment(PICTURES.get(i), words, settings).labels().labels(), TRUTHS.get(i).labels());
        return counts.meanIou();
    }
}
