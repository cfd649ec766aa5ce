package dev.freecp.clip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.freecp.ops.Heads;
import dev.freecp.ops.ScalarOps;
import dev.freecp.ops.Scores;
import dev.freecp.ops.Workspace;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import dev.freecp.weights.Checkpoint;
import dev.freecp.weights.WeightBinding;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Rows 9 and 10 of the specification's section 12: where a read-out has its residual and MLP, and how many blocks feed GEM's second stream. The small
 * model of the goldens has eight blocks; what is expected is put together here from its plain parts.
 */
class ReadOutFormTest {

    private static final int TOKENS = 5;
    private static final float CLOSE = 1e-4f;

    private final ScalarOps ops = new ScalarOps();
    private final Workspace workspace = ops.workspace();
    private final Clip clip = Clip.open(Path.of(System.getProperty("freecp.testdata"), "golden", "models", "b16"), ops);
    private final VisionTower tower = clip.vision();
    private final int last = tower.config().layers() - 1;

    @AfterEach
    void close() {
        clip.close();
        workspace.close();
        ops.close();
    }

    @Test
    void row9PublishedVanillaIsTheWholeBlock() {
        Tensor block = stream();
        tower.block(workspace, block, last, 1, null, Heads.MEAN);
        assertArrayEquals(block.toFloats(), read(ReadOut.VANILLA, ReadOutSettings.Form.PUBLISHED), CLOSE);
        assertDiffer(block.toFloats(), read(ReadOut.VANILLA, ReadOutSettings.Form.RELEASED));
    }

    @Test
    void row9SclipAddsItsInputBeforeTheMlpOnlyAsPublished() {
        assertArrayEquals(sclip(true), read(ReadOut.SCLIP, ReadOutSettings.Form.PUBLISHED), CLOSE);
        assertArrayEquals(sclip(false), read(ReadOut.SCLIP, ReadOutSettings.Form.RELEASED), CLOSE);
        assertDiffer(sclip(true), sclip(false));
    }

    /** The last block put together here: y = Wo a + bo, with or without its input added, then y + MLP(LN2 y). */
    private float[] sclip(boolean residual) {
        VisionConfig c = tower.config();
        try (Checkpoint checkpoint = Checkpoint.open(clip.folder())) {
            BlockWeights w = BlockWeights.bind(new Binder(new WeightBinding(checkpoint.weights()), ops), "vision_model.encoder.layers." + last, c.width(), c.mlpWidth());
            Transformer transformer = new Transformer(ops, c.heads(), c.activation(), c.eps());
            Transformer.Scratch s = Transformer.Scratch.take(workspace, TOKENS, c.width(), c.mlpWidth());
            Tensor y = stream();
            transformer.project(y, w, s);
            transformer.attend(s, 1, Scores.QQ_PLUS_KK, null, Heads.MEAN);
            if (!residual) ops.fill(y, 0);
            ops.linearAdd(y, s.context(), w.outProj());
            transformer.mlp(y, w, s.normed(), s.hidden());
            return y.toFloats();
        }
    }

    @Test
    void row9PublishedMaskClipHasNoMlp() {
        // one token: its attention is itself in every variant, so MaskCLIP without MLP equals ClearCLIP, which never has one
        float[] clear = readOne(ReadOut.CLEARCLIP, ReadOutSettings.Form.RELEASED);
        assertArrayEquals(clear, readOne(ReadOut.MASKCLIP, ReadOutSettings.Form.PUBLISHED), CLOSE);
        assertDiffer(clear, readOne(ReadOut.MASKCLIP, ReadOutSettings.Form.RELEASED));
    }

    @Test
    void row9ClearClipIsTheSameInBothForms() {
        assertArrayEquals(read(ReadOut.CLEARCLIP, ReadOutSettings.Form.RELEASED), read(ReadOut.CLEARCLIP, ReadOutSettings.Form.PUBLISHED));
    }

    @Test
    void row10GemBeginsSixOrSevenBlocksBeforeTheEnd() {
        assertEquals(6, ReadOutSettings.released(ReadOut.GEM).gemBlocks());
        assertEquals(2, firstGemBlock(6));
        assertEquals(1, firstGemBlock(7));
    }

    /** The first block at which the second stream is written: before it the step leaves its poison alone. */
    private int firstGemBlock(int blocks) {
        for (int layer = 0; layer <= last; layer++) {
            Tensor second = workspace.tensor("second", stream().shape());
            ops.fill(second, Float.NaN);
            tower.gemStep(workspace, second, stream(), layer, new ReadOutSettings(ReadOut.GEM, ReadOutSettings.Form.RELEASED, blocks), 1);
            if (!Float.isNaN(second.get(0, 0))) return layer;
        }
        return -1;
    }

    private float[] read(ReadOut method, ReadOutSettings.Form form) {
        return tower.readOut(workspace, stream(), null, new ReadOutSettings(method, form, 6), 1).toFloats();
    }

    private float[] readOne(ReadOut method, ReadOutSettings.Form form) {
        Tensor one = stream().slice("one", Shape.of("token width", 1, tower.config().width()), 0);
        return tower.readOut(workspace, one, null, new ReadOutSettings(method, form, 6), 1).toFloats();
    }

    /** The same seeded stream at every call. */
    private Tensor stream() {
        Random random = new Random(11);
        float[] values = new float[TOKENS * tower.config().width()];
        for (int i = 0; i < values.length; i++) values[i] = (float) random.nextGaussian();
        return Tensor.of("stream", Shape.of("token width", TOKENS, tower.config().width()), values);
    }

    private static void assertDiffer(float[] a, float[] b) {
        float worst = 0;
        for (int i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs(a[i] - b[i]));
        assertFalse(worst < 0.01, () -> "differ too little: " + Arrays.toString(Arrays.copyOf(a, 4)));
    }
}
