package dev.freecp.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.freecp.cuda.Card.Library;
import dev.freecp.cuda.Card.Pair;
import dev.freecp.ops.Heads;
import dev.freecp.ops.ScalarOps;
import dev.freecp.ops.Scores;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Attention in all types. A 16-bit type has two roundings: of the probabilities, which each value is multiplied by, and of the result. With u the type's
 * rounding and V the largest value, context is within 2 u V times the sum of a row of probabilities; that is the bound here, besides what float32 is allowed.
 */
class CudaAttentionTest {

    private static final String LIBRARIES_AND_TYPES = "dev.freecp.cuda.MatrixProductTest#everyLibraryAndType";

    /** Tokens, heads, head size. */
    private static final int[][] SIZES = {{1, 1, 1}, {7, 3, 5}, {10, 6, 64}, {33, 2, 16}, {65, 5, 70}, {197, 2, 32}};

    private final ScalarOps scalar = new ScalarOps();

    private static Shape rows(int rows, int cols) {
        return Shape.of("row col", rows, cols);
    }

    private static float bound(DType type, Pair qkv, int rowSum) {
        float largest = 0;
        for (float v : qkv.host().toFloats()) largest = Math.max(largest, Math.abs(v));
        return 2e-6f + 2 * Card.rounding(type) * largest * rowSum;
    }

    @ParameterizedTest
    @MethodSource(LIBRARIES_AND_TYPES)
    void everyKindOfScores(Library library, DType type) {
        for (int[] size : SIZES) {
            for (Scores scores : Scores.values()) {
                try (Card card = Card.open(50)) {
                    int n = size[0], c = size[1] * size[2], sequences = 3;
                    Pair qkv = card.in("qkv", rows(sequences * n, 3 * c), type), context = card.out("context", rows(sequences * n, c), type);
                    attention(card, library).attention(context.device(), qkv.device(), sequences, size[1], scores, null, Heads.MEAN, 0);
                    scalar.attention(context.host(), qkv.host(), sequences, size[1], scores);
                    card.check(scores == Scores.IDENTITY ? 0 : bound(type, qkv, scores == Scores.QQ_PLUS_KK ? 2 : 1), 2e-6f);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource(LIBRARIES_AND_TYPES)
    void largeScoresDoNotOverflow(Library library, DType type) {
        try (Card card = Card.open(21)) {
            Pair qkv = card.of("qkv", rows(33, 48), type, v -> 30 * v), context = card.out("context", rows(33, 16), type);
            attention(card, library).attention(context.device(), qkv.device(), 1, 1, Scores.QK, null, Heads.MEAN, 0);
            scalar.attention(context.host(), qkv.host(), 1, 1, Scores.QK);
            card.check(2e-3f + bound(type, qkv, 1), 1e-4f);
        }
    }

    /** The map gains probabilities before they are rounded: it is as close as float32 allows in every type. */
    @ParameterizedTest
    @MethodSource(LIBRARIES_AND_TYPES)
    void addsToAMapInFloat32(Library library, DType type) {
        for (int[] size : SIZES) for (Heads kept : Heads.values()) assertMap(library, type, 2, size, kept);
    }

    /** So many tokens that a block has no room for four heads, and a sequence's scores are more than go through together. */
    @Test
    void longSequencesTakeFewerHeadsAtATime() {
        assertMap(Library.OWN, DType.BF16, 2, new int[] {2500, 4, 1}, Heads.MEAN);
    }

    private void assertMap(Library library, DType type, int sequences, int[] size, Heads kept) {
        try (Card card = Card.open(52)) {
            int n = size[0], c = size[1] * size[2];
            Pair map = card.of("map", Shape.of("sequence query key", sequences, n, n), DType.F32, Math::abs);
            Pair qkv = card.in("qkv", rows(sequences * n, 3 * c), type), context = card.out("context", rows(sequences * n, c), type);
            attention(card, library).attention(context.device(), qkv.device(), sequences, size[1], Scores.QK, map.device(), kept, 0.3f);
            scalar.attention(context.host(), qkv.host(), sequences, size[1], Scores.QK, map.host(), kept, 0.3f);
            assertArrayEquals(map.host().toFloats(), card.download(map), 2e-6f);
            card.check(bound(type, qkv, 1), 2e-6f);
        }
    }

    /** Nine sentences are more than two heads: then a batch runs over sentences, where it runs over heads for one alone. */
    @ParameterizedTest
    @EnumSource(Scores.class)
    void aSequenceDoesNotDependOnThoseBesideIt(Scores scores) {
        int sequences = 9, n = 13, heads = 2, c = 2 * 33;
        try (Card card = Card.open(53)) {
            Pair qkv = card.in("qkv", rows(sequences * n, 3 * c), DType.F16), context = card.out("context", rows(sequences * n, c), DType.F16);
            Pair alone = card.out("alone", rows(n, c), DType.F16);
            AttentionKernels attention = attention(card, Library.OWN);
            attention.attention(context.device(), qkv.device(), sequences, heads, scores, null, Heads.MEAN, 0);
            float[] together = card.download(context);
            for (int s = 0; s < sequences; s++) {
                attention.attention(alone.device(), qkv.device().slice("one", rows(n, 3 * c), s * n), 1, heads, scores, null, Heads.MEAN, 0);
                assertArrayEquals(Arrays.copyOfRange(together, s * n * c, (s + 1) * n * c), card.download(alone), "sequence " + s);
            }
        }
    }

    /** Five roundings follow each other, two of them before a softmax that multiplies them by 2 tau: measured, not derived. */
    @ParameterizedTest
    @MethodSource(LIBRARIES_AND_TYPES)
    void selfSelfAttention(Library library, DType type) {
        for (int[] size : SIZES) {
            try (Card card = Card.open(54)) {
                int n = size[0], c = size[1] * size[2], sequences = 3;
                Pair qkv = card.in("qkv", rows(sequences * n, 3 * c), type), context = card.out("context", rows(sequences * n, c), type);
                Pair tau = card.of("tau", Shape.of("sequence", sequences), DType.F32, v -> 2 + Math.abs(v));
                attention(card, library).selfSelfAttention(context.device(), qkv.device(), sequences, size[1], tau.device());
                scalar.selfSelfAttention(context.host(), qkv.host(), sequences, size[1], tau.host());
                card.check(3e-6f + bound(type, qkv, 1), 3e-6f);
            }
        }
    }

    /** As in a padded batch: the floor under the norm keeps zeros from becoming NaN. */
    @Test
    void rowsOfZerosStayZero() {
        try (Card card = Card.open(55)) {
            Pair qkv = card.of("qkv", rows(5, 24), DType.F16, _ -> 0), context = card.out("context", rows(5, 8), DType.F16);
            Pair tau = card.of("tau", Shape.of("sequence", 1), DType.F32, _ -> 3);
            attention(card, Library.OWN).selfSelfAttention(context.device(), qkv.device(), 1, 2, tau.device());
            assertArrayEquals(new float[40], card.download(context));
        }
    }

    @Test
    void refusesContextOfAnotherType() {
        try (Card card = Card.open(56)) {
            Pair qkv = card.in("qkv", rows(5, 24), DType.F16), context = card.out("context", rows(5, 8), DType.F32);
            AttentionKernels attention = attention(card, Library.OWN);
            assertThrows(IllegalArgumentException.class, () -> attention.attention(context.device(), qkv.device(), 1, 2, Scores.QK, null, Heads.MEAN, 0));
        }
    }

    private static AttentionKernels attention(Card card, Library library) {
        return new CudaAttention(card.device(), card.pool(), card.blas(library, false));
    }
}
