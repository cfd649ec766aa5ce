package dev.freecp.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.clip.Cleaning;
import dev.freecp.clip.Clip;
import dev.freecp.convert.family.TextSizes;
import dev.freecp.convert.family.VisionSizes;
import dev.freecp.ops.ScalarOps;
import dev.freecp.tensor.Tensor;
import dev.freecp.weights.SafeTensors;
import dev.freecp.weights.SafeTensorsWriter;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random checkpoints, and with them the commands that look at whole ones. */
class RandomClipTest {

    private static final RandomClip TINY = new RandomClip(new VisionSizes(8, 2, 32, 4, 3, 0), 2, new TextSizes(4, 2, 16, 77, 49408), 1, 6);

    @TempDir
    private Path folder;

    private Path model;

    @BeforeEach
    void write() throws IOException {
        model = folder.resolve("model");
        TINY.write(model, 5);
    }

    @Test
    void theEngineLoadsIt() {
        try (ScalarOps ops = new ScalarOps(); Clip clip = Clip.open(model, ops)) {
            assertEquals(100, clip.logitScale(), 1e-4);
            assertEquals(49406, clip.tokenizer(Cleaning.PLAIN).encode("a cat")[0]);
            assertEquals(5, clip.tokenizer(Cleaning.PLAIN).encode("a cat").length);
        }
    }

    @Test
    void theSameSeedGivesTheSameBytes() throws IOException {
        TINY.write(folder.resolve("again"), 5);
        TINY.write(folder.resolve("other"), 6);
        assertEquals(-1, Files.mismatch(model.resolve("model.safetensors"), folder.resolve("again/model.safetensors")));
        assertEquals(5, Run.of("diff", model.toString(), folder.resolve("other").toString()).code());
    }

    @Test
    void itIsWholeAndLikeItself() {
        Run verified = Run.of("verify", model.toString());
        assertEquals(0, verified.code());
        assertTrue(verified.out().contains("78 tensors, complete, consistent, all finite"), verified.out());
        Run compared = Run.of("diff", model.toString(), model.toString());
        assertEquals(0, compared.code());
        assertEquals("78 tensors in both, 78 of them the same bit for bit; no value differs", compared.out().strip());
    }

    @Test
    void convertingItChangesNothing() {
        Path out = folder.resolve("converted");
        assertEquals(0, Run.of("convert", model.toString(), out.toString()).code());
        assertEquals(0, Run.of("diff", model.toString(), out.toString()).code());
        assertTrue(Files.exists(out.resolve("merges.txt")));
    }

    @Test
    void verifyNamesATensorThatIsNoNumber() throws IOException {
        Path broken = folder.resolve("broken.safetensors");
        copy("visual_projection.weight", Float.NaN, broken);
        Run run = Run.of("verify", broken.toString());
        assertEquals(3, run.code());
        assertEquals("freecp weights: malformed: " + broken + ": holds NaN or infinity in visual_projection.weight", run.err().strip());
    }

    @Test
    void diffMeasuresWhatIsDifferent() throws IOException {
        Path other = folder.resolve("other.safetensors");
        copy("logit_scale", (float) Math.log(100) + 2, other);
        Run run = Run.of("diff", model.toString(), other.toString());
        assertEquals(5, run.code());
        assertTrue(run.out().matches("(?s)logit_scale: F32, largest difference (2.0|1.99999)\\d*, mean .*"), run.out());
        assertEquals(0, Run.of("diff", "--json", other.toString(), other.toString()).code());
    }

    @Test
    void anUnknownArchitectureIsAUsageError() {
        Run run = Run.of("random", folder.resolve("x").toString(), "--arch", "ViT-X");
        assertEquals(2, run.code());
        assertTrue(run.err().contains("ViT-B-16, ViT-B-32, ViT-L-14, ViT-L-14-336"), run.err());
    }

    /** The model with the first number of one tensor changed. */
    private void copy(String name, float value, Path target) {
        try (SafeTensors source = SafeTensors.open(model.resolve("model.safetensors")); Arena arena = Arena.ofConfined()) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            for (String each : source.names()) tensors.put(each, source.tensor(each));
            Tensor changed = Tensor.allocate(arena, name, source.shape(name), source.type(name), source.shape(name).cols());
            changed.segment().copyFrom(source.tensor(name).segment());
            changed.set(0, 0, value);
            tensors.put(name, changed);
            SafeTensorsWriter.write(target, tensors, Map.of());
        }
    }
}
