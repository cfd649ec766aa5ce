package dev.freecp.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.freecp.Golden;
import dev.freecp.error.DeviceException;
import dev.freecp.image.Picture;
import dev.freecp.image.ResizeRule;
import dev.freecp.ops.Precision;
import dev.freecp.ops.Workspace;
import dev.freecp.purify.PurifySettings;
import dev.freecp.purify.Step;
import dev.freecp.segment.Background;
import dev.freecp.segment.SegmentSettings;
import dev.freecp.segment.Segmenter;
import dev.freecp.segment.Vocabulary;
import dev.freecp.segment.WordFeatures;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReplaysTest {

    private static final Shape SHAPE = Shape.of("row column", 5, 7);

    private CudaOps ops;
    private int called;

    @BeforeEach
    void open() {
        ops = (CudaOps) Gpu.open(Precision.FP32, false, 1);
    }

    @AfterEach
    void close() {
        ops.close();
    }

    /** x to unit length, by way of scratch: takeTokens into it and back. */
    private void normalize(Object name, Workspace workspace, Tensor x) {
        normalize(name, workspace, x, _ -> { });
    }

    private void normalize(Object name, Workspace workspace, Tensor x, Consumer<Workspace> first) {
        ops.repeat(name, List.of(x), workspace, scratch -> {
            called++;
            first.accept(scratch);
            Tensor y = scratch.tensor("y", SHAPE);
            ops.takeTokens(y, x, 1, 0, 5);
            ops.normalizeRows(y);
            ops.takeTokens(x, y, 1, 0, 5);
        });
    }

    private static void assertUnit(float[] values) {
        float[] expected = new float[35];
        Arrays.fill(expected, (float) (1 / Math.sqrt(7)));
        assertArrayEquals(expected, values, 1e-6f);
    }

    @Test
    void workIsCapturedTheSecondTimeAndThenReplayed() {
        for (int time = 0; time < 5; time++) {
            try (Workspace workspace = ops.workspace()) {
                Tensor x = workspace.tensor("x", SHAPE);
                ops.fill(x, 3 + time);
                normalize("unit", workspace, x);
                assertUnit(ops.download(x));
            }
            assertEquals(time == 0 ? 0 : 1, ops.graphs());
        }
        assertEquals(2, called, "once as it comes, once for the capture");
    }

    @Test
    void otherWorkOnTheSameTensorsIsAnother() {
        for (int time = 0; time < 4; time++) {
            try (Workspace workspace = ops.workspace()) {
                Tensor x = workspace.tensor("x", SHAPE);
                ops.fill(x, 2);
                ops.repeat("twice " + time % 2, List.of(x), workspace, _ -> ops.normalizeRows(x));
                normalize(time % 2, workspace, x);
                assertUnit(ops.download(x));
            }
        }
        assertEquals(4, ops.graphs());
    }

    @Test
    void tensorsElsewhereAreNotMistakenForTheOldOnes() {
        for (int time = 0; time < 6; time++) {
            try (Workspace workspace = ops.workspace()) {
                for (int i = 0; i < time; i++) workspace.tensor("before", SHAPE);
                Tensor x = workspace.tensor("x", SHAPE);
                ops.fill(x, 3);
                normalize("unit", workspace, x);
                assertUnit(ops.download(x));
            }
        }
        assertEquals(6, called);
        assertEquals(0, ops.graphs());
    }

    /** The scratch of the recorded work moved on to a second piece, which somebody holds now: a replay would write over what is kept there. */
    @Test
    void memoryThatSomebodyHoldsIsNotWrittenByAReplay() {
        Shape large = Shape.of("byte", (int) (pieceBytes() * 3 / 4));
        Consumer<Workspace> fillPiece = scratch -> scratch.tensor("most of a piece", large, DType.U8);
        for (int time = 0; time < 3; time++) runHoldingNothing(large, fillPiece);
        assertEquals(2, called);
        assertEquals(1, ops.graphs());
        try (Workspace workspace = ops.workspace()) {
            workspace.tensor("most of the first piece", large, DType.U8);
            Tensor x = workspace.tensor("x", SHAPE);
            try (Workspace holder = ops.workspace()) {
                Tensor kept = holder.tensor("kept", Shape.of("float", (int) (pieceBytes() / 8)), DType.F32);
                ops.fill(kept, 42);
                ops.fill(x, 9);
                normalize("unit", workspace, x, fillPiece);
                assertUnit(ops.download(x));
                for (float value : ops.download(kept)) assertEquals(42, value);
            }
        }
        assertEquals(3, called, "as it comes: its memory is elsewhere");
        for (int time = 0; time < 3; time++) runHoldingNothing(large, fillPiece);
    }

    private void runHoldingNothing(Shape large, Consumer<Workspace> fillPiece) {
        try (Workspace workspace = ops.workspace()) {
            workspace.tensor("most of the first piece", large, DType.U8);
            Tensor x = workspace.tensor("x", SHAPE);
            ops.fill(x, 5);
            normalize("unit", workspace, x, fillPiece);
            assertUnit(ops.download(x));
        }
    }

    private static long pieceBytes() {
        try (Card card = Card.open(1)) {
            return new DeviceHeap(card.device()).pieceBytes();
        }
    }

    @Test
    void workThatReadsTheHostIsRefusedWhenItIsCaptured() {
        Consumer<Workspace> upload = scratch -> ops.upload(scratch.tensor("host", SHAPE), new float[35]);
        DeviceException refused = assertThrows(DeviceException.class, () -> {
            for (int time = 0; time < 2; time++) {
                try (Workspace workspace = ops.workspace()) {
                    normalize("unit", workspace, workspace.tensor("x", SHAPE), upload);
                }
            }
        });
        assertEquals(2, called);
        assertEquals(0, ops.graphs());
        assertEquals(true, refused.getMessage().contains("cuda:0"), refused.getMessage());
        try (Workspace workspace = ops.workspace()) {                                       // and the device goes on
            Tensor x = workspace.tensor("x", SHAPE);
            ops.fill(x, 5);
            ops.normalizeRows(x);
            assertUnit(ops.download(x));
        }
    }

    @Test
    void insideACaptureWorkIsPartOfIt() {
        try (Workspace workspace = ops.workspace()) {
            Tensor x = workspace.tensor("x", SHAPE);
            for (int time = 0; time < 2; time++) normalize("unit", workspace, x);
            ops.fill(x, 6);
            assertEquals(2, ops.timer().replays(2, () -> normalize("unit", workspace, x)).length);
            assertUnit(ops.download(x));
        }
    }

    @Test
    void oldGraphsMakeRoom() {
        for (int i = 0; i < 140; i++) {
            try (Workspace workspace = ops.workspace()) {
                Tensor x = workspace.tensor("x", SHAPE);
                ops.fill(x, 3);
                normalize(i / 2, workspace, x);
                assertUnit(ops.download(x));
            }
        }
        assertEquals(64, ops.graphs());
    }

    /** Pixels lie apart from what the tower works on, so that windows of one size share a graph wherever they come from. */
    @Test
    void picturesOfAnySizeShareTheGraphOfTheirWindows() {
        SegmentSettings settings = SegmentSettings.defaults().withWindows(ResizeRule.NONE, 32, 16)
            .with(PurifySettings.released(0.1f, 0.8f).withSteps(List.of(Step.REFINE)));
        Random random = new Random(5);
        try (Segmenter segmenter = Segmenter.open(Golden.path("shapes/model"), ops)) {
            int embedding = segmenter.clip().config().vision().embedding();
            float[] features = new float[2 * embedding];
            for (int i = 0; i < features.length; i++) features[i] = (float) random.nextGaussian();
            WordFeatures words = new WordFeatures(Vocabulary.parse("sky; sea", Background.parse("none")), embedding, features, features);
            int[] expected = null;
            for (int width : new int[] {48, 45, 41, 48}) {
                byte[] pixels = new byte[32 * width * 3];
                new Random(width).nextBytes(pixels);
                int[] labels = segmenter.segment(Picture.of("w" + width, 32, width, pixels), words, settings).labels().labels();
                if (expected == null) expected = labels;
                else if (width == 48) assertArrayEquals(expected, labels, "a replay labels as the first pass did");
            }
            assertEquals(1, ops.graphs());
        }
        ops = (CudaOps) Gpu.open(Precision.FP32, false, 1);                                  // closed with the segmenter
    }
}
