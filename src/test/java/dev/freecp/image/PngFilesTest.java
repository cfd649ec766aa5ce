package dev.freecp.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.Golden;
import dev.freecp.error.InputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PngFilesTest {

    @Test
    void paletteIsThatOfPascalVoc() {
        int[] first = {0x000000, 0x800000, 0x008000, 0x808000, 0x000080, 0x800080, 0x008080, 0x808080, 0x400000, 0xc00000};
        for (int label = 0; label < first.length; label++) assertEquals(first[label], Palette.voc(label));
        assertEquals(0xe0e0c0, Palette.voc(255));
    }

    @Test
    void coloursStayDistinctBeyondTheFirst256() {
        Set<Integer> seen = new HashSet<>();
        for (int label = 0; label < 3000; label++) assertTrue(seen.add(Palette.voc(label)), "label " + label);
    }

    @Test
    void labelsComeBackAsTheyWereWritten(@TempDir Path folder) {
        int[] small = new Random(3).ints(33 * 7, 0, 256).toArray();
        int[] large = new Random(3).ints(33 * 7, 0, 1000).toArray();
        LabelPng.write(folder.resolve("small.png"), new LabelMap(33, 7, small), 256);
        LabelPng.write(folder.resolve("large.png"), new LabelMap(33, 7, large), 1000);
        assertArrayEquals(small, LabelPng.read(folder.resolve("small.png")).labels());
        LabelMap read = LabelPng.read(folder.resolve("large.png"));
        assertArrayEquals(large, read.labels());
        assertEquals(33, read.height());
    }

    @Test
    void otherProgramsSeeThePaletteColours(@TempDir Path folder) throws IOException {
        LabelPng.write(folder.resolve("labels.png"), new LabelMap(1, 3, new int[] {0, 1, 255}), 21);
        var image = ImageIO.read(folder.resolve("labels.png").toFile());
        assertEquals(0xff800000, image.getRGB(1, 0));
        assertEquals(0xffe0e0c0, image.getRGB(2, 0));
    }

    @Test
    void sameLabelsGiveSameBytesAndNoHalfFileIsLeft(@TempDir Path folder) throws IOException {
        LabelMap map = new LabelMap(2, 2, new int[] {0, 1, 2, 3});
        var stream = new ByteArrayOutputStream();
        LabelPng.write(stream, map, 4);
        LabelPng.write(folder.resolve("a.png"), map, 4);
        assertArrayEquals(stream.toByteArray(), Files.readAllBytes(folder.resolve("a.png")));
        assertFalse(Files.exists(folder.resolve("a.png.part")));
    }

    @Test
    void readsAnnotationsOfTheShapesScenes() {
        LabelMap truth = LabelPng.read(Golden.path("shapes/dataset/SegmentationClass/scene_0001.png"));
        Picture scene = Pictures.read(Golden.path("shapes/dataset/JPEGImages/scene_0001.jpg"));
        assertEquals(new Size(scene.height(), scene.width()), new Size(truth.height(), truth.width()));
        for (int label : truth.labels()) assertTrue(label < 20, "label " + label);
    }

    @Test
    void readsGreyAnnotationsAsTheirValues() {
        LabelMap wide = LabelPng.read(Golden.path("pictures/grey16.png"));
        assertTrue(Arrays.stream(wide.labels()).max().getAsInt() > 255);
        LabelMap narrow = LabelPng.read(Golden.path("pictures/grey2.png"));
        assertEquals(3, Arrays.stream(narrow.labels()).max().getAsInt());
    }

    @Test
    void refusesPicturesThatAreNoLabels(@TempDir Path folder) {
        assertThrows(InputException.class, () -> LabelPng.read(Golden.path("pictures/rgb16.png")));
        assertThrows(InputException.class, () -> LabelPng.read(Golden.path("pictures/grey.jpg")));
        assertThrows(IllegalArgumentException.class, () -> LabelPng.write(folder.resolve("x.png"), new LabelMap(1, 1, new int[] {256}), 256));
        assertThrows(InputException.class, () -> LabelPng.write(folder.resolve("no/such/x.png"), new LabelMap(1, 1, new int[] {0}), 2));
    }

    @Test
    void confidencesAreRoundedAndClamped(@TempDir Path folder) {
        float[] values = {0, 1, 0.5f, -1, 2, Float.NaN};
        GreyPng.write(folder.resolve("16.png"), values, 2, 3, 16);
        GreyPng.write(folder.resolve("8.png"), values, 2, 3, 8);
        int[] wide = LabelPng.read(folder.resolve("16.png")).labels();
        assertArrayEquals(new int[] {0, 65535, 32768, 0, 65535, 0}, wide);
        assertArrayEquals(new int[] {0, 255, 128, 0, 255, 0}, LabelPng.read(folder.resolve("8.png")).labels());
    }
}
