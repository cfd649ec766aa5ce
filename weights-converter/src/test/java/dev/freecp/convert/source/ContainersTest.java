package dev.freecp.convert.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Tensor;
import dev.freecp.weights.Floats;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Sample files in every container, good and hostile. {@code -Dfreecp.weights=DIR} runs the same over another folder with a manifest of that kind. */
class ContainersTest {

    private static final Path WEIGHTS = Path.of(System.getProperty("freecp.weights", System.getProperty("freecp.testdata") + "/weights"));
    /** Hostile files whose fault the container shows; the others are whole, and wrong as models. */
    private static final Set<String> FOLDERS = Set.of("control", "unsafe", "pickle", "tensor", "zip", "truncated", "safetensors", "folder");

    @TempDir
    private Path folder;

    @TestFactory
    Stream<DynamicTest> readsTheSameNumbersFromEveryContainer() throws IOException {
        return entries("good").filter(entry -> entry.get("level").equals("raw"))
            .map(entry -> DynamicTest.dynamicTest((String) entry.get("file"), () -> assertSame((String) entry.get("expected"), (String) entry.get("file"))));
    }

    /** The same model as float16 and float32, in dense and strided memory: every upcast is exact. */
    @TestFactory
    Stream<DynamicTest> readsTheSameModelFromEveryContainer() {
        return Stream.of("openai/ViT-tiny.pt", "openai/ViT-tiny-other.pt", "openai/state_dict.pt", "openai/state_dict_legacy.pt", "openai/state_dict_protocol4.pt",
                "openai/parameters.pt", "openai/cuda_location.pt", "openai/deflated.pt", "layout/unaligned.safetensors", "layout/unsorted.safetensors",
                "layout/one_storage.pt", "layout/strided.pt", "layout/strided_legacy.pt")
            .filter(file -> Files.exists(WEIGHTS.resolve(file)))
            .map(file -> DynamicTest.dynamicTest(file, () -> assertSameFloats("openai/state_dict.safetensors", file)));
    }

    private static void assertSameFloats(String expected, String file) {
        try (TensorSource wanted = Sources.open(WEIGHTS.resolve(expected)); TensorSource source = Sources.open(WEIGHTS.resolve(file))) {
            for (String name : wanted.names()) {
                assertTrue(wanted.shape(name).sameSizes(source.shape(name)), name);
                assertArrayEquals(floats(wanted.tensor(name)), floats(source.tensor(name)), name);
            }
        }
    }

    private static float[] floats(Tensor tensor) {
        Tensor wide = Tensor.allocate(Arena.ofAuto(), tensor.name(), tensor.shape(), DType.F32, tensor.cols());
        Floats.copy(tensor, wide);
        return wide.toFloats();
    }

    private static void assertSame(String expected, String file) {
        try (TensorSource wanted = Sources.open(WEIGHTS.resolve(expected)); TensorSource source = Sources.open(WEIGHTS.resolve(file))) {
            assertTrue(source.names().containsAll(wanted.names()));
            for (String name : wanted.names()) {
                Tensor tensor = source.tensor(name);
                assertEquals(wanted.type(name), source.type(name), name);
                assertTrue(wanted.shape(name).sameSizes(source.shape(name)), name);
                assertEquals(-1, wanted.tensor(name).segment().mismatch(tensor.segment()), name);
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> refusesHostileFiles() throws IOException {
        return entries("hostile").filter(entry -> FOLDERS.contains(((String) entry.get("file")).split("/")[1]) && !entry.containsKey("encoding"))
            .map(entry -> DynamicTest.dynamicTest((String) entry.get("file"), () -> assertAnswer(entry)));
    }

    private static void assertAnswer(Map<?, ?> entry) {
        List<?> also = entry.containsKey("also") ? (List<?>) entry.get("also") : List.of();
        String answer = answer(WEIGHTS.resolve((String) entry.get("file")));
        boolean left = answer.equals("none") && (also.contains("converts") || also.contains("misshapen") || entry.get("kind").equals("missing"));
        assertTrue(left || answer.equals(entry.get("kind")) || also.contains(answer), answer);
    }

    /** {@code none} if every tensor can be read, else the kind of refusal. */
    private static String answer(Path file) {
        try (TensorSource source = Sources.open(file)) {
            for (String name : source.names()) source.tensor(name);
            return "none";
        } catch (Refusal refusal) {
            return refusal.kind().toString();
        }
    }

    /** Whatever becomes of the bytes, the answer is tensors or a refusal. */
    @Test
    void answersEveryMutation() throws IOException {
        Random random = new Random(5);
        for (String name : List.of("control.pt", "control_legacy.pt", "control.safetensors")) {
            byte[] good = Files.readAllBytes(WEIGHTS.resolve("hostile/control").resolve(name));
            int refused = 0;
            for (int i = 0; i < 1_000; i++) {
                if (!answer(Files.write(folder.resolve("mutant"), mutated(good, random))).equals("none")) refused++;
            }
            assertTrue(refused > 300, name + ": of 1000 mutants, " + refused + " were refused");
        }
    }

    private static byte[] mutated(byte[] good, Random random) {
        byte[] mutant = good.clone();
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(mutant.length);
            switch (random.nextInt(4)) {
                case 0 -> mutant[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> mutant[at] = (byte) random.nextInt(256);
                case 2 -> mutant[at] = (byte) (random.nextBoolean() ? 0 : 255);
                default -> System.arraycopy(mutant, random.nextInt(mutant.length - 8), mutant, Math.min(at, mutant.length - 8), 8);
            }
        }
        return mutant;
    }

    @SuppressWarnings("unchecked")
    private static Stream<Map<String, Object>> entries(String part) throws IOException {
        try (var in = Files.newInputStream(WEIGHTS.resolve("manifest.json"))) {
            return ((List<Map<String, Object>>) JSON.std.mapFrom(in).get(part)).stream();
        }
    }
}
