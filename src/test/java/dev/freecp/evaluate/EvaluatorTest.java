package dev.freecp.evaluate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.error.InputException;
import dev.freecp.evaluate.data.DataSets;
import dev.freecp.evaluate.data.Sample;
import dev.freecp.image.LabelMap;
import dev.freecp.image.Pictures;
import dev.freecp.image.ResizeRule;
import dev.freecp.purify.PurifySettings;
import dev.freecp.segment.Background;
import dev.freecp.segment.Device;
import dev.freecp.segment.SegmentSettings;
import dev.freecp.segment.Segmenter;
import dev.freecp.segment.Vocabulary;
import dev.freecp.segment.WordFeatures;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class EvaluatorTest {

    private static final Path SHAPES = Path.of(System.getProperty("freecp.testdata"), "shapes");
    private static final SegmentSettings SETTINGS = SegmentSettings.defaults().withWindows(new ResizeRule(2048, 160), 112, 56).with(PurifySettings.released(0.1f, 0.8f));

    private static Segmenter segmenter;
    private static WordFeatures words;
    private static List<Sample> samples;

    @BeforeAll
    static void open() {
        segmenter = Segmenter.open(SHAPES.resolve("model"), Device.choose("cpu"));
        Vocabulary classes = Vocabulary.read(SHAPES.resolve("classes_single.txt"), new Background.None());
        words = segmenter.words(classes);
        samples = DataSets.open(SHAPES.resolve("dataset"), null, new DataSets.Options(null, classes.labelNames(), false, null)).samples().subList(0, 3);
    }

    @AfterAll
    static void close() {
        segmenter.close();
    }

    private static List<Journal.Line> run(List<Variant> variants, List<Sample> of) {
        List<Journal.Line> lines = new ArrayList<>();
        new Evaluator(segmenter, variants, 20).run(of, lines::add);
        return lines;
    }

    private static List<Variant> variants(String sweep, boolean oracle) {
        return Sweep.parse(sweep).variants(new Sweep.Base(SETTINGS, words, TextChoice.PUBLISHED, oracle));
    }

    @Test
    void countsAreThoseOfPicturesSegmentedOneByOne() {
        List<Variant> variants = variants("methods,tau-r=0.1:0.2", false).stream().filter(variant -> !variant.name().startsWith("gem")).toList();
        List<Journal.Line> lines = run(variants, samples);
        assertEquals(samples.stream().map(Sample::id).toList(), lines.stream().map(Journal.Line::id).toList());
        for (int v = 0; v < variants.size(); v++) {
            ConfusionMatrix expected = new ConfusionMatrix(20);
            Totals actual = new Totals(20);
            for (int i = 0; i < samples.size(); i++) {
                expected.add(segmenter.segment(Pictures.read(samples.get(i).picture()), words, variants.get(v).settings()).labels().labels(), samples.get(i).truth().read().labels());
                actual.add(lines.get(i).counts().get(v));
            }
            assertArrayEquals(expected.rows(), actual.confusion().rows(), variants.get(v).name());
        }
    }

    @Test
    void theOracleAnswersOnlyWithTrueClasses() {
        for (Journal.Line line : run(variants("steps", true), samples)) {
            BitSet there = new BitSet();
            for (int label : samples.stream().filter(sample -> sample.id().equals(line.id())).findFirst().orElseThrow().truth().read().labels()) there.set(label);
            for (PictureCounts counts : line.counts())
                for (int i = 0; i < counts.confusion().length; i += 3) assertTrue(there.get(counts.confusion()[i + 1]), line.id());
        }
    }

    /** A label behind the classes is no absent word, even if there are some. */
    @Test
    void theOracleNeverOffersWordsBehindTheClasses() {
        Sample first = samples.getFirst();
        LabelMap truth = first.truth().read();
        LabelMap odd = new LabelMap(truth.height(), truth.width(), truth.labels().clone());
        Arrays.setAll(odd.labels(), i -> i % 2 == 0 ? 0 : 15);
        List<Journal.Line> lines = new ArrayList<>();
        new Evaluator(segmenter, variants("steps", true).subList(0, 1), 10).run(List.of(new Sample("odd", first.picture(), () -> odd)), lines::add);
        int half = odd.labels().length / 2;
        assertArrayEquals(new int[] {0, 0, half, 10, 0, half}, lines.getFirst().counts().getFirst().confusion());
    }

    @Test
    void theOracleOfAPictureWithoutJudgedPixelsAsksNothing() {
        Sample first = samples.getFirst();
        LabelMap truth = first.truth().read();
        LabelMap none = new LabelMap(truth.height(), truth.width(), new int[truth.labels().length]);
        Arrays.fill(none.labels(), ConfusionMatrix.IGNORED);
        assertEquals("||", run(variants("oracle", true), List.of(new Sample("void", first.picture(), () -> none))).getFirst().counts().getFirst().format());
    }

    @Test
    void aPictureThatCannotBeReadIsNamedAndStopsTheRunBehindThoseBeforeIt() {
        Sample missing = new Sample("missing", SHAPES.resolve("no.jpg"), () -> null);
        List<Journal.Line> told = new ArrayList<>();
        List<Variant> variants = variants("oracle", false);
        InputException refusal = assertThrows(InputException.class,
            () -> new Evaluator(segmenter, variants, 20).run(List.of(samples.get(0), samples.get(1), missing, samples.get(2)), told::add));
        assertTrue(refusal.getMessage().endsWith("no.jpg: cannot be read (there is no such file)"), refusal.getMessage());
        assertEquals(List.of(samples.get(0).id(), samples.get(1).id()), told.stream().map(Journal.Line::id).toList());
    }

    @Test
    void truthOfAnotherSizeIsRefused() {
        Sample odd = new Sample("odd", samples.getFirst().picture(), () -> new LabelMap(1, 2, new int[2]));
        InputException refusal = assertThrows(InputException.class, () -> run(variants("oracle", false), List.of(odd)));
        assertTrue(refusal.getMessage().contains("its truth of 1 x 2; they must be of one size"), refusal.getMessage());
    }

    @Test
    void theDigestTellsPicturesAndLabelsApart() {
        Sample first = samples.getFirst();
        LabelMap truth = first.truth().read(), other = new LabelMap(truth.height(), truth.width(), truth.labels().clone());
        other.labels()[0] ^= 1;
        List<Journal.Line> lines = run(variants("oracle", false).subList(0, 1), List.of(first, new Sample("relabelled", first.picture(), () -> other), samples.get(1)));
        assertNotEquals(lines.get(0).sha256(), lines.get(1).sha256());
        assertNotEquals(lines.get(0).sha256(), lines.get(2).sha256());
        assertEquals(lines.get(0).sha256(), LabelledPicture.read(first).sha256());
    }
}
