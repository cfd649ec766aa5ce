package dev.freecp.ops;

import dev.freecp.ops.Backends.Backend;
import dev.freecp.tensor.Shape;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Attention in all its variants. Sizes are tokens, heads, head size. */
class AttentionOpsTest {

    private static final String BACKENDS = "dev.freecp.ops.Backends#all";

    private static final int[][] SIZES = {{1, 1, 1}, {7, 3, 5}, {10, 2, 64}, {33, 2, 16}, {65, 1, 70}, {197, 2, 32}};

    private static Parity parity(Backend backend, int sequences, int[] size) {
        int n = size[0], c = size[1] * size[2];
        return new Parity(backend, 20).batch(sequences).in("qkv", Shape.of("row col", sequences * n, 3 * c)).out("context", Shape.of("row col", sequences * n, c));
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    @Covers("attention")
    void everyKindOfScores(Backend backend) {
        for (int[] size : SIZES)
            for (Scores scores : Scores.values())
                parity(backend, 3, size).check(2e-6f, 2e-6f, (ops, t, parts) -> ops.attention(t.get("context"), t.get("qkv"), parts.count(), size[1], scores));
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    @Covers("attention")
    void aWholeWindow(Backend backend) {
        int[] size = {577, 1, 64};
        parity(backend, 1, size).check(2e-6f, 2e-6f, (ops, t, parts) -> ops.attention(t.get("context"), t.get("qkv"), 1, 1, Scores.QK));
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    @Covers("attention")
    void addsToAMap(Backend backend) {
        for (int[] size : SIZES) {
            for (Heads heads : Heads.values()) {
                parity(backend, 3, size).inOut("map", Shape.of("sequence query key", 3, size[0], size[0]), Math::abs)
                    .check(2e-6f, 2e-6f, (ops, t, parts) ->
                        ops.attention(t.get("context"), t.get("qkv"), parts.count(), size[1], Scores.QK, t.get("map"), heads, 0.3f));
            }
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    @Covers("attention")
    void largeScoresDoNotOverflow(Backend backend) {
        new Parity(backend, 21).in("qkv", Shape.of("row col", 33, 48), x -> 30 * x).out("context", Shape.of("row col", 33, 16))
            .check(2e-3f, 1e-4f, (ops, t, parts) -> ops.attention(t.get("context"), t.get("qkv"), 1, 1, Scores.QK));
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    @Covers("selfSelfAttention")
    void selfSelfAttention(Backend backend) {
        for (int[] size : SIZES)
            parity(backend, 3, size).in("tau", Shape.of("sequence", 3), x -> 2 + Math.abs(x))
                .check(3e-6f, 3e-6f, (ops, t, parts) -> ops.selfSelfAttention(t.get("context"), t.get("qkv"), parts.count(), size[1], t.get("tau")));
    }
}
