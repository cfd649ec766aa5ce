package dev.freecp.cuda;

import dev.freecp.cuda.Card.Pair;
import dev.freecp.ops.Activation;
import dev.freecp.ops.Affine;
import dev.freecp.ops.Linear;
import dev.freecp.ops.Normalization;
import dev.freecp.ops.Region;
import dev.freecp.ops.ScalarOps;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the tests of {@code dev.freecp.ops} cannot see of the towers' kernels: 16-bit activations, and the gaps between rows of a device's tensors. */
class TowerKernelsTest {

    private static final int[][] SIZES = {{1, 1}, {7, 31}, {33, 7}, {31, 33}, {3, 1021}, {197, 768}};

    private static final Normalization NORMALIZATION = new Normalization(122.771f, 116.746f, 104.094f, 68.501f, 66.632f, 70.323f);

    private final ScalarOps scalar = new ScalarOps();

    private static Shape matrix(int rows, int cols) {
        return Shape.of("row col", rows, cols);
    }

    private static Shape row(int cols) {
        return Shape.of("col", cols);
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "BF16"})
    void layerNorm(DType type) {
        try (Card card = Card.open(1)) {
            for (int[] size : SIZES) {
                Pair x = card.of("x", matrix(size[0], size[1]), DType.F32, v -> 3 * v + 100), y = card.out("y", matrix(size[0], size[1]), type);
                Pair gamma = card.in("gamma", row(size[1]), DType.F32), beta = card.in("beta", row(size[1]), DType.F32);
                new TokenKernels(card.device(), card.pool()).layerNorm(y.device(), x.device(), new Affine(gamma.device(), beta.device()), 1e-5f);
                scalar.layerNorm(y.host(), x.host(), new Affine(gamma.host(), beta.host()), 1e-5f);
                card.check(2e-6f, 2e-6f);
            }
        }
    }

    @Test
    void embedPatches() {
        try (Card card = Card.open(2)) {
            for (int[] size : new int[][] {{3, 1, 1}, {1, 6, 33}, {2, 36, 771}}) {
                int s = size[0], n = size[1], c = size[2];
                Pair x = card.out("x", matrix(s * (n + 1), c), DType.F32), patches = card.in("patches", matrix(s * n, c), DType.F32);
                Pair cls = card.in("cls", row(c), DType.F32), position = card.in("position", matrix(n + 1, c), DType.F32);
                new TokenKernels(card.device(), card.pool()).embedPatches(x.device(), patches.device(), cls.device(), position.device());
                scalar.embedPatches(x.host(), patches.host(), cls.host(), position.host());
                card.check(0, 0);
            }
        }
    }

    @Test
    void embedTokens() {
        try (Card card = Card.open(3)) {
            for (int[][] ids : new int[][][] {{{5, 0, 6}, {1, 1, 1}, {6, 2, 4}, {0, 0, 5}}, {}}) {
                for (int c : new int[] {1, 31, 513}) {
                    Pair x = card.out("x", matrix(3 * ids.length, c), DType.F32);
                    Pair table = card.in("table", matrix(7, c), DType.F32), position = card.in("position", matrix(4, c), DType.F32);
                    new TokenKernels(card.device(), card.pool()).embedTokens(x.device(), ids, table.device(), position.device());
                    scalar.embedTokens(x.host(), ids, table.host(), position.host());
                    card.check(0, 0);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "BF16"})
    void takeTokens(DType type) {
        try (Card card = Card.open(4)) {
            for (int[] take : new int[][] {{0, 1}, {1, 6}, {3, 2}, {6, 1}, {0, 7}, {4, 0}}) {
                for (int c : new int[] {1, 33, 1021}) {
                    Pair x = card.in("x", matrix(5 * 7, c), type), y = card.out("y", matrix(5 * take[1], c), type);
                    new TokenKernels(card.device(), card.pool()).takeTokens(y.device(), x.device(), 5, take[0], take[1]);
                    scalar.takeTokens(y.host(), x.host(), 5, take[0], take[1]);
                    card.check(0, 0);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "BF16"})
    void meanNorm(DType type) {
        try (Card card = Card.open(5)) {
            for (int sequences : new int[] {1, 9}) {
                for (int[] size : new int[][] {{1, 1}, {7, 33}, {31, 1021}, {197, 64}}) {
                    Pair x = card.in("x", matrix(sequences * size[0], size[1]), type), tau = card.out("tau", row(sequences), DType.F32);
                    new TokenKernels(card.device(), card.pool()).meanNorm(tau.device(), x.device(), 0.125f);
                    scalar.meanNorm(tau.host(), x.host(), 0.125f);
                    card.check(0, 1e-6f);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "BF16"})
    void fillLeavesTheGapsBetweenRows(DType type) {
        try (Card card = Card.open(6)) {
            for (int[] size : SIZES) {
                Pair y = card.out("y", matrix(size[0], size[1]), type);
                new RowKernels(card.device(), card.pool()).fill(y.device(), -2.7f);
                scalar.fill(y.host(), -2.7f);
                card.check(0, 0);
            }
        }
    }

    @Test
    void clear() {
        try (Card card = Card.open(7)) {
            for (int[] columns : new int[][] {{}, {0}, {0, 64, 99, 64}, new Random(7).ints(600, 0, 100).toArray()}) {
                Pair r = card.in("r", Shape.of("window map cell", 2, 3, 100), DType.F32);
                new RowKernels(card.device(), card.pool()).clear(r.device(), 4, columns);
                scalar.clear(r.host(), 4, columns);
                card.check(0, 0);
            }
        }
    }

    @Test
    void normalizeRows() {
        try (Card card = Card.open(8)) {
            for (int[] size : SIZES) {
                Pair x = card.of("x", matrix(size[0], size[1]), DType.F32, v -> 20 * v);
                new RowKernels(card.device(), card.pool()).normalizeRows(x.device());
                scalar.normalizeRows(x.host());
                card.check(1e-7f, 1e-6f);
            }
        }
    }

    @Test
    void aRowOfZerosIsNoDirection() {
        try (Card card = Card.open(9)) {
            Pair x = card.of("x", matrix(2, 33), DType.F32, _ -> 0);
            new RowKernels(card.device(), card.pool()).normalizeRows(x.device());
            scalar.normalizeRows(x.host());
            card.check(0, 0);
        }
    }

    @Test
    void groupMeans() {
        try (Card card = Card.open(10)) {
            for (int[][] groups : new int[][][] {{{3}, {0, 1, 2}, {8, 8, 4, 7, 0}}, {new Random(10).ints(80, 0, 9).toArray()}, {}}) {
                for (int c : new int[] {1, 33, 577}) {
                    Pair x = card.in("x", matrix(9, c), DType.F32), y = card.out("y", matrix(groups.length, c), DType.F32);
                    new RowKernels(card.device(), card.pool()).groupMeans(y.device(), x.device(), groups);
                    scalar.groupMeans(y.host(), x.host(), groups);
                    card.check(2e-6f, 1e-6f);
                }
            }
        }
    }

    /** Sizes: halves, thirds and copies of the regions, patches that leave a rest, patches of one pixel, one patch. */
    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "BF16"})
    void patches(DType type) {
        byte[] bytes = new byte[61 * 47 * 3];
        new Random(11).nextBytes(bytes);
        Tensor picture = Tensor.ofBytes("picture", Shape.of("height width channel", 61, 47, 3), bytes);
        List<Region> regions = List.of(new Region(0, 0, 33, 40), new Region(28, 7, 61, 47), new Region(20, 5, 53, 45), new Region(60, 46, 61, 47), new Region(2, 3, 61, 4));
        try (Card card = Card.open(11)) {
            for (int[] size : new int[][] {{33, 40, 5}, {32, 56, 8}, {14, 21, 7}, {33, 24, 1}, {20, 17, 16}}) {
                int h = size[0] / size[2], w = size[1] / size[2];
                Pair y = card.out("y", matrix(regions.size() * h * w, 3 * size[2] * size[2]), type);
                new PatchKernels(card.device(), card.pool()).patches(y.device(), card.copy(picture), regions, size[0], size[1], size[2], NORMALIZATION);
                scalar.patches(y.host(), picture, regions, size[0], size[1], size[2], NORMALIZATION);
                card.check(1e-6f, 1e-6f);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "BF16"})
    void bias(DType type) {
        try (Card card = Card.open(12)) {
            for (Activation activation : Activation.values()) {
                for (int[] size : new int[][] {{1, 1}, {7, 31}, {33, 7}, {3, 1021}, {197, 65}}) {
                    for (boolean with : new boolean[] {true, false}) {
                        Pair y = card.of("y", matrix(size[0], size[1]), type, v -> 8 * v), b = card.in("b", row(size[1]), DType.F32);
                        Tensor x = Tensor.of("x", y.host().shape(), y.host().toFloats());
                        new Epilogue(card.device()).bias(y.device(), with ? b.device() : null, activation);
                        scalar.linear(y.host(), x, identity(size[1], with ? b.host() : null), activation);
                        card.check(3e-7f, 1e-6f);
                    }
                }
            }
        }
    }

    /** A matrix product that changes nothing. */
    private static Linear identity(int width, Tensor bias) {
        float[] values = new float[width * width];
        for (int i = 0; i < width; i++) values[i * width + i] = 1;
        return new Linear("identity", width, width, Tensor.of("w", Shape.of("out in", width, width), values), bias);
    }
}
