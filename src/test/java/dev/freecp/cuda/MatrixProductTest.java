package dev.freecp.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.freecp.cuda.Card.Library;
import dev.freecp.cuda.Card.Pair;
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

/** cuBLAS and the own kernel make the same products as three loops do, of matrices that lie anyhow, and write nothing else. */
class MatrixProductTest {

    private static final List<DType> TYPES = List.of(DType.F32, DType.F16, DType.BF16);

    /** M, N, K. */
    private static final int[][] SIZES = {{1, 1, 1}, {7, 33, 31}, {64, 64, 16}, {65, 63, 17}, {3, 5, 0}, {130, 70, 200}, {33, 1, 77}};

    private static final int COUNT = 3;

    static Stream<Arguments> everyLibraryAndType() {
        return Arrays.stream(Library.values()).flatMap(library -> TYPES.stream().map(type -> Arguments.of(library, type)));
    }

    /** COUNT matrices in one row of numbers: one behind the other with gaps, or beside each other as heads are. */
    private record Place(int rows, int cols, boolean beside) {

        int stride() {
            return beside ? COUNT * cols + 3 : cols + 5;
        }

        int step() {
            return beside ? cols : rows * stride() + 7;
        }

        Shape shape() {
            return Shape.of("number", rows * stride() + COUNT * step() + 1);
        }

        Matrix matrix(Tensor memory) {
            return new Matrix(DeviceMemory.addressOf(memory), memory.type(), rows, cols, stride(), step());
        }

        int at(int matrix, int row, int col) {
            return matrix * step() + row * stride() + col;
        }
    }

    @ParameterizedTest
    @MethodSource("everyLibraryAndType")
    void equalsThreeLoops(Library library, DType type) {
        for (int[] size : SIZES) {
            try (Card card = Card.open(30)) {
                Blas blas = card.blas(library, false);
                for (DType result : type == DType.F32 ? List.of(type) : List.of(type, DType.F32))
                    for (boolean transposed : new boolean[] {true, false})
                        for (boolean beside : new boolean[] {true, false})
                            for (float beta : new float[] {0, -0.5f}) oneProduct(card, blas, type, result, size, transposed, beside, beta);
                card.check(2e-7f * (size[2] + 1), 1e-6f);
            }
        }
    }

    static void oneProduct(Card card, Blas blas, DType type, DType result, int[] size, boolean transposed, boolean beside, float beta) {
        int m = size[0], n = size[1], k = size[2];
        Place inA = new Place(m, k, beside), inB = transposed ? new Place(n, k, beside) : new Place(k, n, beside), inC = new Place(m, n, beside);
        Pair a = card.in("a", inA.shape(), type), b = card.in("b", inB.shape(), type);
        Pair c = beta == 0 ? card.out("c", inC.shape(), result) : card.in("c", inC.shape(), result);
        blas.multiply(new Product(inC.matrix(c.device()), inA.matrix(a.device()), inB.matrix(b.device()), transposed, COUNT, 0.75f, beta));
        for (int s = 0; s < COUNT; s++) {
            for (int i = 0; i < m; i++) {
                for (int j = 0; j < n; j++) {
                    double sum = 0;
                    for (int l = 0; l < k; l++) sum += a.host().get(0, inA.at(s, i, l)) * b.host().get(0, transposed ? inB.at(s, j, l) : inB.at(s, l, j));
                    int at = inC.at(s, i, j);
                    c.host().set(0, at, (float) (0.75 * sum + (beta == 0 ? 0 : beta * c.host().get(0, at))));
                }
            }
        }
    }

    @Test
    void ownProductsOfARowDoNotDependOnTheOthers() {
        int m = 150, n = 70, k = 90;
        try (Card card = Card.open(31)) {
            Pair a = card.in("a", Shape.of("row col", m, k), DType.F16), b = card.in("b", Shape.of("row col", n, k), DType.F16);
            Pair all = card.out("all", Shape.of("row col", m, n), DType.F32), one = card.out("one", Shape.of("row col", 1, n), DType.F32);
            Blas blas = card.blas(Library.OWN, false);
            blas.multiply(Product.transposed(Matrix.of(all.device()), Matrix.of(a.device()), Matrix.of(b.device())));
            float[] together = card.download(all);
            for (int row = 0; row < m; row++) {
                Tensor alone = a.device().slice("alone", Shape.of("row col", 1, k), row);
                blas.multiply(Product.transposed(Matrix.of(one.device()), Matrix.of(alone), Matrix.of(b.device())));
                assertArrayEquals(Arrays.copyOfRange(together, row * n, (row + 1) * n), card.download(one), "row " + row);
            }
        }
    }

    /** 1 + 2^-11 needs 11 bits behind the point; TF32 has 10. */
    @Test
    void onlyCublasThatMayRoundDoes() {
        float fine = 1 + 0x1p-11f;
        try (Card card = Card.open(32)) {
            Pair a = card.of("a", Shape.of("row col", 1, 1), DType.F32, _ -> fine), c = card.out("c", Shape.of("row col", 1, 1), DType.F32);
            Product square = Product.transposed(Matrix.of(c.device()), Matrix.of(a.device()), Matrix.of(a.device()));
            card.blas(Library.CUBLAS, false).multiply(square);
            assertEquals(fine * fine, card.download(c)[0]);
            card.blas(Library.CUBLAS, true).multiply(square);
            assertEquals(1, card.download(c)[0]);
        }
    }

    /** A grid has at most 65535 blocks in y. */
    @Test
    void ownProductsTakeAnyNumberOfMatrices() {
        int count = 70_001;
        try (Card card = Card.open(33)) {
            Pair a = card.in("a", Shape.of("number", count), DType.F32), c = card.out("c", Shape.of("number", count), DType.F32);
            Matrix from = new Matrix(DeviceMemory.addressOf(a.device()), DType.F32, 1, 1, 1, 1);
            Matrix to = new Matrix(DeviceMemory.addressOf(c.device()), DType.F32, 1, 1, 1, 1);
            card.blas(Library.OWN, false).multiply(new Product(to, from, from, true, count, 1, 0));
            for (int i = 0; i < count; i++) c.host().set(0, i, a.host().get(0, i) * a.host().get(0, i));
            card.check(0, 0);
        }
    }

    @ParameterizedTest
    @EnumSource(Library.class)
    void productsWithoutElementsDoNothing(Library library) {
        try (Card card = Card.open(34)) {
            Pair a = card.in("a", Shape.of("row col", 0, 4), DType.F32), b = card.in("b", Shape.of("row col", 3, 4), DType.F32);
            Pair c = card.out("c", Shape.of("row col", 0, 3), DType.F32);
            card.blas(library, false).multiply(Product.transposed(Matrix.of(c.device()), Matrix.of(a.device()), Matrix.of(b.device())));
            card.check(0, 0);
        }
    }

    @Test
    void namesMatricesThatDoNotFit() {
        Matrix a = new Matrix(0, DType.F16, 3, 5, 8, 0), b = new Matrix(0, DType.F16, 7, 5, 5, 0), c = new Matrix(0, DType.F16, 3, 7, 7, 0);
        String said = assertThrows(IllegalArgumentException.class, () -> Product.of(c, a, b)).getMessage();
        assertEquals("no matrix product: F16 3 x 7 (rows 7, matrices 0 apart) = F16 3 x 5 (rows 8, matrices 0 apart)"
            + " times F16 7 x 5 (rows 5, matrices 0 apart)", said);
        Matrix wide = new Matrix(0, DType.F32, 7, 5, 5, 0), other = new Matrix(0, DType.BF16, 3, 7, 7, 0);
        assertThrows(IllegalArgumentException.class, () -> Product.transposed(c, a, wide));
        assertThrows(IllegalArgumentException.class, () -> Product.transposed(other, a, b));
    }
}
