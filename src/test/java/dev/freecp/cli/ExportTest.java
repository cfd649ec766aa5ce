package dev.freecp.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.freecp.image.LabelPng;
import dev.freecp.report.export.ExportFormats;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Exports from the command line; what stands in them is for the tests of their package. */
class ExportTest {

    @TempDir
    private Path folder;

    private Run segment(Object... more) {
        return Run.of(Run.shapes(folder.resolve("out"), more));
    }

    private Path out(String name) {
        return folder.resolve("out").resolve(name);
    }

    @Test
    void everyFormatLiesBesideTheLabelsAndIsInTheReport() throws IOException {
        Run run = segment(Run.scene(1), Run.scene(2), "--export", "png,classes,coco,yolo,geojson,labelme,npy");
        assertEquals(0, run.code(), run.err());
        List<String> files = Run.list(folder.resolve("out"));
        assertTrue(files.containsAll(List.of("annotations.coco.json", "classes.txt", "data.yaml", "scene_0001.txt", "scene_0002.txt", "scene_0001.geojson", "scene_0001.labelme.json",
            "scene_0001.labels.npy", "scene_0001.confidence.npy")), files.toString());
        Map<?, ?> exports = (Map<?, ?>) ((Map<?, ?>) JSON.std.mapFrom(Files.readAllBytes(out("scene_0001.json"))).get("files")).get("exports");
        assertEquals(List.of("png", "classes", "yolo", "geojson", "labelme", "npy"), List.copyOf(exports.keySet()));
        for (Object names : exports.values()) for (Object name : (List<?>) names) assertTrue(files.contains(name), name.toString());
        List<?> images = (List<?>) JSON.std.mapFrom(Files.readAllBytes(out("annotations.coco.json"))).get("images");
        assertEquals(List.of("scene_0001.jpg", "scene_0002.jpg"), images.stream().map(image -> ((Map<?, ?>) image).get("file_name")).toList());
        Object path = JSON.std.mapFrom(Files.readAllBytes(out("scene_0001.labelme.json"))).get("imagePath");
        assertTrue(Files.isSameFile(out((String) path), Run.scene(1)), path.toString());
    }

    @Test
    void anExportedPictureHasTheLabelsOfTheLabelFile() throws IOException {
        assertEquals(0, segment(Run.scene(1), "--export", "npy").code());
        byte[] npy = Files.readAllBytes(out("scene_0001.labels.npy"));
        int[] labels = LabelPng.read(out("scene_0001.labels.png")).labels();
        byte[] tail = Arrays.copyOfRange(npy, npy.length - labels.length, npy.length);
        for (int i = 0; i < labels.length; i++) assertEquals(labels[i], tail[i]);
    }

    @Test
    void theHelpNamesEveryFormat() {
        assertTrue(Run.of("segment", "--help").out().replaceAll("\\s+", " ").contains(ExportFormats.names()));
    }

    @Test
    void aBrokenPictureIsNotInTheDocumentOfTheRun() throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.jpg"), "no picture");
        assertEquals(3, segment(broken, Run.scene(1), "--export", "coco", "--rle", "--min-area", 20).code());
        assertEquals(1, ((List<?>) JSON.std.mapFrom(Files.readAllBytes(out("annotations.coco.json"))).get("images")).size());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
        --export coco,jolo | there is no export 'jolo'; choose from png, classes, coco
        --export yolo --simplify -1 | a number of pixels from 0 on, not -1
        --export yolo --simplify much | 'much' is not a double
        --export yolo --min-area -5 | a number of pixels from 0 on, not -5
        --export yolo --rle | --rle is for --export coco
        --export npy --simplify 2 | add --export with one of coco, yolo, geojson, labelme
        --min-area 9 | add --export with one of coco, yolo, geojson, labelme""")
    void whatCannotBeIsRefusedInOneSentence(String arguments, String sentence) {
        Run run = segment((Object[]) (Run.scene(1) + " " + arguments).split(" "));
        assertEquals(2, run.code());
        assertTrue(run.err().contains(sentence), run.err());
        assertFalse(Files.exists(folder.resolve("out")));
    }

    @Test
    void exportsNeverTakeThePlaceOfAnInputOrOfEachOther() throws IOException {
        Files.createDirectories(folder.resolve("out"));
        Path a = Files.copy(Run.scene(1), out("a.jpg")), mask = Files.copy(Run.scene(2), out("a.class-000-circle.png"));
        byte[] before = Files.readAllBytes(mask);
        Run overwritten = segment(a, mask, "--export", "classes");
        assertEquals(2, overwritten.code());
        assertTrue(overwritten.err().contains("a.class-000-circle.png: is an input"), overwritten.err());
        assertArrayEquals(before, Files.readAllBytes(mask));

        Path first = Files.copy(Run.scene(1), folder.resolve("b.jpg")), second = Files.copy(Run.scene(2), folder.resolve("b.labelme.jpg"));
        assertTrue(segment(first, second, "--export", "labelme").err().contains("b.labelme.jpg would both write b.labelme.json"));
        Path classes = Files.copy(Run.scene(1), folder.resolve("classes.jpg"));
        assertTrue(segment(classes, "--export", "yolo").err().contains("and the run as a whole would both write classes.txt"));
    }

    @Test
    void ofAPictureAndItsRunEverythingStaysOrNothing() {
        for (String full : List.of("scene_0001.geojson", "annotations.coco.json")) {
            OutputFolder.Opener disk = file -> file.getFileName().toString().contains(full) ? new FullDisk(Files.newOutputStream(file)) : Files.newOutputStream(file);
            Run run = Run.of(disk, Run.shapes(folder.resolve(full), Run.scene(1), "--export", "coco,yolo,geojson"));
            assertEquals(3, run.code());
            assertTrue(run.err().contains(full + ": cannot be written (no space left)"), run.err());
            List<String> left = Run.list(folder.resolve(full));
            List<String> picture = List.of("scene_0001.geojson", "scene_0001.json", "scene_0001.labels.png", "scene_0001.overlay.png", "scene_0001.txt");
            assertEquals(full.startsWith("scene") ? List.of() : picture, left);
        }
    }

    /** Takes nothing. */
    private static final class FullDisk extends OutputStream {

        private final OutputStream file;

        private FullDisk(OutputStream file) {
            this.file = file;
        }

        @Override
        public void write(int b) throws IOException {
            throw new IOException("no space left");
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
