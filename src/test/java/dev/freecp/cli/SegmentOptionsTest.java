package dev.freecp.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.freecp.Golden;
import dev.freecp.clip.ReadOut;
import dev.freecp.clip.ReadOutSettings;
import dev.freecp.image.ResizeRule;
import dev.freecp.purify.PurifySettings;
import dev.freecp.purify.Step;
import dev.freecp.segment.Background;
import dev.freecp.segment.Preset;
import dev.freecp.segment.SegmentSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** From options to settings, without a model. */
class SegmentOptionsTest {

    private static final ResizeRule CITY = new ResizeRule(2048, 560);

    private static SegmentOptions options(String line) {
        SegmentOptions options = new SegmentOptions();
        CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create().addMixin("all", CommandLine.Model.CommandSpec.forAnnotatedObject(options));
        new CommandLine(spec).parseArgs(("--model m " + line).strip().split(" "));
        return options;
    }

    private static PurifySettings released(float tauR, float tauA) {
        return PurifySettings.released(tauR, tauA);
    }

    private static SegmentSettings settings(ReadOut method, PurifySettings purify, ResizeRule resize, int crop, int stride) {
        return new SegmentSettings(ReadOutSettings.released(method), purify, resize, crop, stride);
    }

    static Stream<Arguments> table() {
        ResizeRule usual = ResizeRule.DEFAULT;
        return Stream.of(
            Arguments.of("", SegmentSettings.defaults()),
            Arguments.of("--method gem", settings(ReadOut.GEM, released(0.1f, 0.7f), usual, 384, 112)),
            Arguments.of("--method ClearCLIP", settings(ReadOut.CLEARCLIP, released(0.1f, 0.7f), usual, 384, 112)),
            Arguments.of("--steps refine,ap,rp", settings(ReadOut.SCLIP, released(0.1f, 0.7f).withSteps(List.of(Step.REFINE, Step.AMBIGUITY, Step.REDUNDANCY)), usual, 384, 112)),
            Arguments.of("--steps none", settings(ReadOut.SCLIP, released(0.1f, 0.7f).withSteps(List.of()), usual, 384, 112)),
            Arguments.of("--resize none --crop 0", settings(ReadOut.SCLIP, released(0.1f, 0.7f), ResizeRule.NONE, 0, 112)),
            Arguments.of("--tau-r 0.2 --tau-a 0.9 --stride 64", settings(ReadOut.SCLIP, released(0.2f, 0.9f), usual, 384, 64)),
            Arguments.of("--preset voc21", settings(ReadOut.SCLIP, released(0.15f, 0.8f), usual, 384, 112)),
            Arguments.of("--preset city_scapes", settings(ReadOut.SCLIP, released(0.1f, 0.8f), CITY, 224, 112)),
            Arguments.of("--preset city_scapes --tau-r 0.3", settings(ReadOut.SCLIP, released(0.3f, 0.8f), CITY, 224, 112)),
            Arguments.of("--preset city_scapes --crop 96 --resize 1000,500", settings(ReadOut.SCLIP, released(0.1f, 0.8f), new ResizeRule(1000, 500), 96, 112)),
            Arguments.of("--mode paper --method gem --preset city_scapes",
                new SegmentSettings(new ReadOutSettings(ReadOut.GEM, ReadOutSettings.Form.PUBLISHED, 7), PurifySettings.paper(0.1f, 0.8f), CITY, 384, 112)),
            Arguments.of("--mode paper --preset city_scapes --crop 224",
                new SegmentSettings(new ReadOutSettings(ReadOut.SCLIP, ReadOutSettings.Form.PUBLISHED, 7), PurifySettings.paper(0.1f, 0.8f), CITY, 224, 112)));
    }

    @ParameterizedTest
    @MethodSource("table")
    void optionsBecomeSettings(String line, SegmentSettings expected) {
        assertEquals(expected, options(line).settings());
    }

    @Test
    void affinityLayersReachTheSettings() {
        assertArrayEquals(new int[] {0, 1, 2, 5}, options("--affinity-layers 0-2,5").settings().purify().affinityLayers());
    }

    @Test
    void aPresetBringsItsWords() {
        assertEquals(Preset.VOC21.vocabulary().words(), options("--preset voc21").words().words().vocabulary().words());
    }

    @Test
    void classesReplaceThePresetsWordsUnderItsRuleOfTheBackground() {
        Words words = options("--preset voc21 --classes wall;cat;dog").words().words();
        assertEquals(List.of("background", "cat", "dog"), words.vocabulary().labelNames());
        assertEquals(1, words.vocabulary().backgroundWords());
    }

    @Test
    void aBackgroundReplacesThePresets() {
        Words words = options("--preset voc21 --background threshold:0.4").words().words();
        assertEquals(new Background.Threshold(0.4f), words.vocabulary().background());
        assertEquals(Preset.VOC21.vocabulary().classes(), words.vocabulary().words());
    }

    @Test
    void thePaperReadsFifteenDescriptionsAWord(@TempDir Path folder) throws IOException {
        List<String> sentences = IntStream.range(0, 20).mapToObj(i -> "\"a moon, seen " + i + " times\"").toList();
        Path file = Files.writeString(folder.resolve("words.json"), "{\"moon\": " + sentences + "}");
        String line = "--classes moon --descriptions " + file;
        assertEquals(20, options(line).words().words().sentences().ambiguity().getFirst().size());
        assertEquals(15, options(line + " --mode paper").words().words().sentences().ambiguity().getFirst().size());
    }

    @Test
    void patchesAreComparedWithDescriptionsIfAsked() {
        Words words = options("--classes moon --text descriptions --descriptions " + Golden.path("shapes/descriptions.json")).words().words();
        assertEquals(words.sentences().ambiguity(), words.sentences().segmentation());
    }
}
