package dev.freecp.evaluate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.clip.ReadOut;
import dev.freecp.clip.VisionConfig;
import dev.freecp.error.InputException;
import dev.freecp.error.UsageException;
import dev.freecp.ops.Activation;
import dev.freecp.segment.Preset;
import dev.freecp.segment.SegmentSettings;
import dev.freecp.segment.TextSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** Evaluations put together and asked for their runs. */
class EvaluationTest {

    private static Evaluation evaluation(Map<String, Object> settings, String... ids) {
        Map<String, Journal.Line> pictures = new LinkedHashMap<>();
        for (String id : ids) pictures.put(id, new Journal.Line(id, "sha of " + id, List.of(new PictureCounts(new int[] {0, 1, id.length()}, new int[0], new int[0]))));
        return new Evaluation(Map.of(), settings, List.of("cat", "dog"), List.of(new Evaluation.Run("sclip", Map.of())), pictures);
    }

    private static Evaluation merge(Evaluation... parts) {
        Map<String, Evaluation> named = new LinkedHashMap<>();
        for (Evaluation part : parts) named.put("part" + named.size() + ".json", part);
        return Evaluation.merge(named);
    }

    @Test
    void partsAddUpInAnyOrder() {
        Map<String, Object> settings = Map.of("tau_r", 0.1);
        Evaluation whole = evaluation(settings, "a", "bb", "ccc"), forth = merge(evaluation(settings, "a", "bb"), evaluation(settings, "ccc")),
            back = merge(evaluation(settings, "ccc"), evaluation(settings, "a", "bb"));
        for (Evaluation merged : List.of(forth, back)) {
            assertArrayEquals(whole.totals(0).confusion().rows(), merged.totals(0).confusion().rows());
            assertEquals(whole.dataSha256(), merged.dataSha256());
        }
        assertEquals(6, whole.totals(0).confusion().count(0, 1));
        assertNotEquals(whole.dataSha256(), evaluation(settings, "a", "bb").dataSha256());
    }

    /** A bootstrap draws places in a list, so parts that lie in another order would otherwise have another interval. */
    @Test
    void intervalsDoNotDependOnTheOrderOfPictures() {
        List<String> labels = List.of("cat", "dog");
        Map<String, Journal.Line> forth = new LinkedHashMap<>(), back = new LinkedHashMap<>();
        Map<String, PictureCounts> perfect = new LinkedHashMap<>();
        for (int i = 0; i < 9; i++) {
            forth.put("p" + i, new Journal.Line("p" + i, "", List.of(new PictureCounts(new int[] {0, 0, i * i + 1, 0, 1, 40, 1, 1, 5 * i}, new int[0], new int[0]))));
            perfect.put("p" + i, new PictureCounts(new int[] {0, 0, i * i + 41, 1, 1, 5 * i}, new int[0], new int[0]));
        }
        for (String id : List.copyOf(forth.keySet()).reversed()) back.put(id, forth.get(id));
        Evaluation one = new Evaluation(Map.of(), Map.of(), labels, List.of(), forth), other = new Evaluation(Map.of(), Map.of(), labels, List.of(), back);
        assertEquals(one.interval(0), other.interval(0));
        assertEquals(PairedComparison.of(2, one.counts(0), perfect, Bootstrap.STANDARD), PairedComparison.of(2, other.counts(0), perfect, Bootstrap.STANDARD));
    }

    @Test
    void refusesPartsThatOverlapOrHaveOtherSettings() {
        Evaluation part = evaluation(Map.of("tau_r", 0.1), "a", "b");
        InputException twice = assertThrows(InputException.class, () -> merge(part, evaluation(Map.of("tau_r", 0.1), "b", "c")));
        assertEquals("part1.json: picture b is in part0.json already; parts must not overlap", twice.getMessage());
        assertThrows(InputException.class, () -> merge(part, evaluation(Map.of("tau_r", 0.2), "c")));
    }

    @Test
    void runsAreFoundByName() {
        Evaluation one = evaluation(Map.of(), "a");
        assertEquals(0, one.run(null));
        assertEquals(0, one.run("sclip"));
        UsageException refusal = assertThrows(UsageException.class, () -> one.run("gem"));
        assertTrue(refusal.getMessage().endsWith("of: sclip"), refusal.getMessage());
    }

    private static final VisionConfig B16 = new VisionConfig(768, 12, 12, 3072, 16, 224, 512, Activation.QUICK_GELU, 1e-5f);

    private static OptionalDouble published(VisionConfig model, Preset preset, SegmentSettings settings, Variant.Choice choice) {
        return PublishedScores.of(model, preset, new Variant("", choice, null, settings));
    }

    @Test
    void thePaperHasScoresForEveryPresetAndMethodButVanillaOfTheModelItUsed() {
        VisionConfig l14 = new VisionConfig(1024, 16, 24, 4096, 14, 224, 768, Activation.QUICK_GELU, 1e-5f);
        assertEquals(OptionalDouble.of(65.8), published(B16, Preset.VOC21, Preset.VOC21.settings(ReadOut.SCLIP), Variant.Choice.PUBLISHED));
        assertEquals(OptionalDouble.of(17.8), published(B16, Preset.ADE20K, Preset.ADE20K.settings(ReadOut.GEM), Variant.Choice.PUBLISHED));
        for (Preset preset : Preset.all())
            for (ReadOut method : ReadOut.values())
                assertEquals(method != ReadOut.VANILLA, published(B16, preset, preset.settings(method), Variant.Choice.PUBLISHED).isPresent(), preset + " " + method);
        assertEquals(OptionalDouble.empty(), published(l14, Preset.VOC21, Preset.VOC21.settings(ReadOut.SCLIP), Variant.Choice.PUBLISHED));
    }

    @Test
    void aRunThatDoesSomethingElseThanThePaperHasNoScoreThere() {
        SegmentSettings paper = Preset.VOC21.settings(ReadOut.SCLIP);
        for (SegmentSettings other : List.of(paper.with(paper.purify().withSteps(List.of())), paper.with(paper.purify().withThresholds(0.1f, 0.8f)), paper.withWindows(paper.resize(), 224, 112)))
            assertEquals(OptionalDouble.empty(), published(B16, Preset.VOC21, other, Variant.Choice.PUBLISHED));
        TextChoice templates = new TextChoice(TextSource.TEMPLATES, TextSource.TEMPLATES);
        for (Variant.Choice other : List.of(new Variant.Choice(TextChoice.PUBLISHED, 5, false), new Variant.Choice(TextChoice.PUBLISHED, 0, true), new Variant.Choice(templates, 0, false)))
            assertEquals(OptionalDouble.empty(), published(B16, Preset.VOC21, paper, other));
    }
}
