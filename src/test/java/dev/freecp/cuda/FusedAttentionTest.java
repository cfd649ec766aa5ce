package dev.freecp.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.freecp.cuda.Card.Library;
import dev.freecp.cuda.Card.Pair;
import dev.freecp.cuda.Emulator.Order;
import dev.freecp.ops.Heads;
import dev.freecp.ops.Ops;
import dev.freecp.ops.Precision;
import dev.freecp.ops.ScalarOps;
import dev.freecp.ops.Scores;
import dev.freecp.ops.Workspace;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Attention on tensor cores against the reference, and against matrix products with a softmax between them. A probability is rounded to the type before it
 * meets a value, and the result is rounded: with u the type's rounding and V the largest value, context is within 2 u V times the sum of a row of
 * probabilities.
 */
class FusedAttentionTest {

    private static final String TYPES_AND_ORDERS = "typesAndOrders";

    /** Tokens, heads, sequences: around the 16 keys of a product, the 64 of a tile and the 128 queries of a block. */
    private static final int[][] SIZES = {{1, 1, 3}, {7, 3, 2}, {50, 1, 2}, {64, 2, 1}, {65, 12, 1}, {129, 1, 2}, {197, 3, 1}};

    private final ScalarOps scalar = new ScalarOps();

    /** Where there is no emulator the order is the card's own. */
    static Stream<Arguments> typesAndOrders() {
        List<Order> orders = Gpu.isReal() ? List.of(Order.FORWARD) : List.of(Order.values());
        return Stream.of(DType.F16, DType.BF16).flatMap(type -> orders.stream().map(order -> Arguments.of(type, order)));
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

    private static AttentionKernels fused(Card card) {
        return new FusedAttention(card.device(), card.pool());
    }

    private static AttentionKernels products(Card card) {
        return new CudaAttention(card.device(), card.pool(), card.blas(Library.OWN, false));
    }

    private static float bound(Pair qkv, int rowSum) {
        float largest = 0;
        for (float v : qkv.host().toFloats()) largest = Math.max(largest, Math.abs(v));
        return 2e-6f + 2 * Card.rounding(qkv.device().type()) * largest * rowSum;
    }

    @ParameterizedTest
    @MethodSource(TYPES_AND_ORDERS)
    void everyKindOfScores(DType type, Order order) {
        for (int[] size : SIZES)
            for (Scores scores : Scores.values())
                if (scores != Scores.IDENTITY) assertScores(type, order, size, scores);
    }

    /** A window of 384 pixels: nine tiles of keys and one key, four blocks of queries and a half. */
    @ParameterizedTest
    @EnumSource(names = {"QK", "QQ_PLUS_KK"})
    void aWholeWindow(Scores scores) {
        assertScores(DType.F16, Order.REVERSE, new int[] {577, 1, 1}, scores);
    }

    private void assertScores(DType type, Order order, int[] size, Scores scores) {
        try (Card card = card(60, order)) {
            int n = size[0], heads = size[1], sequences = size[2], c = heads * 64;
            Pair qkv = card.in("qkv", rows(sequences * n, 3 * c), type), context = card.out("context", rows(sequences * n, c), type);
            fused(card).attention(context.device(), qkv.device(), sequences, heads, scores, null, Heads.MEAN, 0);
            scalar.attention(context.host(), qkv.host(), sequences, heads, scores);
            card.check(bound(qkv, scores == Scores.QQ_PLUS_KK ? 2 : 1), 2e-6f);
        }
    }

    /** As powers the scores would be far beyond float32; the largest of a row are often in its last tile. */
    @ParameterizedTest
    @MethodSource(TYPES_AND_ORDERS)
    void largeScoresDoNotOverflow(DType type, Order order) {
        try (Card card = card(61, order)) {
            Pair qkv = card.of("qkv", rows(197, 192), type, v -> 30 * v), context = card.out("context", rows(197, 64), type);
            fused(card).attention(context.device(), qkv.device(), 1, 1, Scores.QK, null, Heads.MEAN, 0);
            scalar.attention(context.host(), qkv.host(), 1, 1, Scores.QK);
            card.check(2e-3f + bound(qkv, 1), 1e-3f);
        }
    }

    /** Nor does what lies behind the last token, or in another sequence, matter: 0 * NaN would be NaN. */
    @ParameterizedTest
    @EnumSource(names = {"QK", "QK_CAUSAL", "QQ", "QQ_PLUS_KK"})
    void aSequenceDoesNotDependOnThoseBesideIt(Scores scores) {
        int n = 70, c = 128;
        try (Card card = card(62, Order.RANDOM)) {
            Pair qkv = card.in("qkv", rows(3 * n, 3 * c), DType.F16);
            Pair context = card.out("context", rows(3 * n, c), DType.F16), alone = card.out("alone", rows(n, c), DType.F16);
            AttentionKernels fused = fused(card);
            fused.attention(context.device(), qkv.device(), 3, 2, scores, null, Heads.MEAN, 0);
            float[] middle = Arrays.copyOfRange(card.download(context), n * c, 2 * n * c);
            fused.attention(alone.device(), qkv.device().slice("one", rows(n, 3 * c), n), 1, 2, scores, null, Heads.MEAN, 0);
            assertArrayEquals(middle, card.download(alone), "alone");
            int[] at = {0};
            Pair between = card.of("between NaN", rows(3 * n, 3 * c), DType.F16, _ -> {
                int row = at[0] / (3 * c), col = at[0]++ % (3 * c);
                return row / n == 1 ? qkv.host().get(row, col) : Double.NaN;
            });
            fused.attention(context.device(), between.device(), 3, 2, scores, null, Heads.MEAN, 0);
            assertArrayEquals(middle, Arrays.copyOfRange(card.download(context), n * c, 2 * n * c), "between NaN");
        }
    }

    /** Probabilities enter a map unrounded: it is as close as float32 allows in every type. Twice, as two blocks of a tower add theirs. */
    @ParameterizedTest
    @MethodSource(TYPES_AND_ORDERS)
    void addsToAMapInFloat32(DType type, Order order) {
        for (int[] size : SIZES) for (Heads kept : Heads.values()) assertMap(type, order, size, kept);
    }

    @Test
    void addsAWholeWindowToAMap() {
        assertMap(DType.BF16, Order.REVERSE, new int[] {577, 2, 1}, Heads.MEAN);
    }

    private void assertMap(DType type, Order order, int[] size, Heads kept) {
        try (Card card = card(63, order)) {
            int n = size[0], heads = size[1], sequences = size[2], c = heads * 64;
            Pair map = card.of("map", Shape.of("sequence query key", sequences, n, n), DType.F32, Math::abs);
            Pair qkv = card.in("qkv", rows(sequences * n, 3 * c), type), context = card.out("context", rows(sequences * n, c), type);
            for (float weight : new float[] {0.3f, 1}) {
                fused(card).attention(context.device(), qkv.device(), sequences, heads, Scores.QK, map.device(), kept, weight);
                scalar.attention(context.host(), qkv.host(), sequences, heads, Scores.QK, map.host(), kept, weight);
            }
            assertArrayEquals(map.host().toFloats(), card.download(map), 4e-6f);
            card.check(bound(qkv, 1), 2e-6f);
        }
    }

    /** Five roundings follow each other, two of them before a softmax that multiplies them by 2 tau: measured, not derived. */
    @ParameterizedTest
    @MethodSource(TYPES_AND_ORDERS)
    void selfSelfAttention(DType type, Order order) {
        for (int[] size : SIZES) {
            try (Card card = card(64, order)) {
                int n = size[0], heads = size[1], sequences = size[2], c = heads * 64;
                Pair qkv = card.in("qkv", rows(sequences * n, 3 * c), type), context = card.out("context", rows(sequences * n, c), type);
                Pair tau = card.of("tau", Shape.of("sequence", sequences), DType.F32, v -> 2 + Math.abs(v));
                fused(card).selfSelfAttention(context.device(), qkv.device(), sequences, heads, tau.device());
                scalar.selfSelfAttention(context.host(), qkv.host(), sequences, heads, tau.host());
                card.check(3e-6f + bound(qkv, 1), 3e-6f);
            }
        }
    }

    /** As in a padded batch: the floor under the norm keeps zeros from becoming NaN, whatever the temperature. */
    @ParameterizedTest
    @ValueSource(floats = {3, 0})
    void rowsOfZerosStayZero(float temperature) {
        try (Card card = card(65, Order.FORWARD)) {
            Pair qkv = card.of("qkv", rows(70, 192), DType.F16, _ -> 0), context = card.out("context", rows(70, 64), DType.F16);
            Pair tau = card.of("tau", Shape.of("sequence", 1), DType.F32, _ -> temperature);
            fused(card).selfSelfAttention(context.device(), qkv.device(), 1, 1, tau.device());
            assertArrayEquals(new float[70 * 64], card.download(context));
        }
    }

    /** Two implementations with nothing in common but the launch: twice the bound between them. */
    @ParameterizedTest
    @EnumSource(names = {"F16", "BF16"})
    void agreesWithMatrixProducts(DType type) {
        int n = 131, heads = 2, sequences = 2, c = heads * 64;
        for (Scores scores : List.of(Scores.QK, Scores.QK_CAUSAL, Scores.QQ, Scores.QQ_PLUS_KK)) {
            try (Card card = card(66, Order.FORWARD)) {
                Pair qkv = card.in("qkv", rows(sequences * n, 3 * c), type);
                Pair one = card.out("one", rows(sequences * n, c), type), other = card.out("other", rows(sequences * n, c), type);
                fused(card).attention(one.device(), qkv.device(), sequences, heads, scores, null, Heads.MEAN, 0);
                products(card).attention(other.device(), qkv.device(), sequences, heads, scores, null, Heads.MEAN, 0);
                assertArrayEquals(card.download(other), card.download(one), 2 * bound(qkv, scores == Scores.QQ_PLUS_KK ? 2 : 1), scores.name());
            }
        }
    }

    /** Told by the number of launches: one, where matrix products take three at least. */
    @Test
    void aBackendOfSixteenBitsIsFused() {
        Gpu.assumeAvailable();
        assumeFalse(Gpu.isReal(), "a card does not count");
        int n = 33, c = 64;
        try (Ops ops = Gpu.open(Precision.FP16, false, 1); Workspace memory = ops.workspace()) {
            Tensor qkv = memory.tensor("qkv", rows(n, 3 * c), DType.F16), context = memory.tensor("context", rows(n, c), DType.F16);
            ops.fill(qkv, 1);
            ops.download(qkv);
            long before = Emulator.launches();
            ops.attention(context, qkv, 1, 1, Scores.QK);
            float[] ones = new float[n * c];
            Arrays.fill(ones, 1);
            assertArrayEquals(ones, ops.download(context));
            assertEquals(1, Emulator.launches() - before);
        }
    }
}
