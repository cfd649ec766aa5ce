package dev.freecp.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.Golden;
import dev.freecp.image.LabelMap;
import dev.freecp.image.LabelPng;
import dev.freecp.image.Picture;
import dev.freecp.image.PicturePng;
import dev.freecp.image.Pictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is unusual but right works like everything else. */
class RareInputTest {

    @TempDir
    private Path out;

    private LabelMap segmented(Path picture, String name) {
        Run run = Run.of(Run.shapes(out, "--quiet", picture));
        assertEquals(0, run.code(), run.err());
        assertEquals("", run.err());
        return LabelPng.read(out.resolve(name + ".labels.png"));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "20, 30000", "3000, 7"})
    void picturesOfUnusualShape(int height, int width) {
        Path file = out.resolve("in.png");
        PicturePng.write(file, Picture.of("in", height, width, new byte[3 * height * width]));
        LabelMap labels = segmented(file, "in");
        assertEquals(height, labels.height());
        assertEquals(width, labels.width());
    }

    @ParameterizedTest
    @CsvSource({"grey16.png", "rgb16.png", "grey.jpg", "grey1.png", "grey_alpha.png", "rgb_alpha16.png", "palette4.png", "palette8_transparent.png", "palette.gif", "exif6.jpg", "exif3.png",
        "cmyk.jpg", "ycck.jpg", "palette4.bmp", "lossless_alpha.webp"})
    void picturesOfUnusualKind(String name) {
        Path file = Golden.path("pictures/" + name);
        LabelMap labels = segmented(file, name.substring(0, name.lastIndexOf('.')));
        Picture picture = Pictures.read(file);
        assertEquals(picture.height(), labels.height());
        assertEquals(picture.width(), labels.width());
    }

    @Test
    void aPictureTurnedByItsCameraIsSegmentedUpright() {
        Picture asStored = Pictures.read(Golden.path("pictures/exif1.jpg"));
        LabelMap labels = segmented(Golden.path("pictures/exif6.jpg"), "exif6");
        assertEquals(List.of(asStored.width(), asStored.height()), List.of(labels.height(), labels.width()));
    }

    @Test
    void aWordOfFiveHundredTokensIsCutWithOneWarning() throws IOException {
        Path templates = Files.writeString(out.resolve("templates.txt"), "a {}.\na photo of a {}.\na drawing of a {}.\n");
        String word = "heart ".repeat(500).strip();
        Run run = Run.of("segment", Run.scene(1), "--model", Run.MODEL, "--classes", "water; " + word, "--templates", templates, "--resize", "2048,160", "--crop", "112", "--cache", "off", "--out", out, "--quiet");
        assertAll(
            () -> assertEquals(0, run.code()),
            () -> assertTrue(run.out().length() < 200, run.out()),
            () -> assertEquals(1, run.errorLines().size(), run.err()),
            () -> assertTrue(run.err().startsWith("freecp: warning: 3 of 3 sentences for 'heart heart"), run.err()),
            () -> assertTrue(run.err().contains("32 tokens") && run.err().length() < 200, run.err()));
    }

    @Test
    void oneClassAlone() {
        Run run = Run.of("segment", Run.scene(1), "--model", Run.MODEL, "--classes", "water", "--templates", "a {}", "--resize", "2048,160", "--crop", "112", "--cache", "off", "--out", out, "--quiet");
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().startsWith("scene_0001: water 100.0 %"), run.out());
    }

    @Test
    void aNameOutsideAscii() {
        Path file = out.resolve("büro 写真.png");
        PicturePng.write(file, Picture.of("in", 16, 16, new byte[3 * 16 * 16]));
        assertEquals(16, segmented(file, "büro 写真").height());
    }

    @Test
    void unusedCudaLibrariesAreSaidToBeUnused() {
        Run run = Run.of(Run.shapes(out, "--quiet", "--device", "cpu", "--cuda-libs", "/opt/cuda", Run.scene(1)));
        assertEquals(0, run.code());
        assertEquals(List.of("freecp: warning: --cuda-libs is not used: the device is cpu"), run.errorLines());
    }
}
