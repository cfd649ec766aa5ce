package dev.freecp.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.freecp.cuda.Driver;
import dev.freecp.error.DeviceException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What must fail fails with one line that names file and cause, with the right exit code, and leaves nothing behind. */
class FailureTest {

    private static final int USAGE = 2, INPUT = 3, DEVICE = 4;

    @TempDir
    private Path folder;
    private Path out;
    private Path model;

    @BeforeEach
    void copyModel() throws IOException {
        out = folder.resolve("out");
        model = Files.createDirectory(folder.resolve("model"));
        for (String name : List.of("config.json", "preprocessor_config.json", "vocab.json", "merges.txt", "model.safetensors"))
            Files.copy(Run.MODEL.resolve(name), model.resolve(name));
    }

    private Run segment(Object... more) {
        return Run.of(Run.shapes(out, more));
    }

    /** With the copied model in place of the good one. */
    private Run segmentWithModel() {
        return Run.of("segment", Run.scene(1), "--model", model, "--classes", "circle; water", "--cache", "off", "--out", out, "--quiet");
    }

    private void fails(int code, Run run, String... parts) {
        assertAll(
            () -> assertEquals(code, run.code(), run.err()),
            () -> assertEquals("", run.out()),
            () -> assertEquals(1, run.errorLines().stream().filter(line -> line.startsWith("freecp: ")).count(), run.err()),
            () -> assertFalse(run.err().contains("bug") || run.err().contains("\tat "), run.err()),
            () -> assertFalse(Files.exists(out), "output is left behind"));
        for (String part : parts) assertTrue(run.err().contains(part), "'" + part + "' is not in " + run.err());
    }

    @Test
    void missingPicture() {
        fails(INPUT, segment(folder.resolve("none.jpg"), "--quiet"), "none.jpg", "no such file");
    }

    @Test
    void textForAPicture() throws IOException {
        fails(INPUT, segment(Files.writeString(folder.resolve("text.jpg"), "hello"), "--quiet"), "text.jpg", "not a picture");
    }

    @Test
    void emptyPicture() throws IOException {
        fails(INPUT, segment(Files.createFile(folder.resolve("empty.png")), "--quiet"), "empty.png", "empty");
    }

    @Test
    void truncatedPicture() throws IOException {
        byte[] whole = Files.readAllBytes(Run.scene(1));
        fails(INPUT, segment(Files.write(folder.resolve("half.jpg"), Arrays.copyOf(whole, whole.length / 2)), "--quiet"), "half.jpg", "truncated");
    }

    @Test
    void missingModel() {
        fails(INPUT, Run.of("segment", Run.scene(1), "--model", folder.resolve("nowhere"), "--classes", "a; b", "--out", out), "nowhere", "no such folder");
    }

    @Test
    void truncatedWeights() throws IOException {
        byte[] bytes = Files.readAllBytes(model.resolve("model.safetensors"));
        Files.write(model.resolve("model.safetensors"), Arrays.copyOf(bytes, bytes.length - 1000));
        fails(INPUT, segmentWithModel(), "model.safetensors");
    }

    /** Texts of equal length in the header of the weights. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "a type whose size does not fit the bytes | F32 | F64 | model.safetensors",
        "a tensor under another name | \"logit_scale\" | \"logit_scalf\" | logit_scale",
        "a tensor of another shape | \"shape\":[96,128] | \"shape\":[128,96] | projection"})
    void weightsWhoseHeaderLies(String what, String from, String to, String named) throws IOException {
        Path file = model.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(file);
        int length = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        String header = new String(bytes, Long.BYTES, length, StandardCharsets.ISO_8859_1);
        assertTrue(header.contains(from), header);
        byte[] changed = header.replaceFirst(Pattern.quote(from), to).getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(changed, 0, bytes, Long.BYTES, length);
        Files.write(file, bytes);
        fails(INPUT, segmentWithModel(), "model.safetensors", named);
    }

    @Test
    void weightsThatAreNoNumbers() throws IOException {
        Path file = model.resolve("model.safetensors");
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putFloat(bytes.capacity() - Float.BYTES, Float.NaN);
        Files.write(file, bytes.array());
        fails(INPUT, segmentWithModel(), "model.safetensors", "NaN");
    }

    @Test
    void anotherFamilyOfModels() throws IOException {
        Path config = model.resolve("config.json");
        String text = Files.readString(config);
        assertTrue(text.contains("\"model_type\": \"clip\""), text);
        Files.writeString(config, text.replaceFirst("\"model_type\": \"clip\"", "\"model_type\": \"siglip\""));
        fails(INPUT, segmentWithModel(), "config.json", "siglip");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", value = {
        "--classes   | ''            | class list is empty",
        "--classes   | cat; dog; cat | cat",
        "--classes   | cat;; dog     | empty",
        "--method    | dino          | vanilla, maskclip",
        "--mode      | fast          | released, paper",
        "--steps     | rp            | refine",
        "--preset    | voc99         | voc21",
        "--tau-r     | 1.5           | between 0 and 1",
        "--tau-r     | -0.1          | between 0 and 1",
        "--tau-a     | NaN           | between 0 and 1",
        "--background | threshold:2  | threshold",
        "--resize    | 10            | 2048,448",
        "--crop      | 4             | crop 4",
        "--stride    | 0             | stride 0",
        "--method    | gem           | 7 blocks",
        "--affinity-layers | 0-9     | layer 6",
        "--threads   | 0             | threads",
        "--memory    | lots          | 512M",
        "--batch     | 0             | --batch",
        "--device    | tpu           | auto, cpu",
        "--precision | fp8           | fp32, tf32",
        "--text      | descriptions  | --descriptions",
        "--templates | a photo {     | a photo {",
        "--json      | run.txt       | .json"})
    void optionsThatCannotBe(String option, String value, String part) {
        Run run = Run.of("segment", Run.scene(1), "--model", Run.MODEL, option.equals("--classes") ? "--cache" : "--classes", option.equals("--classes") ? "off" : "circle; water",
            "--out", out, "--quiet", option + "=" + value);
        fails(option.equals("--templates") ? INPUT : USAGE, run, part);
    }

    private static boolean noGpu() {
        try {
            Driver.probe();
            return false;
        } catch (DeviceException e) {
            return true;
        }
    }

    @Test
    void aGpuThatIsNotThere() {
        assumeTrue(noGpu(), "this machine has a GPU");
        fails(DEVICE, segment(Run.scene(1), "--device", "cuda"), "no NVIDIA driver");
        fails(DEVICE, segment(Run.scene(1), "--precision", "fp16"), "--precision fp16 needs a GPU: no NVIDIA driver");
    }

    @Test
    void precisionsThatACpuDoesNotHave() {
        fails(USAGE, segment(Run.scene(1), "--device", "cpu", "--precision", "fp16"), "fp32 only");
    }

    @Test
    void nothingToLookFor() {
        fails(USAGE, Run.of("segment", Run.scene(1), "--model", Run.MODEL, "--out", out), "--classes", "--preset");
    }

    @Test
    void aClassFileWithAClassTwice() throws IOException {
        Path classes = Files.writeString(folder.resolve("classes.txt"), "cat\ndog\ncat\n");
        fails(INPUT, Run.of("segment", Run.scene(1), "--model", Run.MODEL, "--classes", classes, "--out", out), "classes.txt", "line 3", "cat");
    }

    @Test
    void aMisspeltOptionIsNamedWithItsLikes() {
        fails(USAGE, Run.of("segment", Run.scene(1), "--modle", "m"), "--modle", "--model");
    }

    @Test
    void noCommandNamesThoseThereAre() {
        fails(USAGE, Run.of(), "segment", "encode-text", "cache");
        fails(USAGE, Run.of("cache"), "size", "clear");
    }

    @Test
    void aFileInPlaceOfTheOutputFolder() throws IOException {
        Path file = Files.writeString(folder.resolve("taken"), "mine");
        Run run = Run.of(Run.shapes(file, Run.scene(1)));
        fails(INPUT, run, "taken", "it is a file");
        fails(INPUT, Run.of(Run.shapes(file.resolve("below"), Run.scene(1))), "below", "cannot hold results");
        assertEquals("mine", Files.readString(file));
    }

    @Test
    void aFullDisk() {
        Run run = Run.of(FailureTest::onAFullDisk, Run.shapes(out, "--quiet", Run.scene(1), Run.scene(2)));
        fails(INPUT, run, "scene_0001.overlay.png", "No space left on device");
    }

    @Test
    void aDiskThatFillsUpLaterLeavesWhatIsWhole() {
        OutputFolder.Opener opener = file -> file.toString().contains("scene_0002") ? onAFullDisk(file) : OutputFolder.Opener.DISK.open(file);
        Run run = Run.of(opener, Run.shapes(out, "--quiet", Run.scene(1), Run.scene(2), Run.scene(3)));
        assertEquals(INPUT, run.code());
        assertEquals(1, run.errorLines().size(), run.err());
        assertEquals(List.of("scene_0001.json", "scene_0001.labels.png", "scene_0001.overlay.png"), Run.list(out));
    }

    /** There is room for labels, but not for a picture. */
    private static OutputStream onAFullDisk(Path file) throws IOException {
        return new FilterOutputStream(Files.newOutputStream(file)) {
            private int room = 4096;

            @Override
            public void write(byte[] bytes, int from, int count) throws IOException {
                room -= count;
                if (room < 0) throw new IOException("No space left on device");
                out.write(bytes, from, count);
            }
        };
    }

    @Test
    void aBugSaysSoAndHowToSeeMore() {
        OutputFolder.Opener broken = _ -> {
            throw new IllegalStateException("impossible");
        };
        Run run = Run.of(broken, Run.shapes(out, "--quiet", Run.scene(1)));
        assertEquals(1, run.code());
        assertEquals(List.of("freecp: bug: java.lang.IllegalStateException: impossible (run again with --stacktrace)"), run.errorLines());
        Run again = Run.of(broken, Run.shapes(out, "--quiet", "--stacktrace", Run.scene(1)));
        assertTrue(again.err().contains("\tat dev.freecp.cli.OutputFolder"), again.err());
    }
}
