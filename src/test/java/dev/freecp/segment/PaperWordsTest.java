package dev.freecp.segment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.freecp.clip.PromptTemplates;
import dev.freecp.image.Picture;
import dev.freecp.ops.Box;
import dev.freecp.ops.LabelRule;
import dev.freecp.ops.Region;
import dev.freecp.purify.PurifySettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows 6, 7, 11 and 12 of the specification's section 12, by hand: what words, windows, background and crops are under each value of the field. */
class PaperWordsTest {

    private static final PurifySettings RELEASED = PurifySettings.released(0.1f, 0.7f);
    private static final PurifySettings PAPER = PurifySettings.paper(0.1f, 0.7f);

    @TempDir
    Path folder;

    @Test
    void row6AllDescriptionsOrFifteen() throws IOException {
        String sentences = IntStream.range(0, 20).mapToObj(i -> "\"sentence " + i + "\"").collect(Collectors.joining(", ", "[", "]"));
        Path file = Files.writeString(folder.resolve("d.json"), "{\"cat\": " + sentences + "}");
        Vocabulary cat = Vocabulary.parse("cat", new Background.None());
        assertEquals(20, details(cat, file, RELEASED).size());
        assertEquals(15, details(cat, file, PAPER).size());
        assertEquals("sentence 14", details(cat, file, PAPER).getLast());
    }

    private static List<String> details(Vocabulary words, Path file, PurifySettings settings) {
        return QuerySentences.of(words, PromptTemplates.clip80(), Descriptions.read(file), TextSource.TEMPLATES, settings.descriptionLimit()).ambiguity().getFirst();
    }

    @Test
    void row7CityscapesHasItsOwnWindowOrThePapers() {
        assertEquals(224, Preset.CITY_SCAPES.crop(RELEASED.cropRule()));
        assertEquals(384, Preset.CITY_SCAPES.crop(PAPER.cropRule()));
        assertEquals(384, Preset.VOC21.crop(RELEASED.cropRule()));
    }

    @Test
    void row11BackgroundIsOneMinusTheMaximumOrItsBestWord() {
        Vocabulary words = Vocabulary.parse("cat; dog", Background.parse("sky, wall"));
        LabelRule complement = words.labelRule(), best = words.bestWordRule();
        assertEquals(LabelRule.Background.ONE_MINUS_MAX, complement.background());
        assertArrayEquals(new int[] {0, 1}, complement.classOfMap());
        assertEquals(LabelRule.Background.NONE, best.background());
        assertArrayEquals(new int[] {0, 0, 1, 2}, best.classOfMap());
        assertEquals(complement.labels(), best.labels());
    }

    @Test
    void row12CropsComeFromTheWindowOrFromThePicture() {
        // a picture of 100 x 50 enlarged to 200 x 100; patches of 16; the second window begins at row 10, column 20
        Picture picture = Picture.of("p", 100, 50, new byte[3 * 100 * 50]), resized = Picture.of("r", 200, 100, new byte[3 * 200 * 100]);
        List<Region> windows = List.of(new Region(0, 0, 64, 64), new Region(10, 20, 74, 84));
        Box box = new Box(1, 0, 3, 2);
        CutPicture cut = new CutPicture(picture, resized, windows, false, 16, Map.of());
        assertEquals(new Region(10, 36, 42, 68), cut.crop(windows.get(1), box, RELEASED.cropSource()));
        assertEquals(new Region(5, 18, 21, 34), cut.crop(windows.get(1), box, PAPER.cropSource()));
    }
}
