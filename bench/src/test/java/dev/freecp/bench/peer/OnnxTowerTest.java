package dev.freecp.bench.peer;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.clip.Clip;
import dev.freecp.clip.ClipConfig;
import dev.freecp.clip.VisionConfig;
import dev.freecp.convert.RandomClip;
import dev.freecp.cpu.VectorOps;
import dev.freecp.ops.Activation;
import dev.freecp.ops.Heads;
import dev.freecp.ops.Ops;
import dev.freecp.ops.Workspace;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import dev.freecp.weights.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OnnxTowerTest {

    private static final Path SHAPES = Path.of(System.getProperty("freecp.testdata"), "shapes", "model");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void givesWhatOurTowerGivesOfTheShapesModel(OnnxTower.Attention attention) throws IOException {
        same(SHAPES, attention, 1, 2, 57);
    }

    @ParameterizedTest
    @EnumSource
    void givesWhatOurTowerGivesOfARandomModelOnTwoThreads(OnnxTower.Attention attention) throws IOException {
        RandomClip.tiny().write(folder.resolve("random"), 3);
        same(folder.resolve("random"), attention, 2, 3, 31);
    }

    @Test
    void theExactActivationIsErfs() throws IOException {
        Path exact = folder.resolve("exact");
        RandomClip.tiny().write(exact, 4);
        Path config = exact.resolve("config.json");
        Files.writeString(config, Files.readString(config).replace("quick_gelu", "gelu"));
        try (Checkpoint checkpoint = Checkpoint.open(exact)) {
            assertTrue(ClipConfig.read(checkpoint).vision().activation() == Activation.GELU, "the file must say gelu now");
        }
        same(exact, OnnxTower.Attention.PLAIN, 1, 1, 19);
    }

    /** Both to within a ten thousandth of the largest number. */
    private void same(Path model, OnnxTower.Attention attention, int threads, int sequences, int length) throws IOException {
        Path file = folder.resolve("tower.onnx");
        VisionConfig config;
        try (Checkpoint checkpoint = Checkpoint.open(model)) {
            config = ClipConfig.read(checkpoint).vision();
            OnnxTower.write(file, checkpoint.weights(), config, attention);
        }
        float[] tokens = new float[sequences * length * config.width()];
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < tokens.length; i++) tokens[i] = (float) random.nextGaussian();
        float[] ours = ours(model, tokens, sequences), theirs;
        try (OnnxRuntime runtime = new OnnxRuntime(file, threads); OnnxRuntime.Pass pass = runtime.pass(tokens, sequences, config.width())) {
            pass.run();
            theirs = pass.output();
        }
        double largest = 0, difference = 0;
        for (int i = 0; i < ours.length; i++) {
            assertTrue(Float.isFinite(ours[i]) && Float.isFinite(theirs[i]), "finite numbers at " + i);
            largest = Math.max(largest, Math.abs(ours[i]));
            difference = Math.max(difference, Math.abs(ours[i] - theirs[i]));
        }
        assertTrue(largest > 1 && difference <= 1e-4 * largest, difference + " beside " + largest);
    }

    private static float[] ours(Path model, float[] tokens, int sequences) {
        try (Ops ops = new VectorOps(1); Clip clip = Clip.open(model, ops); Workspace workspace = ops.workspace()) {
            VisionConfig config = clip.config().vision();
            Tensor x = workspace.tensor("tokens", Shape.of("token width", tokens.length / config.width(), config.width()));
            ops.upload(x, tokens);
            for (int layer = 0; layer < config.layers(); layer++) clip.vision().block(workspace, x, layer, sequences, null, Heads.MEAN);
            return ops.download(x);
        }
    }
}
