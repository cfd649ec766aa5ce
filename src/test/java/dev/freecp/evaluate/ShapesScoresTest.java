package dev.freecp.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.freecp.clip.Cleaning;
import dev.freecp.clip.PromptTemplates;
import dev.freecp.clip.ReadOut;
import dev.freecp.evaluate.data.DataSet;
import dev.freecp.evaluate.data.DataSets;
import dev.freecp.image.ResizeRule;
import dev.freecp.purify.PurifySettings;
import dev.freecp.purify.Step;
import dev.freecp.segment.Background;
import dev.freecp.segment.Descriptions;
import dev.freecp.segment.Device;
import dev.freecp.segment.QuerySentences;
import dev.freecp.segment.SegmentSettings;
import dev.freecp.segment.Segmenter;
import dev.freecp.segment.TextCache;
import dev.freecp.segment.TextSource;
import dev.freecp.segment.Vocabulary;
import dev.freecp.segment.WordFeatures;
import dev.freecp.weights.JsonFile;
import dev.freecp.weights.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Mean IoU on the 120 shapes scenes against the authors' program, for every read-out and every list of steps in {@code released*.json}: one sweep for
 * each list of words. Steps that look at crops of every word cost as much as all the others together, so an ordinary build leaves them out; {@code
 * -Dfreecp.scores=all} checks everything.
 */
class ShapesScoresTest {

    private static final double POINTS = 0.1;
    private static final Path SHAPES = Path.of(System.getProperty("freecp.testdata"), "shapes");
    private static final boolean ALL = System.getProperty("freecp.scores", "").equals("all");
    private static final Set<String> COSTLY = Set.of("refine,ap", "refine,ap,rp");

    private static Segmenter segmenter;

    @BeforeAll
    static void open() {
        segmenter = Segmenter.open(SHAPES.resolve("model"), Device.choose("cpu"));
    }

    @AfterAll
    static void close() {
        segmenter.close();
    }

    @TestFactory
    Stream<DynamicTest> twentyWords() {
        return scores("classes_single.txt", "released.json", "released_steps.json");
    }

    @TestFactory
    Stream<DynamicTest> thirtyThreeWords() {
        return scores("classes_wide_single.txt", "released_wide.json");
    }

    private static Stream<DynamicTest> scores(String classes, String... files) {
        Map<String, Double> expected = new TreeMap<>();
        for (String file : files) read(JsonFile.object(SHAPES.resolve(file)), expected);
        Map<String, Double> actual = evaluate(classes, JsonFile.object(SHAPES.resolve(files[0])), expected.keySet());
        return expected.keySet().stream().map(run -> DynamicTest.dynamicTest(run, () -> assertEquals(expected.get(run), actual.get(run), POINTS)));
    }

    /** Adds what a file has to {@code scores}, by read-out and steps as a sweep names them. */
    private static void read(JsonObject released, Map<String, Double> scores) {
        for (String method : released.object("methods").keySet()) {
            JsonObject bySteps = released.object("methods").object(method);
            for (String named : bySteps.keySet()) {
                String steps = named.equals("freecp") ? Step.format(Step.all()) : named.equals("baseline") ? "none" : named;
                if (ALL || !COSTLY.contains(steps)) scores.put(method.toLowerCase(Locale.ROOT) + " " + steps, bySteps.object(named).number("mIoU"));
            }
        }
    }

    /** Scores of all combinations of the read-outs and steps that are asked for. */
    private static Map<String, Double> evaluate(String classes, JsonObject released, Set<String> runs) {
        Vocabulary vocabulary = Vocabulary.read(SHAPES.resolve(classes), new Background.None());
        QuerySentences sentences = QuerySentences.of(vocabulary, PromptTemplates.clip80(), Descriptions.read(SHAPES.resolve("descriptions.json")), TextSource.TEMPLATES, 0);
        WordFeatures words = segmenter.words(vocabulary, sentences, TextCache.off(), Cleaning.PLAIN);
        SegmentSettings settings = SegmentSettings.defaults().with(PurifySettings.released((float) released.number("rp"), (float) released.number("ap")))
            .withWindows(new ResizeRule(2048, released.integer("short")), released.integer("crop"), released.integer("stride"));
        Set<ReadOut> methods = new LinkedHashSet<>();
        Set<List<Step>> steps = new LinkedHashSet<>();
        for (String run : runs) {
            methods.add(ReadOut.valueOf(run.split(" ")[0].toUpperCase(Locale.ROOT)));
            steps.add(Step.parse(run.split(" ")[1]));
        }
        Sweep sweep = new Sweep(List.copyOf(methods), List.copyOf(steps), List.of(), List.of(), List.of(), List.of(), List.of());
        List<Variant> variants = sweep.variants(new Sweep.Base(settings, words, TextChoice.PUBLISHED, false)).stream().filter(variant -> runs.contains(variant.name())).toList();

        DataSet scenes = DataSets.open(SHAPES.resolve("dataset"), null, new DataSets.Options(null, vocabulary.labelNames(), false, null));
        List<Totals> totals = new ArrayList<>();
        variants.forEach(_ -> totals.add(new Totals(scenes.classes())));
        new Evaluator(segmenter, variants, scenes.classes()).run(scenes.samples(), line -> {
            for (int v = 0; v < totals.size(); v++) totals.get(v).add(line.counts().get(v));
        });
        Map<String, Double> scores = new TreeMap<>();
        for (int v = 0; v < totals.size(); v++) scores.put(variants.get(v).name(), totals.get(v).confusion().meanIou());
        return scores;
    }
}
