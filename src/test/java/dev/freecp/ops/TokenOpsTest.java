package dev.freecp.ops;

import dev.freecp.ops.Backends.Backend;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Operations on the rows of activations. */
class TokenOpsTest {

    private static final String BACKENDS = "dev.freecp.ops.Backends#all";

    private static Shape matrix(int rows, int cols) {
        return Shape.of("row col", rows, cols);
    }

    private static Shape row(int cols) {
        return Shape.of("col", cols);
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    @Covers("layerNorm")
    void layerNorm(Backend backend) {
        for (int[] size : new int[][] {{1, 1}, {7, 33}, {31, 197}, {3, 1021}, {33, 768}}) {
            new Parity(backend, 1).batch(size[0]).in("x", matrix(size[0], size[1])).shared("gamma", row(size[1])).shared("beta", row(size[1]))
                .out("y", matrix(size[0], size[1]))
                .check(2e-6f, 2e-6f, (ops, t, parts) -> ops.layerNorm(t.get("y"), t.get("x"), new Affine(t.get("gamma"), t.get("beta")), 1e-5f));
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    @Covers("layerNorm")
    void layerNormSubtractsALargeMeanExactly(Backend backend) {
        for (double offset : new double[] {1e3, -3e4}) {
            new Parity(backend, 2).in("x", matrix(7, 771), x -> x + offset).shared("gamma", row(771)).shared("beta", row(771)).out("y", matrix(7, 771))
                .check(3e-5f, 1e-5f, (ops, t, parts) -> ops.layerNorm(t.get("y"), t.get("x"), new Affine(t.get("gamma"), t.get("beta")), 1e-5f));
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    @Covers("layerNorm")
    void layerNormMayWorkInPlace(Backend backend) {
        new Parity(backend, 3).inOut("x", matrix(5, 65), x -> x).shared("gamma", row(65)).shared("beta", row(65))
            .check(2e-6f, 2e-6f, (ops, t, parts) -> ops.layerNorm(t.get("x"), t.get("x"), new Affine(t.get("gamma"), t.get("beta")), 1e-5f));
    }

    /** Rows: none of a tile, part of one, several and a rest, more than a block; depth: below and above one block. */
    private static final int[][] PRODUCTS = {{1, 1, 1}, {7, 33, 31}, {6, 64, 64}, {31, 7, 197}, {197, 65, 129}, {13, 1021, 70}, {577, 48, 67}, {611, 769, 3}};

    @ParameterizedTest
    @MethodSource(BACKENDS)
    @Covers("linear")
    void linear(Backend backend) {
        for (int[] size : PRODUCTS) {
            for (Activation activation : Activation.values()) {
                new Parity(backend, 4).batch(size[0] < 300 ? size[0] : 1).in("x", matrix(size[0], size[1])).shared("w", matrix(size[2], size[1]))
                    .shared("b", row(size[2])).out("y", matrix(size[0], size[2]))
                    .check(1e-6f * size[1], 1e-6f, (ops, t, parts) -> ops.linear(t.get("y"), t.get("x"), bound(ops, t, true), activation));
            }
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    @Covers("linear")
    void linearWithoutBias(Backend backend) {
        new Parity(backend, 5).in("x", matrix(8, 20)).shared("w", matrix(40, 20)).out("y", matrix(8, 40))
            .check(1e-5f, 1e-6f, (ops, t, parts) -> ops.linear(t.get("y"), t.get("x"), bound(ops, t, false), Activation.NONE));
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    @Covers("linear")
    void activationsKeepTheirTails(Backend backend) {
        for (Activation activation : Activation.values()) {
            new Parity(backend, 6).in("x", matrix(1021, 1), x -> 20 * x).shared("w", matrix(2, 1)).shared("b", row(2)).out("y", matrix(1021, 2))
                .check(3e-7f, 1e-6f, (ops, t, parts) -> ops.linear(t.get("y"), t.get("x"), bound(ops, t, true), activation));
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    @Covers("linearAdd")
    void linearAdd(Backend backend) {
        for (int[] size : PRODUCTS) {
            new Parity(backend, 7).in("x", matrix(size[0], size[1])).shared("w", matrix(size[2], size[1])).shared("b", row(size[2]))
                .inOut("y", matrix(size[0], size[2]), x -> 10 * x)
                .check(1e-6f * size[1], 1e-6f, (ops, t, parts) -> ops.linearAdd(t.get("y"), t.get("x"), bound(ops, t, true)));
        }
    }

    /** Weights come from the host, whatever the backend. */
    private static Linear bound(Ops ops, Map<String, Tensor> t, boolean bias) {
        return ops.linear(host(ops, t.get("w")), bias ? host(ops, t.get("b")) : null);
    }

    private static Tensor host(Ops ops, Tensor t) {
        return Tensor.of(t.name(), t.shape(), ops.download(t));
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    @Covers("embedPatches")
    void embedPatches(Backend backend) {
        for (int[] size : new int[][] {{3, 1, 1}, {3, 6, 33}, {2, 36, 768}}) {
            int s = size[0], n = size[1], c = size[2];
            new Parity(backend, 8).batch(s).in("patches", matrix(s * n, c)).shared("cls", row(c))
                .shared("position", matrix(n + 1, c)).out("x", matrix(s * (n + 1), c))
                .check(0, 0, (ops, t, parts) -> ops.embedPatches(t.get("x"), t.get("patches"), t.get("cls"), t.get("position")));
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    @Covers("embedTokens")
    void embedTokens(Backend backend) {
        int[][] ids = {{5, 0, 6}, {1, 1, 1}, {6, 2, 4}};
        for (int c : new int[] {1, 31, 513}) {
            new Parity(backend, 9).batch(3).shared("table", matrix(7, c)).shared("position", matrix(4, c)).out("x", matrix(9, c))
                .check(0, 0, (ops, t, parts) -> {
                    int[][] some = Arrays.copyOfRange(ids, parts.first(), parts.first() + parts.count());
                    ops.embedTokens(t.get("x"), some, t.get("table"), t.get("position"));
                });
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    @Covers("meanNorm")
    void meanNorm(Backend backend) {
        for (int[] size : new int[][] {{1, 1}, {7, 33}, {197, 65}}) {
            new Parity(backend, 10).batch(3).in("x", matrix(3 * size[0], size[1])).out("tau", Shape.of("sequence", 3))
                .check(0, 2e-6f, (ops, t, parts) -> ops.meanNorm(t.get("tau"), t.get("x"), 0.125f));
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    @Covers("takeTokens")
    void takeTokens(Backend backend) {
        for (int[] take : new int[][] {{0, 1}, {1, 6}, {3, 2}}) {
            new Parity(backend, 11).batch(3).in("x", matrix(21, 65)).out("y", matrix(3 * take[1], 65))
                .check(0, 0, (ops, t, parts) -> ops.takeTokens(t.get("y"), t.get("x"), parts.count(), take[0], take[1]));
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    @Covers("normalizeRows")
    void normalizeRows(Backend backend) {
        for (int[] size : new int[][] {{1, 1}, {33, 7}, {7, 1021}, {31, 512}}) {
            new Parity(backend, 12).batch(size[0]).inOut("x", matrix(size[0], size[1]), x -> x)
                .check(1e-7f, 1e-6f, (ops, t, parts) -> ops.normalizeRows(t.get("x")));
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    @Covers("similarity")
    void similarity(Backend backend) {
        for (int[] size : new int[][] {{1, 1, 1}, {7, 33, 31}, {31, 512, 171}, {97, 768, 2}}) {
            new Parity(backend, 13).batch(size[0]).in("f", matrix(size[0], size[1])).shared("u", matrix(size[2], size[1])).out("z", matrix(size[0], size[2]))
                .check(1e-4f * size[1], 1e-6f, (ops, t, parts) -> ops.similarity(t.get("z"), t.get("f"), t.get("u"), 100));
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    @Covers("groupMeans")
    void groupMeans(Backend backend) {
        int[][] groups = {{3}, {0, 1, 2}, {8, 8, 4, 7, 0}};
        for (int c : new int[] {1, 33, 577}) {
            new Parity(backend, 14).shared("x", matrix(9, c)).out("y", matrix(3, c))
                .check(1e-6f, 1e-6f, (ops, t, parts) -> ops.groupMeans(t.get("y"), t.get("x"), groups));
        }
    }
}
