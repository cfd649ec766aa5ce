package dev.freecp.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.freecp.error.InputException;
import dev.freecp.evaluate.Evaluation;
import dev.freecp.evaluate.Journal;
import dev.freecp.evaluate.PictureCounts;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

/** An evaluation as JSON, CSV, page and plots. */
class EvaluationReportTest {

    @TempDir
    private Path folder;

    private static final PictureCounts COUNTS = new PictureCounts(new int[] {0, 0, 60, 0, 1, 20, 1, 3, 20}, new int[] {0, 10, 20, 15}, new int[] {0, 0, 60, 80, 0});

    /** Three classes, the last of which never occurs; for each number of absent words a run without and one with purification. */
    private static Evaluation evaluation(int... absent) {
        List<Evaluation.Run> runs = new ArrayList<>();
        for (String steps : List.of("none", "refine,rp,ap"))
            for (int more : absent) {
                Map<String, Object> facts = new LinkedHashMap<>(Map.of("method", "sclip", "steps", steps, "tau_r", 0.1, "tau_a", 0.7, "text", "templates/descriptions", "oracle", false));
                facts.put("absent_words", more);
                runs.add(new Evaluation.Run("sclip " + steps + " +" + more + " words", facts));
            }
        Journal.Line line = new Journal.Line("p<1>", "ab", runs.stream().map(_ -> COUNTS).toList());
        Map<String, Object> manifest = PictureReport.object("tool", Map.of("name", "freecp"), "data", Map.of("name", "a & b"));
        return new Evaluation(manifest, Map.of("words", List.of("cat")), List.of("cat", "dog \"x\"", "<b>"), runs, Map.of(line.id(), line));
    }

    private static Evaluation single() {
        Evaluation both = evaluation(0);
        Journal.Line line = new Journal.Line("p<1>", "ab", List.of(COUNTS));
        return new Evaluation(both.manifest(), both.settings(), both.labels(), both.runs().subList(1, 2), Map.of(line.id(), line));
    }

    @Test
    @SuppressWarnings("unchecked")
    void aSingleRunHasItsScoresAtTheTop() {
        Map<String, Object> json = EvaluationJson.of(single());
        assertEquals(37.5, json.get("miou"));                       // cat 60 of 80, dog 0 of 40; the third class never occurs
        assertEquals(60.0, json.get("aacc"));
        assertEquals(37.5, json.get("macc"));
        assertEquals(50.0, json.get("zero_share"));
        List<Map<String, Object>> classes = (List<Map<String, Object>>) json.get("classes");
        assertEquals(75.0, classes.get(0).get("iou"));
        assertEquals(40.0, classes.get(0).get("boundary_iou"));
        assertEquals(75.0, classes.get(0).get("iou_small"));
        assertNull(classes.get(0).get("iou_large"));
        assertNull(classes.get(2).get("iou"));
        assertArrayEquals(new long[] {60, 20, 0, 0}, ((long[][]) json.get("confusion"))[0]);
        assertEquals("(no class)", ((List<Map<String, Object>>) json.get("confused")).get(1).get("prediction"));
        assertTrue(json.containsKey("settings"));
    }

    @Test
    void whatIsReadBackIsTheSame() throws IOException {
        for (Evaluation evaluation : List.of(single(), evaluation(0, 10))) {
            Path file = folder.resolve("results.json");
            Files.write(file, JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES).asBytes(EvaluationJson.of(evaluation)));
            Evaluation back = EvaluationJson.read(file);
            assertEquals(evaluation.runs(), back.runs());
            assertEquals(evaluation.labels(), back.labels());
            assertEquals(evaluation.settings(), back.settings());
            assertEquals(evaluation.manifest(), back.manifest());
            assertEquals(evaluation.dataSha256(), back.dataSha256());
            for (int run = 0; run < evaluation.runs().size(); run++) assertArrayEquals(evaluation.totals(run).confusion().rows(), back.totals(run).confusion().rows());
            assertEquals(JSON.std.asString(EvaluationJson.of(evaluation)), JSON.std.asString(EvaluationJson.of(back)));
        }
    }

    /** Counts of machines with other GPUs or threads may be merged; the precision stands beside it. */
    @Test
    void aDeviceIsKnownByItsKind() {
        assertEquals("cuda", EvaluationManifest.kind("cuda:1 (NVIDIA L4, compute capability 8.9), cublas, fp16"));
        assertEquals("cpu-vector", EvaluationManifest.kind("cpu-vector, 512 bit, 8 threads, float32"));
    }

    @Test
    void refusesFilesThatAreNoResults() throws IOException {
        for (String text : List.of("", "[]", "{}", "{\"labels\": [1]}", "{\"labels\": [\"a\"], \"run\": \"x\", \"pictures\": {\"p\": {\"sha256\": \"a\", \"counts\": [\"9,9,9||\"]}}}"))
            assertThrows(InputException.class, () -> EvaluationJson.read(Files.writeString(folder.resolve("bad.json"), text)), text);
        assertThrows(InputException.class, () -> EvaluationJson.read(folder.resolve("missing.json")));
    }

    @Test
    void thePageNeedsNothingElseAndEscapesNames() {
        String page = EvaluationPage.of(evaluation(0, 10));
        assertTrue(page.contains("FreeCP on a &amp; b, 1 pictures"));
        assertTrue(page.contains("&lt;b&gt;"));
        assertFalse(page.contains("<b>"));
        assertFalse(page.replace("xmlns=\"http://www.w3.org/2000/svg\"", "").matches("(?s).*(src=|href=|url\\(|http:|https:).*"));
        assertFalse(page.contains("NaN"));
        assertEquals(1, page.split("<svg ", -1).length - 1);
    }

    @Test
    void theTableHasARowForEveryRunAndClass() {
        List<String> lines = EvaluationCsv.of(evaluation(0, 10)).lines().toList();
        assertEquals(1 + 4 * (1 + 3), lines.size());
        assertEquals("run,class,iou,accuracy,boundary_iou,iou_small,iou_medium,iou_large,truth,predicted", lines.getFirst());
        assertEquals("\"sclip refine,rp,ap +10 words\",\"dog \"\"x\"\"\",0.0000,0.0000,,,,,20,20", lines.get(1 + 3 * 4 + 2));
    }

    @Test
    void aPlotHasALineForEveryMethodAndListOfSteps() throws Exception {
        Map<String, String> plots = EvaluationPlots.of(evaluation(0, 10, 50));
        assertEquals(List.of("absent_words.svg"), List.copyOf(plots.keySet()));
        Document svg = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream(plots.get("absent_words.svg").getBytes(StandardCharsets.UTF_8)));
        assertEquals(6, svg.getElementsByTagName("circle").getLength());
        assertTrue(plots.get("absent_words.svg").contains(">sclip none</text>"));
        assertEquals(Map.of(), EvaluationPlots.of(single()));
    }

    @Test
    void aPlotSaysWhatItShows() {
        assertTrue(EvaluationPlots.of(evaluation(0, 10)).get("absent_words.svg")
            .contains("<title>mIoU over the number of absent words from 0 to 10. sclip none 37.5 to 37.5; sclip refine,rp,ap 37.5 to 37.5.</title>"));
    }

    @Test
    void linesAreReadableOnBothBackgrounds() {
        for (String color : LinePlot.COLORS)
            for (String background : List.of(LinePlot.LIGHT, LinePlot.DARK)) assertTrue(contrast(color, background) >= 3, color + " on " + background);
    }

    /** Of WCAG 2, for graphics at least 3. */
    private static double contrast(String a, String b) {
        double x = luminance(a), y = luminance(b);
        return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
    }

    private static double luminance(String color) {
        double[] weights = {0.2126, 0.7152, 0.0722};
        double sum = 0;
        for (int i = 0; i < 3; i++) {
            double value = Integer.parseInt(color.substring(1 + 2 * i, 3 + 2 * i), 16) / 255.0;
            sum += weights[i] * (value <= 0.03928 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4));
        }
        return sum;
    }

    @Test
    void plotsSurviveScoresThatAreAllEqualOrMissing() {
        String svg = new LinePlot("t", "x", "y", List.of(new LinePlot.Series("a", 0, false, new double[] {1, 2}, new double[] {5, 5}),
            new LinePlot.Series("b", 1, true, new double[] {1, 2}, new double[] {Double.NaN, 5}))).svg();
        assertFalse(svg.contains("NaN"), svg);
        assertEquals(3, svg.split("<circle", -1).length - 1);
    }
}
