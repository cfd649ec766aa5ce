package dev.freecp.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.cuda.Card.Pair;
import dev.freecp.ops.Activation;
import dev.freecp.ops.Linear;
import dev.freecp.ops.ScalarOps;
import dev.freecp.ops.Scores;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Matrix products on tensor cores are those of three loops in double, in each tiling, each type and each order of threads, and equal bit for bit among
 * themselves.
 */
class MmaGemmTest {

    private static final List<DType> TYPES = List.of(DType.F16, DType.BF16);
    private static final List<OwnGemm> TILINGS = List.of(OwnGemm.MMA_64, OwnGemm.MMA_128, OwnGemm.MMA_256);

    /** M, N, K: one element, tails on every side of one tile and of several, a k of less than a step and of many. */
    private static final int[][] SIZES = {{1, 1, 1}, {7, 65, 64}, {63, 7, 31}, {65, 127, 72}, {127, 63, 33}, {64, 128, 96}, {3, 5, 0}, {130, 66, 40},
        {1, 63, 768}, {577, 7, 64}};

    private static final int COUNT = 3;

    /** Some matrices in one row of numbers, aligned to 8 elements: one behind the other, or beside each other as heads are. Between them are NaNs. */
    private record Place(int rows, int cols, boolean beside) {

        int aligned() {
            return (cols + 7) / 8 * 8;
        }

        int stride() {
            return beside ? COUNT * aligned() : aligned() + 8;
        }

        int step() {
            return beside ? aligned() : rows * stride() + 16;
        }

        int numbers() {
            return rows * stride() + COUNT * step();
        }

        int at(int matrix, int row, int col) {
            return matrix * step() + row * stride() + col;
        }

        boolean holds(int number) {
            for (int s = 0; s < COUNT; s++) {
                int inside = number - s * step();
                if (inside >= 0 && inside / stride() < rows && inside % stride() < cols) return true;
            }
            return false;
        }

        /** Normally distributed numbers. */
        Pair fill(Card card, String name, DType type) {
            int[] number = {0};
            return card.of(name, Shape.of("number", numbers()), type, v -> holds(number[0]++) ? v : Double.NaN);
        }

        Matrix matrix(Pair pair) {
            return new Matrix(DeviceMemory.addressOf(pair.device()), pair.device().type(), rows, cols, stride(), step());
        }
    }

    static Stream<Arguments> everyTilingAndType() {
        return TILINGS.stream().flatMap(tiling -> TYPES.stream().map(type -> Arguments.of(tiling, type)));
    }

    private static Shape matrix(int rows, int cols) {
        return Shape.of("row col", rows, cols);
    }

    private static Card open(long seed, int schedule) {
        Card card = Card.open(seed);
        if (!Gpu.isReal()) Emulator.order(Emulator.Order.values()[schedule % 3], schedule);
        return card;
    }

    private static Blas blas(Card card, OwnGemm tiling) {
        return new OwnBlas(card.device(), _ -> tiling);
    }

    @ParameterizedTest
    @MethodSource("everyTilingAndType")
    void equalsThreeLoops(OwnGemm tiling, DType type) {
        int schedule = 0;
        for (int[] size : SIZES) {
            for (boolean transposed : tiling == OwnGemm.MMA_64 ? new boolean[] {true, false} : new boolean[] {true}) {
                for (boolean beside : new boolean[] {true, false}) {
                    try (Card card = open(60, schedule++)) {
                        product(card, tiling, type, schedule % 2 == 0 ? type : DType.F32, size, transposed, beside, schedule % 3 == 0 ? -0.5f : 0);
                        card.check(2e-7f * (size[2] + 1), 1e-6f);
                    }
                }
            }
        }
    }

    private static void product(Card card, OwnGemm tiling, DType type, DType result, int[] size, boolean transposed, boolean beside, float beta) {
        int m = size[0], n = size[1], k = size[2];
        Place inA = new Place(m, k, beside), inB = transposed ? new Place(n, k, beside) : new Place(k, n, beside), inC = new Place(m, n, beside);
        Pair a = inA.fill(card, "a", type), b = inB.fill(card, "b", type);
        Pair c = beta == 0 ? card.out("c", Shape.of("number", inC.numbers()), result) : inC.fill(card, "c", result);
        blas(card, tiling).multiply(new Product(inC.matrix(c), inA.matrix(a), inB.matrix(b), transposed, COUNT, 0.75f, beta));
        float[] left = a.host().toFloats(), right = b.host().toFloats();
        for (int s = 0; s < COUNT; s++) {
            for (int i = 0; i < m; i++) {
                for (int j = 0; j < n; j++) {
                    double sum = 0;
                    for (int l = 0; l < k; l++) sum += (double) left[inA.at(s, i, l)] * right[transposed ? inB.at(s, j, l) : inB.at(s, l, j)];
                    int at = inC.at(s, i, j);
                    c.host().set(0, at, (float) (0.75 * sum + (beta == 0 ? 0 : beta * c.host().get(0, at))));
                }
            }
        }
    }

    /** The linear maps of a tower: rows of a picture's tokens, and what ends them. */
    @ParameterizedTest
    @MethodSource("everyTilingAndType")
    void linear(OwnGemm tiling, DType type) {
        ScalarOps scalar = new ScalarOps();
        int schedule = 0;
        for (int[] size : new int[][] {{63, 768, 72}, {127, 72, 130}, {1, 64, 577}}) {
            for (Activation activation : Activation.values()) {
                for (boolean bias : new boolean[] {true, false}) {
                    try (Card card = open(61, schedule++)) {
                        Pair x = card.in("x", matrix(size[0], size[1]), type), w = card.in("w", matrix(size[2], size[1]), type);
                        Pair b = card.in("b", Shape.of("out", size[2]), DType.F32);
                        Pair y = card.out("y", matrix(size[0], size[2]), schedule % 2 == 0 ? type : DType.F32);
                        blas(card, tiling).linear(y.device(), x.device(), map(w.device(), bias ? b.device() : null), activation);
                        scalar.linear(y.host(), x.host(), map(w.host(), bias ? b.host() : null), activation);
                        card.check(1e-6f * size[1], 2e-6f);
                    }
                }
            }
            try (Card card = open(62, schedule++)) {
                Pair x = card.in("x", matrix(size[0], size[1]), type), w = card.in("w", matrix(size[2], size[1]), type);
                Pair b = card.in("b", Shape.of("out", size[2]), DType.F32), y = card.of("y", matrix(size[0], size[2]), DType.F32, v -> 10 * v);
                blas(card, tiling).linearAdd(y.device(), x.device(), map(w.device(), b.device()));
                scalar.linearAdd(y.host(), x.host(), map(w.host(), b.host()));
                card.check(1e-6f * size[1], 2e-6f);
            }
        }
    }

    private static Linear map(Tensor weight, Tensor bias) {
        return new Linear("map", weight.rows(), weight.cols(), weight, bias);
    }

    /** Alone, among others and elsewhere among them, in every tiling. */
    @ParameterizedTest
    @EnumSource(names = {"F16", "BF16"})
    void bitsOfARowDependOnNothingElse(DType type) {
        int m = 200, n = 136, k = 200;
        try (Card card = open(63, 2)) {
            Pair a = card.in("a", matrix(m, k), type), b = card.in("b", matrix(n, k), type), c = card.out("c", matrix(m, n), DType.F32);
            multiply(card, OwnGemm.MMA_128, c.device(), a.device(), b.device());
            float[] together = card.download(c);
            for (OwnGemm tiling : TILINGS) {
                for (int[] rows : new int[][] {{0, 1}, {199, 1}, {77, 7}, {130, 65}, {1, 128}}) {
                    Pair part = card.out("part", matrix(rows[1], n), DType.F32);
                    multiply(card, tiling, part.device(), a.device().slice("rows", matrix(rows[1], k), rows[0]), b.device());
                    float[] expected = Arrays.copyOfRange(together, rows[0] * n, (rows[0] + rows[1]) * n);
                    assertArrayEquals(expected, card.download(part), tiling + ", rows " + Arrays.toString(rows));
                }
            }
        }
    }

    /** Heads that do not begin at multiples of 16 bytes, fewer and more of them than sequences. */
    @Test
    void bitsOfASequenceDependOnNoOtherWhateverTheSizeOfHeads() {
        int n = 70, d = 12, heads = 2, sequences = 3;
        try (Card card = open(67, 0)) {
            Pair qkv = card.in("qkv", matrix(sequences * n, 3 * heads * d), DType.F16);
            Pair together = card.out("together", matrix(sequences * n, heads * d), DType.F16), alone = card.out("alone", matrix(n, heads * d), DType.F16);
            AttentionKernels attention = new CudaAttention(card.device(), card.pool(), new OwnBlas(card.device()));
            attention.attention(together.device(), qkv.device(), sequences, heads, Scores.QK, null, null, 0);
            float[] all = card.download(together);
            for (int s = 0; s < sequences; s++) {
                attention.attention(alone.device(), qkv.device().slice("one", matrix(n, 3 * heads * d), s * n), 1, heads, Scores.QK, null, null, 0);
                assertArrayEquals(Arrays.copyOfRange(all, s * n * heads * d, (s + 1) * n * heads * d), card.download(alone), "sequence " + s);
            }
        }
    }

    private static void multiply(Card card, OwnGemm tiling, Tensor c, Tensor a, Tensor b) {
        blas(card, tiling).multiply(Product.transposed(Matrix.of(c), Matrix.of(a), Matrix.of(b)));
    }

    @Test
    void choosesTensorCoresWhateverTheRowsAndLargeTilesIfThereAreEnough() {
        try (Card card = Card.open(64)) {
            OwnBlas blas = new OwnBlas(card.device());
            assertTrue(blas.name().contains("tensor cores"), blas.name());
            assertEquals(OwnGemm.MMA_64, blas.choose(product(DType.F16, 577, 64, 0)));
            assertEquals(OwnGemm.MMA_64, blas.choose(product(DType.F16, 1, 1_000_000, 0)));
            assertEquals(OwnGemm.MMA_128, blas.choose(product(DType.F16, 128, 1_000_000, 0)));
            assertEquals(OwnGemm.MMA_256, blas.choose(product(DType.F16, 1_000_000, 768, 0)));
            for (int m : new int[] {1, 577, 1_000_000}) {
                assertEquals(OwnGemm.PLAIN, blas.choose(product(DType.F32, m, 768, 0)), "M = " + m);
                assertEquals(OwnGemm.PLAIN, blas.choose(product(DType.BF16, m, 768, 2)), "M = " + m + ", a begins between two chunks");
                assertEquals(OwnGemm.PLAIN, blas.choose(product(DType.BF16, m, 767, 0)), "M = " + m + ", rows of c begin between two chunks");
            }
        }
    }

    /** K = 64. */
    private static Product product(DType type, int m, int n, long address) {
        return Product.transposed(new Matrix(0, type, m, n, n, 0), new Matrix(address, type, m, 64, 64, 0), new Matrix(0, type, n, 64, 64, 0));
    }

    @Test
    void refusesWhatATilingCannotTake() {
        try (Card card = Card.open(65)) {
            Product turned = Product.of(new Matrix(0, DType.F16, 8, 8, 8, 0), new Matrix(0, DType.F16, 8, 8, 8, 0), new Matrix(0, DType.F16, 8, 8, 8, 0));
            assertThrows(IllegalArgumentException.class, () -> blas(card, OwnGemm.MMA_128).multiply(turned));
            assertThrows(IllegalArgumentException.class, () -> blas(card, OwnGemm.MMA_64).multiply(product(DType.F16, 9, 8, 8)));
            assertThrows(IllegalArgumentException.class, () -> blas(card, OwnGemm.MMA_64).multiply(product(DType.F32, 9, 8, 0)));
        }
    }
}
