package dev.freecp.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.cuda.Card.Pair;
import dev.freecp.cuda.Emulator.Order;
import dev.freecp.ops.Heads;
import dev.freecp.ops.ScalarOps;
import dev.freecp.ops.Scores;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The lowest rungs are right, in each type and each order of threads. Attention is rounded to the type once for each softmax in a sum: with u the type's
 * rounding and V the largest value, context is within 2 u V times the sum of a row of probabilities, as on the rungs above.
 */
class NaiveKernelsTest {

    private static final String TYPES_AND_ORDERS = "typesAndOrders";

    /** Tokens, heads, sequences: around the 128 queries of a block. */
    private static final int[][] SIZES = {{1, 1, 3}, {7, 3, 2}, {50, 2, 2}, {129, 1, 1}};

    private final ScalarOps scalar = new ScalarOps();

    /** Where there is no emulator the order is the card's own. */
    static Stream<Arguments> typesAndOrders() {
        List<Order> orders = Gpu.isReal() ? List.of(Order.FORWARD) : List.of(Order.values());
        return Stream.of(DType.F32, DType.F16, DType.BF16).flatMap(type -> orders.stream().map(order -> Arguments.of(type, order)));
    }

    @AfterEach
    void usualOrder() {
        if (!Gpu.isReal() && Emulator.available()) Emulator.order(Order.FORWARD, 0);
    }

    private static Card card(long seed, Order order) {
        Card card = Card.open(seed);
        if (!Gpu.isReal()) Emulator.order(order, (int) seed);
        return card;
    }

    private static Shape rows(int rows, int cols) {
        return Shape.of("row col", rows, cols);
    }

    private static AttentionKernels naive(Card card) {
        return new NaiveAttention(card.device(), card.pool());
    }

    private static float bound(Pair qkv, int rowSum) {
        float largest = 0;
        for (float v : qkv.host().toFloats()) largest = Math.max(largest, Math.abs(v));
        return 2e-6f + 2 * Card.rounding(qkv.device().type()) * largest * rowSum;
    }

    @ParameterizedTest
    @MethodSource(TYPES_AND_ORDERS)
    void everyKindOfScores(DType type, Order order) {
        for (int[] size : SIZES) {
            for (Scores scores : Scores.values()) {
                if (scores == Scores.IDENTITY) continue;
                try (Card card = card(70, order)) {
                    int n = size[0], heads = size[1], sequences = size[2], c = heads * 64;
                    Pair qkv = card.in("qkv", rows(sequences * n, 3 * c), type), context = card.out("context", rows(sequences * n, c), type);
                    naive(card).attention(context.device(), qkv.device(), sequences, heads, scores, null, Heads.MEAN, 0);
                    scalar.attention(context.host(), qkv.host(), sequences, heads, scores);
                    card.check(bound(qkv, scores == Scores.QQ_PLUS_KK ? 2 : 1), 2e-6f);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource(TYPES_AND_ORDERS)
    void addsToAMapInFloat32(DType type, Order order) {
        for (int[] size : SIZES) {
            for (Heads kept : Heads.values()) {
                try (Card card = card(71, order)) {
                    int n = size[0], heads = size[1], sequences = size[2], c = heads * 64;
                    Pair map = card.of("map", Shape.of("sequence query key", sequences, n, n), DType.F32, Math::abs);
                    Pair qkv = card.in("qkv", rows(sequences * n, 3 * c), type), context = card.out("context", rows(sequences * n, c), type);
                    naive(card).attention(context.device(), qkv.device(), sequences, heads, Scores.QK, map.device(), kept, 0.3f);
                    scalar.attention(context.host(), qkv.host(), sequences, heads, Scores.QK, map.host(), kept, 0.3f);
                    assertArrayEquals(map.host().toFloats(), card.download(map), 4e-6f);
                    card.check(bound(qkv, 1), 2e-6f);
                }
            }
        }
    }

    /** Three softmaxes are added, each rounded. */
    @ParameterizedTest
    @MethodSource(TYPES_AND_ORDERS)
    void selfSelfAttention(DType type, Order order) {
        for (int[] size : SIZES) {
            try (Card card = card(72, order)) {
                int n = size[0], heads = size[1], sequences = size[2], c = heads * 64;
                Pair qkv = card.in("qkv", rows(sequences * n, 3 * c), type), context = card.out("context", rows(sequences * n, c), type);
                Pair tau = card.of("tau", Shape.of("sequence", sequences), DType.F32, v -> 2 + Math.abs(v));
                naive(card).selfSelfAttention(context.device(), qkv.device(), sequences, heads, tau.device());
                scalar.selfSelfAttention(context.host(), qkv.host(), sequences, heads, tau.host());
                card.check(3e-6f + bound(qkv, 1), 3e-6f);
            }
        }
    }

    /** As powers the scores would be far beyond float32. */
    @Test
    void largeScoresDoNotOverflow() {
        try (Card card = card(73, Order.RANDOM)) {
            Pair qkv = card.of("qkv", rows(65, 192), DType.F16, v -> 30 * v), context = card.out("context", rows(65, 64), DType.F16);
            naive(card).attention(context.device(), qkv.device(), 1, 1, Scores.QK, null, Heads.MEAN, 0);
            scalar.attention(context.host(), qkv.host(), 1, 1, Scores.QK);
            card.check(2e-3f + bound(qkv, 1), 1e-3f);
        }
    }

    /** Around a block's square of 16 x 16, with no k at all, and with a c that is added to. */
    @ParameterizedTest
    @MethodSource(TYPES_AND_ORDERS)
    void productsEqualThreeLoops(DType type, Order order) {
        for (int[] size : new int[][] {{1, 1, 1}, {7, 33, 64}, {17, 16, 31}, {3, 5, 0}, {65, 7, 40}}) {
            try (Card card = card(74, order)) {
                Blas blas = new OwnBlas(card.device(), _ -> OwnGemm.NAIVE);
                for (boolean transposed : new boolean[] {true, false})
                    for (boolean beside : new boolean[] {true, false})
                        for (float beta : new float[] {0, -0.5f}) MatrixProductTest.oneProduct(card, blas, type, DType.F32, size, transposed, beside, beta);
                card.check(2e-7f * (size[2] + 1), 1e-6f);
            }
        }
    }

    /** Heads of other sizes are not refused but done by the rung above; the type does not matter. */
    @Test
    void takesHeadsOf64InAnyType() {
        AttentionKernels naive = new NaiveAttention(null, null);
        try (Card card = card(75, Order.FORWARD)) {
            for (DType type : List.of(DType.F32, DType.F16, DType.BF16)) {
                assertTrue(naive.fits(card.out("wide", rows(5, 128), type).device(), 2));
                assertFalse(naive.fits(card.out("narrow", rows(5, 128), type).device(), 4));
            }
        }
    }
}
