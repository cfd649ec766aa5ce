package dev.freecp.convert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.tensor.Tensor;
import dev.freecp.weights.JsonFile;
import dev.freecp.weights.JsonObject;
import dev.freecp.weights.SafeTensors;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every file of a folder of samples, by its manifest: good ones convert bit for bit onto the expected tensors and tell the expected facts; hostile
 * ones are refused with the right word and leave nothing. {@code -Dfreecp.weights=FOLDER} runs another folder of the same layout.
 */
class ManifestTest {

    private static final Path SAMPLES = Path.of(System.getProperty("freecp.weights", System.getProperty("freecp.testdata") + "/weights"));

    @TempDir
    private Path scratch;

    @TestFactory
    Stream<DynamicTest> goodFilesConvertBitForBit() {
        return entries("good").map(entry -> DynamicTest.dynamicTest(entry.string("file") + " " + entry.string("what"), () -> convertGood(entry)));
    }

    @TestFactory
    Stream<DynamicTest> hostileFilesAreRefusedWithTheRightWord() {
        return entries("hostile").map(entry -> DynamicTest.dynamicTest(entry.string("file") + " " + entry.string("what"), () -> convertHostile(entry)));
    }

    private static Stream<Entry> entries(String list) {
        return Entry.of(SAMPLES.resolve("manifest.json"), list);
    }

    private void convertGood(Entry entry) throws IOException {
        Path out = Files.createTempDirectory(scratch, "good").resolve("out");
        List<String> arguments = new ArrayList<>(List.of("convert", SAMPLES.resolve(entry.string("file")).toString(), out.toString()));
        boolean raw = entry.string("level").equals("raw");
        if (raw) arguments.add("--raw");
        else addOptions(entry, arguments);
        Run run = Run.of(arguments);
        assertEquals(0, run.code(), run::err);
        Path override = entry.has("override") ? SAMPLES.resolve(entry.string("override")) : null;
        requireTensors(SAMPLES.resolve(entry.string("expected")), override, entry.string("tensors"), out.resolve("model.safetensors"));
        if (!raw) requireFacts(entry, out);
        try (Stream<Path> left = Files.list(out.getParent())) {
            assertEquals(List.of(out), left.toList());
        }
    }

    /** What the caller must say, because the file does not. */
    private static void addOptions(Entry entry, List<String> arguments) {
        Entry heads = entry.object("heads"), activation = entry.object("activation");
        if (heads.string("from").equals("caller")) {
            arguments.addAll(List.of("--heads", String.valueOf(heads.integer("vision"))));
            if (heads.has("text")) arguments.addAll(List.of("--text-heads", String.valueOf(heads.integer("text"))));
        }
        if (activation.string("from").equals("caller")) arguments.addAll(List.of("--activation", activation.string("value")));
        if (entry.has("options")) arguments.addAll(List.of("--branch", entry.object("options").string("checkpoint_key")));
    }

    private static void requireTensors(Path expected, Path override, String which, Path converted) {
        try (SafeTensors wanted = SafeTensors.open(expected); SafeTensors other = SafeTensors.open(override == null ? expected : override); SafeTensors came = SafeTensors.open(converted)) {
            List<String> names = wanted.names().stream().filter(name -> isWanted(name, which)).toList();
            assertEquals(new TreeSet<>(names), new TreeSet<>(came.names()));
            for (String name : names) {
                Tensor tensor = other.has(name) ? other.tensor(name) : wanted.tensor(name);
                assertEquals(tensor.type(), came.type(name), name);
                assertArrayEquals(tensor.shape().sizes(), came.shape(name).sizes(), name);
                assertEquals(-1, MemorySegment.mismatch(tensor.segment(), 0, tensor.segment().byteSize(), came.tensor(name).segment(), 0, tensor.segment().byteSize()), name);
            }
        }
    }

    /** {@code all}, {@code all but a}, or names and prefixes that end in a star. */
    private static boolean isWanted(String name, String which) {
        if (which.equals("all")) return true;
        if (which.startsWith("all but ")) return !List.of(which.substring("all but ".length()).split(", ")).contains(name);
        return Arrays.stream(which.split(", ")).anyMatch(part -> part.endsWith("*") ? name.startsWith(part.substring(0, part.length() - 1)) : name.equals(part));
    }

    private static void requireFacts(Entry entry, Path out) {
        JsonObject config = JsonFile.object(out.resolve("config.json"));
        boolean clip = entry.string("level").equals("clip");
        String activation = entry.object("activation").string("value");
        if (!clip || config.has("vision_config")) {
            JsonObject vision = clip ? config.object("vision_config") : config;
            assertEquals(entry.object("heads").integer("vision"), vision.integer("num_attention_heads"));
            assertEquals(entry.integer("image_size"), vision.integer("image_size"));
            assertEquals(entry.integer("patch_size"), vision.integer("patch_size"));
            assertEquals(activation, vision.string("hidden_act"));
            assertEquals(entry.number("layer_norm_eps", 1e-5), vision.number("layer_norm_eps"));
            JsonObject pictures = JsonFile.object(out.resolve("preprocessor_config.json"));
            assertArrayEquals(entry.object("preprocess").numbers("mean"), pictures.numbers("image_mean"));
            assertArrayEquals(entry.object("preprocess").numbers("std"), pictures.numbers("image_std"));
        }
        if (clip && config.has("text_config")) {
            assertEquals(entry.object("heads").integer("text"), config.object("text_config").integer("num_attention_heads"));
            assertEquals(activation, config.object("text_config").string("hidden_act"));
        }
    }

    private void convertHostile(Entry entry) throws IOException {
        Path folder = Files.createTempDirectory(scratch, "hostile"), out = folder.resolve("out");
        Path in = prepared(entry, Files.createDirectory(folder.resolve("in")));
        Run run = Run.of(List.of("convert", in.toString(), out.toString()));
        List<String> allowed = new ArrayList<>(List.of(entry.string("kind")));
        allowed.addAll(entry.strings("also"));
        if (run.code() == 0) {
            assertTrue(allowed.contains("none") || allowed.contains("converts"), () -> "converts: " + run.err());
            if (entry.has("expected")) requireTensors(SAMPLES.resolve(entry.string("expected")), null, "all", out.resolve("model.safetensors"));
            return;
        }
        assertEquals(3, run.code(), run::err);
        assertEquals(1, run.err().lines().count(), run::err);
        assertTrue(allowed.stream().anyMatch(kind -> run.err().startsWith("freecp weights: " + kind + ": ")), () -> "wanted " + allowed + ", came " + run.err());
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(List.of(folder.resolve("in")), left.toList());
        }
        assertFalse(Files.exists(Path.of("pwned")));
    }

    /** The file as it is to be given to the tool: unpacked, or put together with its weights. */
    private static Path prepared(Entry entry, Path folder) throws IOException {
        Path file = SAMPLES.resolve(entry.string("file"));
        if (entry.has("weights")) {
            Files.copy(file, folder.resolve("config.json"));
            Files.copy(SAMPLES.resolve(entry.string("weights")), folder.resolve("model.safetensors"));
            return folder;
        }
        if (!entry.has("encoding")) return file;
        byte[] bytes = Files.readAllBytes(file);
        for (String _ : entry.strings("encoding")) bytes = new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes();
        return Files.write(folder.resolve(file.getFileName().toString().replace(".gz", "")), bytes);
    }
}
