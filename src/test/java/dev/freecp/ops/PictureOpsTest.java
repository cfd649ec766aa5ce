package dev.freecp.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.ops.Backends.Backend;
import dev.freecp.ops.LabelRule.Background;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** From pictures to patches, and from maps to labels. */
class PictureOpsTest {

    private static final String BACKENDS = "dev.freecp.ops.Backends#all";

    private static final Normalization NORMALIZATION = new Normalization(122.771f, 116.746f, 104.094f, 68.501f, 66.632f, 70.323f);

    private static Tensor picture(int height, int width) {
        byte[] bytes = new byte[height * width * 3];
        new Random(50).nextBytes(bytes);
        return Tensor.ofBytes("picture", Shape.of("height width channel", height, width, 3), bytes);
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    @Covers({"patches", "picture"})
    void patchesOfRegions(Backend backend) {
        Tensor picture = picture(61, 47);
        List<Region> regions = List.of(new Region(0, 0, 33, 40), new Region(28, 7, 61, 47), new Region(20, 5, 53, 45));
        for (int[] size : new int[][] {{33, 40, 5}, {32, 56, 8}, {14, 21, 7}, {33, 24, 1}}) {
            int h = size[0] / size[2], w = size[1] / size[2];
            new Parity(backend, 51).batch(3).out("y", Shape.of("patch pixel", 3 * h * w, 3 * size[2] * size[2]))
                .check(1e-6f, 1e-6f, (ops, t, parts) -> patches(ops, t.get("y"), picture,
                    regions.subList(parts.first(), parts.first() + parts.count()), size[0], size[1], size[2]));
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    @Covers("patches")
    void patchesOfOnePixelAndOneRow(Backend backend) {
        Tensor picture = picture(3, 50);
        for (Region region : List.of(new Region(2, 49, 3, 50), new Region(1, 0, 2, 50))) {
            new Parity(backend, 52).out("y", Shape.of("patch pixel", 4, 48))
                .check(1e-6f, 1e-6f, (ops, t, parts) -> patches(ops, t.get("y"), picture, List.of(region), 8, 8, 4));
        }
    }

    private static void patches(Ops ops, Tensor y, Tensor picture, List<Region> regions, int height, int width, int patch) {
        try (Workspace workspace = ops.workspace()) {
            ops.patches(y, ops.picture(workspace, picture), regions, height, width, patch, NORMALIZATION);
        }
    }

    /**
     * Two rows of windows that overlap, the output of another size, two words for a class, a class that is alive nowhere, and one that is alive in
     * one window.
     */
    private static final Mosaic MOSAIC = new Mosaic(37, 53, List.of(new Region(0, 0, 24, 32), new Region(0, 21, 24, 53),
        new Region(13, 0, 37, 32), new Region(13, 21, 37, 53)),
        3, 4, 61, 45);
    private static final int[] CLASS_OF_MAP = {0, 2, 2, 3, 4};
    private static final int[][] ALIVE = {{0, 1, 2}, {1, 2, 4}, {}, {0, 2}};

    @ParameterizedTest
    @MethodSource(BACKENDS)
    @Covers("assemble")
    void labelsOfEveryRule(Backend backend) {
        for (Background background : Background.values())
            for (Mosaic mosaic : List.of(MOSAIC, ofOutput(37, 53), ofOutput(100, 130), ofOutput(9, 7))) assemble(backend, mosaic, ALIVE, background);
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    @Covers("assemble")
    void oneWindowIsAsTheWholePicture(Backend backend) {
        Mosaic mosaic = new Mosaic(30, 41, List.of(new Region(0, 0, 30, 41)), 3, 4, 30, 41);
        assemble(backend, mosaic, new int[][] {{0, 1, 2, 3, 4}}, Background.ONE_MINUS_MAX);
        assemble(backend, mosaic, new int[][] {{}}, Background.ONE_MINUS_MAX);
        assemble(backend, mosaic, new int[][] {{}}, Background.NONE);
    }

    /** More windows than a warp has lanes, up to nine over a pixel. */
    @ParameterizedTest
    @MethodSource(BACKENDS)
    @Covers("assemble")
    void manyWindows(Backend backend) {
        List<Region> windows = new ArrayList<>();
        for (int y = 0; y <= 20; y += 4) for (int x = 0; x <= 32; x += 4) windows.add(new Region(y, x, y + 10, x + 11));
        int[][] alive = new int[windows.size()][];
        for (int s = 0; s < alive.length; s++) alive[s] = s % 4 == 3 ? new int[0] : new int[] {s % 4, 4};
        for (int[] output : new int[][] {{30, 43}, {41, 29}}) assemble(backend, new Mosaic(30, 43, windows, 3, 4, output[0], output[1]), alive, Background.ONE_MINUS_MAX);
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    @Covers("assemble")
    void confidenceMayLieOnTheHost(Backend backend) {
        LabelRule rule = new LabelRule(CLASS_OF_MAP, 5, Background.ONE_MINUS_MAX, 0);
        Shape size = Shape.of("height width", MOSAIC.outputHeight(), MOSAIC.outputWidth());
        try (Ops ops = backend.open().apply(2); Workspace memory = ops.workspace()) {
            Tensor maps = memory.tensor("maps", Shape.of("window map cell", 4, 5, 12)), there = memory.tensor("confidence", size);
            float[] values = new float[4 * 5 * 12];
            for (int i = 0; i < values.length; i++) values[i] = i * 7 % 31 / 30f;
            ops.upload(maps, values);
            Tensor labels = Ops.labelTensor(size.dim(0), size.dim(1)), same = Ops.labelTensor(size.dim(0), size.dim(1));
            Tensor dense = Tensor.allocate(Arena.ofAuto(), "confidence", size, DType.F32, size.dim(1));
            Tensor gaps = Tensor.allocate(Arena.ofAuto(), "confidence", size, DType.F32, size.dim(1) + 3);
            ops.assemble(labels, there, null, maps, ALIVE, MOSAIC, rule);
            ops.assemble(same, dense, null, maps, ALIVE, MOSAIC, rule);
            assertArrayEquals(ops.download(there), dense.toFloats());
            ops.assemble(same, gaps, null, maps, ALIVE, MOSAIC, rule);
            assertArrayEquals(dense.toFloats(), gaps.toFloats());
            for (int i = 0; i < size.count(); i++) assertEquals(label(labels, i), label(same, i), "label of pixel " + i);
        }
    }

    private static Mosaic ofOutput(int height, int width) {
        return new Mosaic(MOSAIC.height(), MOSAIC.width(), MOSAIC.windows(), MOSAIC.gridHeight(), MOSAIC.gridWidth(), height, width);
    }

    /**
     * Scores and confidence by parity; the label must be the first of the largest of the backend's own scores, since where two are nearly equal
     * either is right.
     */
    private static void assemble(Backend backend, Mosaic mosaic, int[][] alive, Background background) {
        LabelRule rule = new LabelRule(CLASS_OF_MAP, 5, background, 0.4f);
        int height = mosaic.outputHeight(), width = mosaic.outputWidth();
        Parity parity = new Parity(backend, 53).in("maps", Shape.of("window map cell", alive.length, 5, 12), x -> Math.min(Math.abs(x) / 2, 1))
            .out("confidence", Shape.of("height width", height, width));
        boolean withScores = background != Background.THRESHOLD;
        if (withScores) parity.out("scores", Shape.of("label height width", rule.labels(), height, width));
        List<int[]> bits = new ArrayList<>();
        parity.check(2e-6f, 0, (ops, t, parts) -> {
            Tensor labels = Ops.labelTensor(height, width);
            ops.assemble(labels, t.get("confidence"), t.get("scores"), t.get("maps"), alive, mosaic, rule);
            float[] confidence = ops.download(t.get("confidence"));
            if (withScores) assertLabelsOf(labels, ops.download(t.get("scores")), confidence, rule);
            else for (int i = 0; i < confidence.length; i++) assertTrue(label(labels, i) == 0 ? confidence[i] > 0.6f : confidence[i] >= 0.4f, "pixel " + i);
            bits.add(IntStream.range(0, height * width).map(i -> label(labels, i)).toArray());
        });
        long differing = IntStream.range(0, height * width).filter(i -> bits.getFirst()[i] != bits.getLast()[i]).count();
        assertTrue(differing * 500 < height * width, differing + " labels differ from the reference");
    }

    private static void assertLabelsOf(Tensor labels, float[] scores, float[] confidence, LabelRule rule) {
        for (int i = 0; i < confidence.length; i++) {
            int best = 0;
            for (int l = 1; l < rule.labels(); l++) if (scores[l * confidence.length + i] > scores[best * confidence.length + i]) best = l;
            assertEquals(best, label(labels, i), "label of pixel " + i);
            assertEquals(scores[best * confidence.length + i], confidence[i], "confidence of pixel " + i);
        }
    }

    private static int label(Tensor labels, int i) {
        return labels.getInt(i / labels.cols(), i % labels.cols());
    }
}
