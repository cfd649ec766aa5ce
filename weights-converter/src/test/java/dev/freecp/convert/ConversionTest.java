package dev.freecp.convert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import dev.freecp.weights.JsonFile;
import dev.freecp.weights.SafeTensors;
import dev.freecp.weights.SafeTensorsWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConversionTest {

    private static final Path SMALL = Samples.file("openai/state_dict.safetensors");

    @TempDir
    private Path folder;

    private Path out;

    @BeforeEach
    void chooseFolder() {
        out = folder.resolve("made/on/the/way");
    }

    /** The golden model under other names comes back bit for bit, as far as those names go. */
    @ParameterizedTest
    @EnumSource(Rewriting.class)
    void bringsTheGoldenModelBack(Rewriting names) throws IOException {
        Path source = Files.createDirectory(folder.resolve("source"));
        try (SafeTensors golden = SafeTensors.open(Samples.golden().resolve("model.safetensors"))) {
            names.write(golden, source);
            assertEquals(0, Run.of("convert", source.toString(), out.toString(), "--heads", "4", "--activation", "quick_gelu").code());
            try (SafeTensors came = SafeTensors.open(out.resolve("model.safetensors"))) {
                List<String> wanted = golden.names().stream().filter(names::keeps).toList();
                assertEquals(wanted.size(), came.names().size());
                for (String name : wanted) assertEquals(-1, golden.tensor(name).segment().mismatch(came.tensor(name).segment()), name);
            }
        }
    }

    @Test
    void saysWhereTheResultIsFrom() {
        assertEquals(0, convert(SMALL).code());
        try (SafeTensors made = SafeTensors.open(out.resolve("model.safetensors"))) {
            assertEquals("pt", made.metadata().get("format"));
            assertEquals("state_dict.safetensors", made.metadata().get("freecp.source"));
            assertEquals(FileDigest.sha256(List.of(SMALL)), made.metadata().get("freecp.source.sha256"));
            assertEquals("OpenAI's names to transformers.CLIPModel", made.metadata().get("freecp.mapping"));
        }
    }

    @Test
    void writesTheTypeThatIsAskedFor() {
        assertEquals(0, convert(SMALL, "--dtype", "bf16").code());
        try (SafeTensors made = SafeTensors.open(out.resolve("model.safetensors"))) {
            assertTrue(made.names().stream().allMatch(name -> made.type(name) == DType.BF16));
        }
    }

    @Test
    void refusesNumbersTooLargeForTheType() throws IOException {
        Path large = changed("logit_scale", Tensor.of("logit_scale", Shape.SCALAR, 1e6f));
        Run run = convert(large, "--dtype", "f16");
        assertRefused("unsupported: " + large + ": logit_scale holds 1 numbers too large for F16", run);
    }

    /** Found only while the tensors are written: what was written by then must go, with the folders made on the way. */
    @Test
    void leavesNothingBehindWhenANumberIsNone() throws IOException {
        float[] bias = new float[20];
        bias[7] = Float.NaN;
        Path bad = changed("visual.ln_post.bias", Tensor.of("bias", Shape.unnamed(20), bias));
        assertRefused("malformed: " + bad + ": visual.ln_post.bias holds NaN or infinity", convert(bad));
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(List.of(bad), left.toList());
        }
    }

    @Test
    void leavesAFolderThatHoldsSomethingAlone() throws IOException {
        Files.createDirectories(out);
        Files.writeString(out.resolve("mine.txt"), "mine");
        assertEquals(2, convert(SMALL).code());
        assertEquals(0, convert(SMALL, "--force").code());
        assertEquals("mine", Files.readString(out.resolve("mine.txt")));
        assertTrue(Files.exists(out.resolve("model.safetensors")));
    }

    @Test
    void neverWritesToWhereTheSourceLies() throws IOException {
        Path source = Files.createDirectory(folder.resolve("source"));
        Path file = Files.copy(SMALL, source.resolve("model.safetensors"));
        assertEquals(2, Run.of("convert", file.toString(), source.toString(), "--force").code());
        assertArrayEquals(Files.readAllBytes(SMALL), Files.readAllBytes(file));
    }

    @Test
    void openClipMeansGeluWhereItSaysNothing() throws IOException {
        String config = "{\"model_cfg\":{\"embed_dim\":12,\"vision_cfg\":{\"head_width\":5},\"text_cfg\":{\"heads\":3}},\"preprocess_cfg\":{\"mean\":[0.5,0.5,0.5],\"std\":[0.25,0.25,0.25]}}";
        assertEquals(0, convert(beside(config)).code());
        assertEquals("gelu", JsonFile.object(out.resolve("config.json")).object("vision_config").string("hidden_act"));
        assertEquals(4, JsonFile.object(out.resolve("config.json")).object("vision_config").integer("num_attention_heads"));
        assertEquals(3, JsonFile.object(out.resolve("config.json")).object("text_config").integer("num_attention_heads"));
        assertArrayEquals(new double[] {0.25, 0.25, 0.25}, JsonFile.object(out.resolve("preprocessor_config.json")).numbers("image_std"));
    }

    @Test
    void refusesWhatOpenClipWouldComputeDifferently() throws IOException {
        Run run = convert(beside("{\"model_cfg\":{\"embed_dim\":12,\"vision_cfg\":{\"attentional_pool\":true},\"text_cfg\":{}}}"));
        assertTrue(run.err().contains("unsupported: ") && run.err().contains("attentional_pool"), run.err());
    }

    @Test
    void choosesTheTeacherUnlessToldOtherwise() {
        Path both = Samples.file("dino/dino_full.pth");
        assertTrue(convert(both).err().contains("found under teacher.backbone., chosen before student.module.backbone."));
        assertRefused("missing: " + both + ": has no branch 'twin'", Run.of("convert", both.toString(), folder.resolve("x").toString(), "--branch", "twin"));
    }

    @Test
    void dropsEmptyTensorsAndSaysSo() throws IOException {
        Run run = convert(changed("visual.empty", Tensor.of("e", Shape.unnamed(0, 5))));
        assertEquals(0, run.code());
        assertTrue(run.err().contains("1 tensors that are no weights dropped"), run.err());
    }

    @Test
    void makesTheTokenizerFromOpenAisVocabulary() throws IOException {
        Path bpe = folder.resolve("bpe.txt.gz");
        try (GZIPOutputStream gz = new GZIPOutputStream(Files.newOutputStream(bpe))) {
            gz.write(("\"bpe_simple_vocab_16e6.txt#version: 0.2\n" + String.join("\n", ClipVocabulary.synthetic().merges()) + "\nunused line\n").getBytes(StandardCharsets.UTF_8));
        }
        assertEquals(0, convert(SMALL, "--bpe", bpe.toString()).code());
        Map<String, Object> ids = JsonFile.object(out.resolve("vocab.json"));
        assertEquals(49408, ids.size());
        assertEquals(List.of(0L, 256L, 512L, 49406L, 49407L), Stream.of("!", "!</w>", "!!</w>", "<|startoftext|>", "<|endoftext|>").map(ids::get).toList());
        assertEquals(1 + ClipVocabulary.MERGES, Files.readAllLines(out.resolve("merges.txt")).size());
    }

    @Test
    void refusesAVocabularyThatIsCutShort() throws IOException {
        Path bpe = Files.writeString(folder.resolve("bpe.txt"), "version\na b\n");
        assertRefused("malformed: " + bpe + ": has 1 merges", convert(SMALL, "--bpe", bpe.toString()));
    }

    @Test
    void copiesAnythingRaw() {
        Path raw = Samples.file("raw/raw.safetensors");
        assertEquals(0, convert(raw, "--raw", "--dtype", "f32").code());
        try (SafeTensors made = SafeTensors.open(out.resolve("model.safetensors")); SafeTensors source = SafeTensors.open(raw)) {
            assertEquals(source.names().size(), made.names().size());
            for (String name : source.names()) assertEquals(source.type(name).isFloat() ? DType.F32 : source.type(name), made.type(name));
        }
    }

    private Run convert(Path in, String... options) {
        return Run.of(Stream.concat(Stream.of("convert", in.toString(), out.toString()), Stream.of(options)).toList());
    }

    private static void assertRefused(String start, Run run) {
        assertEquals(3, run.code());
        assertTrue(run.err().startsWith("freecp weights: " + start), run.err());
        assertEquals(1, run.err().lines().count());
    }

    /** The small model with one tensor replaced or added. */
    private Path changed(String name, Tensor tensor) {
        Path file = folder.resolve("changed.safetensors");
        try (SafeTensors small = SafeTensors.open(SMALL)) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            for (String each : small.names()) tensors.put(each, small.tensor(each));
            tensors.put(name, tensor);
            SafeTensorsWriter.write(file, tensors, Map.of());
        }
        return file;
    }

    /** A folder with the small model and an open_clip configuration. */
    private Path beside(String config) throws IOException {
        Path source = Files.createDirectory(folder.resolve("source"));
        Files.copy(SMALL, source.resolve("open_clip_model.safetensors"));
        Files.writeString(source.resolve("open_clip_config.json"), config);
        return source;
    }
}
