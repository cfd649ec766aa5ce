package dev.freecp.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.freecp.clip.Cleaning;
import dev.freecp.clip.PromptTemplates;
import dev.freecp.image.LabelPng;
import dev.freecp.image.Picture;
import dev.freecp.image.Pictures;
import dev.freecp.image.ResizeRule;
import dev.freecp.segment.Background;
import dev.freecp.segment.Descriptions;
import dev.freecp.segment.Device;
import dev.freecp.segment.QuerySentences;
import dev.freecp.segment.SegmentSettings;
import dev.freecp.segment.Segmentation;
import dev.freecp.segment.Segmenter;
import dev.freecp.segment.TextCache;
import dev.freecp.segment.TextSource;
import dev.freecp.segment.Vocabulary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentCommandTest {

    private static final List<String> SCENE_1 = List.of("scene_0001.json", "scene_0001.labels.png", "scene_0001.overlay.png");

    @TempDir
    private Path folder;

    private Run segment(Object... more) {
        return Run.of(Run.shapes(folder.resolve("out"), more));
    }

    private Path out(String name) {
        return folder.resolve("out").resolve(name);
    }

    private Map<String, Object> report(String name) throws IOException {
        return JSON.std.mapFrom(Files.readAllBytes(out(name)));
    }

    /** The same as {@link Run#shapes}, by calls to the library. */
    private static Segmentation byLibrary(Path picture) {
        try (Segmenter segmenter = Segmenter.open(Run.MODEL, Device.choose("cpu"))) {
            Vocabulary words = Vocabulary.parse("circle; heart; moon; water; sand", new Background.None());
            QuerySentences sentences = QuerySentences.of(words, PromptTemplates.single("a photo of a {}."), Descriptions.none(), TextSource.TEMPLATES, 0);
            return segmenter.segment(Pictures.read(picture), segmenter.words(words, sentences, TextCache.off(), Cleaning.PLAIN),
                SegmentSettings.defaults().withWindows(new ResizeRule(2048, 160), 112, 56));
        }
    }

    @Test
    void writesTheLabelsThatTheLibraryFinds() {
        Run run = segment(Run.scene(1));
        assertEquals(0, run.code(), run.err());
        assertEquals(SCENE_1, Run.list(folder.resolve("out")));
        assertArrayEquals(byLibrary(Run.scene(1)).labels().labels(), LabelPng.read(out("scene_0001.labels.png")).labels());
    }

    @Test
    void reportsWhatIsInTheLabels() throws IOException {
        assertEquals(0, segment(Run.scene(1), "--confidence").code());
        int[] labels = LabelPng.read(out("scene_0001.labels.png")).labels();
        Segmentation expected = byLibrary(Run.scene(1));
        Map<String, Object> report = report("scene_0001.json");
        assertEquals(List.of("tool", "model", "device", "settings", "text", "picture", "labels", "classes", "windows", "seconds", "files"), List.copyOf(report.keySet()));
        assertEquals(List.of("circle", "heart", "moon", "water", "sand"), report.get("labels"));
        List<?> classes = (List<?>) report.get("classes");
        for (int label = 0; label < classes.size(); label++) {
            Map<?, ?> found = (Map<?, ?>) classes.get(label);
            int wanted = label;
            int pixels = (int) IntStream.of(labels).filter(l -> l == wanted).count();
            assertEquals(pixels, found.get("pixels"));
            assertEquals((double) pixels / labels.length, (double) found.get("share"), 1e-6);
            if (pixels > 0) assertEquals(expected.meanConfidence()[label], (double) found.get("confidence"), 1e-6);
            else assertEquals(null, found.get("confidence"));
            Map<?, ?> word = (Map<?, ?>) ((List<?>) found.get("words")).getFirst();
            List<?> scores = (List<?>) word.get("rp_scores");
            for (int window = 0; window < scores.size(); window++)
                assertEquals(expected.reports().get(window).scores()[label], ((Number) scores.get(window)).floatValue(), 1e-6f);
        }
        assertEquals(expected.windows().size(), ((List<?>) report.get("windows")).size());
        for (Object file : ((Map<?, ?>) report.get("files")).values()) assertTrue(Files.exists(out((String) file)), file.toString());
    }

    @Test
    void drawsAnOverlayThatHoldsThePictureAndALegend() {
        segment(Run.scene(1));
        Picture overlay = Pictures.read(out("scene_0001.overlay.png")), scene = Pictures.read(Run.scene(1));
        int factor = overlay.height() / scene.height();
        assertTrue(factor >= 1 && overlay.width() > factor * scene.width(), overlay.pixels().toString());
    }

    @Test
    void saysInALineWhatIsThere() {
        Run run = segment(Run.scene(1));
        assertTrue(run.out().matches("scene_0001: ([a-z]+ (\\d+\\.\\d|< 0\\.1) %(, )?)+ \\(\\d+\\.\\d s\\)\\R"), run.out());
    }

    @Test
    void saysAtTheStartWhatItChose() {
        String err = segment(Run.scene(1)).err();
        for (String topic : List.of("1 picture to", "model ", "quick_gelu", "mean 122.771", "device ", "cpu-vector", "sclip, released mode", "tau-r 0.1", "112 px, 56 px apart", "5 words for 5 classes",
            "encoding 5 sentences")) assertTrue(err.contains(topic), topic + " is not in " + err);
    }

    @Test
    void isQuietIfAsked() {
        assertEquals("", segment(Run.scene(1), "--quiet").err());
    }

    @Test
    void twoRunsGiveTheSameBytesApartFromTimes() throws IOException {
        segment(Run.scene(2), "--confidence");
        Path first = Files.move(folder.resolve("out"), folder.resolve("first"));
        segment(Run.scene(2), "--confidence", "--threads", 1);
        for (String name : List.of("scene_0002.labels.png", "scene_0002.overlay.png", "scene_0002.confidence.png"))
            assertArrayEquals(Files.readAllBytes(first.resolve(name)), Files.readAllBytes(out(name)), name);
        assertEquals(withoutTimes(first.resolve("scene_0002.json")), withoutTimes(out("scene_0002.json")));
    }

    @Test
    void picturesThatGoTogetherGiveTheSameFilesAndLines() throws IOException {
        Object[] pictures = {Run.scene(1), folder.resolve("missing.jpg"), Run.scene(2), Run.scene(3)};
        Run alone = segment(Stream.concat(Stream.of(pictures), Stream.of("--batch", 1)).toArray());
        Path first = Files.move(folder.resolve("out"), folder.resolve("first"));
        Run together = segment(Stream.concat(Stream.of(pictures), Stream.of("--batch", 9)).toArray());
        assertEquals(3, together.code());
        assertEquals(withoutTimes(alone), withoutTimes(together));
        assertEquals(Run.list(first), Run.list(folder.resolve("out")));
        for (String name : Run.list(first)) {
            if (name.endsWith(".png")) assertArrayEquals(Files.readAllBytes(first.resolve(name)), Files.readAllBytes(out(name)), name);
            else assertEquals(withoutTimes(first.resolve(name)), withoutTimes(out(name)), name);
        }
    }

    private static String withoutTimes(Run run) {
        return run.out().replaceAll("\\(\\d+\\.\\d s\\)", "");
    }

    private static String withoutTimes(Path report) throws IOException {
        return Files.readString(report).replaceAll("\"seconds\" : \\{[^}]*}", "").replaceAll("\\d+ threads?", "threads");
    }

    @Test
    void takesTheMachinesDocumentOnStandardOutputAlone() throws IOException {
        Run run = segment(Run.scene(1), Run.scene(2), folder.resolve("missing.jpg"), "--json", "-");
        assertEquals(3, run.code());
        Map<String, Object> document = JSON.std.mapFrom(run.out());
        assertEquals(List.of("pictures", "failures"), List.copyOf(document.keySet()));
        List<?> pictures = (List<?>) document.get("pictures");
        assertEquals(2, pictures.size());
        assertEquals(report("scene_0001.json"), pictures.getFirst());
        Map<?, ?> failure = (Map<?, ?>) ((List<?>) document.get("failures")).getFirst();
        assertEquals(folder.resolve("missing.jpg").toString(), failure.get("file"));
    }

    @Test
    void writesTheMachinesDocumentToAFile() throws IOException {
        Run run = segment(Run.scene(1), "--json", folder.resolve("run.json"));
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().startsWith("scene_0001: "), run.out());
        assertEquals(1, ((List<?>) JSON.std.mapFrom(Files.readAllBytes(folder.resolve("run.json"))).get("pictures")).size());
    }

    @Test
    void aPictureIsNeverTakenForTheDocument() throws IOException {
        Path picture = Files.copy(Run.scene(1), folder.resolve("scene.jpg"));
        byte[] before = Files.readAllBytes(picture);
        assertEquals(2, segment("--json", picture, Run.scene(2)).code());
        assertArrayEquals(before, Files.readAllBytes(picture));
    }

    @Test
    void takesFoldersAndPatternsInOrderAndEachPictureOnce() throws IOException {
        Path in = Files.createDirectories(folder.resolve("in/below"));
        Files.copy(Run.scene(2), folder.resolve("in/b.JPG"));
        Files.copy(Run.scene(1), folder.resolve("in/a.jpg"));
        Files.copy(Run.scene(3), in.resolve("c.jpg"));
        Files.writeString(folder.resolve("in/readme.txt"), "no picture");
        Run run = segment(folder.resolve("in"), folder.resolve("in") + "/*.{jpg,JPG}", "--steps", "none");
        assertEquals(0, run.code(), run.err());
        assertEquals(List.of("a", "b"), run.out().lines().map(line -> line.substring(0, line.indexOf(':'))).toList());
    }

    @Test
    void refusesTwoPicturesThatWouldWriteTheSameFiles() throws IOException {
        Path other = Files.copy(Run.scene(2), folder.resolve("scene_0001.jpg"));
        Run run = segment(Run.scene(1), other);
        assertEquals(2, run.code());
        assertTrue(run.err().contains(Run.scene(1).toString()) && run.err().contains(other.toString()), run.err());
        assertFalse(Files.exists(folder.resolve("out")));
    }

    @Test
    void refusesToOverwriteAnInput() throws IOException {
        Files.createDirectories(folder.resolve("out"));
        Path picture = Files.copy(Run.scene(1), out("a.jpg")), older = Files.copy(Run.scene(2), out("a.labels.png"));
        Run run = segment(picture, older);
        assertEquals(2, run.code());
        assertTrue(run.err().contains("a.labels.png: is an input"), run.err());
    }

    @Test
    void goesOnAfterABrokenPicture() throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.jpg"), "no picture");
        Run run = segment(Run.scene(1), broken, Run.scene(2), "--quiet");
        assertEquals(3, run.code());
        assertEquals(2, run.out().lines().count());
        assertEquals(1, run.errorLines().size(), run.err());
        assertTrue(run.err().startsWith("freecp: " + broken), run.err());
        assertEquals(6, Run.list(folder.resolve("out")).size());
    }
}
