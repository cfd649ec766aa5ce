package dev.freecp.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.freecp.ops.Backends.Backend;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntBinaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Class maps and purification. */
class MapOpsTest {

    private static final String BACKENDS = "dev.freecp.ops.Backends#all";

    /** Words and cells. */
    private static final int[][] SIZES = {{1, 1}, {2, 7}, {31, 33}, {7, 196}, {171, 65}, {5, 577}};

    /** Near 0 mostly, as maps are. */
    private static final DoubleUnaryOperator MAP = x -> Math.min(x * x / 8, 1);

    private static Shape maps(int windows, int maps, int n) {
        return Shape.of("window map cell", windows, maps, n);
    }

    private static Shape logits(int rows, int queries) {
        return Shape.of("cell query", rows, queries);
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    @Covers("classMaps")
    void classMaps(Backend backend) {
        for (int[] size : SIZES) {
            new Parity(backend, 30).batch(3).in("z", logits(3 * size[1], size[0]), x -> 5 * x + 20)
                .out("p", maps(3, size[0], size[1])).out("y", maps(3, size[0], size[1]))
                .check(1e-6f, 1e-6f, (ops, t, parts) -> ops.classMaps(t.get("p"), t.get("y"), t.get("z")));
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    @Covers("cosineMaps")
    void cosineMaps(Backend backend) {
        for (int[] size : SIZES) {
            new Parity(backend, 31).batch(3).in("z", logits(3 * size[1], size[0])).out("y", maps(3, size[0], size[1]))
                .check(0, 0, (ops, t, parts) -> ops.cosineMaps(t.get("y"), t.get("z"), 0.01f));
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    @Covers("cutClassToken")
    void cutClassToken(Backend backend) {
        for (int n : new int[] {1, 7, 31, 196}) {
            new Parity(backend, 32).batch(3).in("map", maps(3, n + 1, n + 1)).out("y", maps(3, n, n))
                .check(0, 0, (ops, t, parts) -> ops.cutClassToken(t.get("y"), t.get("map"), 1f / 11));
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    @Covers("transition")
    void transition(Backend backend) {
        for (int n : new int[] {1, 7, 33, 197}) {
            for (int rounds : new int[] {0, 1, 3}) {
                for (boolean symmetric : new boolean[] {false, true}) {
                    new Parity(backend, 33).batch(3).in("a", maps(3, n, n), x -> Math.exp(2 * x) / n).out("t", maps(3, n, n))
                        .check(1e-7f, 3e-6f, (ops, t, parts) -> ops.transition(t.get("t"), t.get("a"), rounds, symmetric));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    @Covers("transition")
    void transitionMayWorkInPlace(Backend backend) {
        new Parity(backend, 34).batch(2).inOut("a", maps(2, 37, 37), x -> Math.exp(x))
            .check(1e-7f, 3e-6f, (ops, t, parts) -> ops.transition(t.get("a"), t.get("a"), 3, true));
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    @Covers("maskByBoxes")
    void maskByBoxes(Backend backend) {
        for (int[] grid : new int[][] {{1, 1}, {1, 37}, {29, 1}, {3, 11}, {14, 14}, {24, 24}}) {
            for (BoxRule rule : BoxRule.values()) {
                new Parity(backend, 35).batch(3).in("y", maps(3, 9, grid[0] * grid[1]), MAP).out("x", maps(3, 5, grid[0] * grid[1]))
                    .check(0, 0, (ops, t, parts) -> ops.maskByBoxes(t.get("x"), t.get("y"), 4, grid[0], grid[1], rule));
            }
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    @Covers("boxes")
    void boxes(Backend backend) {
        java.util.Random random = new java.util.Random(36);
        float[] values = new float[2 * 5 * 77];
        for (int i = 0; i < values.length; i++) values[i] = (float) MAP.applyAsDouble(random.nextGaussian());
        try (Ops reference = new ScalarOps(); Ops ops = backend.open().apply(3); Workspace memory = ops.workspace()) {
            Tensor maps = memory.tensor("maps", maps(2, 5, 77));
            ops.upload(maps, values);
            for (BoxRule rule : BoxRule.values()) {
                List<List<Box>> expected = reference.boxes(Tensor.of("maps", maps(2, 5, 77), values), 7, 11, rule);
                assertEquals(expected, ops.boxes(maps, 7, 11, rule));
            }
        }
    }

    /** Large enough that a device cannot keep a map in a block's own memory; rings and chess boards put components into holes of components. */
    @ParameterizedTest
    @MethodSource(BACKENDS)
    @Covers({"boxes", "maskByBoxes"})
    void boxesOfNestedShapes(Backend backend) {
        for (int[] grid : new int[][] {{9, 10}, {53, 61}}) {
            int height = grid[0], width = grid[1];
            float[] values = shapes(height, width);
            Shape shape = maps(1, values.length / height / width, height * width);
            try (Ops reference = new ScalarOps(); Ops ops = backend.open().apply(2); Workspace memory = ops.workspace()) {
                Tensor maps = memory.tensor("maps", shape), masked = memory.tensor("masked", shape);
                Tensor given = Tensor.of("maps", shape, values), expected = Tensor.of("masked", shape, values.clone());
                ops.upload(maps, values);
                for (BoxRule rule : BoxRule.values()) {
                    assertEquals(reference.boxes(given, height, width, rule), ops.boxes(maps, height, width, rule));
                    reference.maskByBoxes(expected, given, 0, height, width, rule);
                    ops.maskByBoxes(masked, maps, 0, height, width, rule);
                    assertArrayEquals(expected.toFloats(), ops.download(masked));
                }
            }
        }
    }

    /** Rings, a chess board, stripes, a diagonal pattern, a ring broken at one corner, all on, all off. */
    private static float[] shapes(int height, int width) {
        List<IntBinaryOperator> shapes = List.of(
            (y, x) -> Math.min(Math.min(y, height - 1 - y), Math.min(x, width - 1 - x)) % 2, (y, x) -> (x + y) % 2, (y, x) -> y % 3 == 1 ? 1 : 0,
            (y, x) -> (x + 2 * y) % 5 < 2 ? 1 : 0, (y, x) -> (y == 2 || y == 6 || x == 2 || x == 6) && y >= 2 && y <= 6 && x >= 2 && x <= 6 && x + y != 12 ? 1 : 0,
            (y, x) -> 1, (y, x) -> 0);
        float[] values = new float[shapes.size() * height * width];
        for (int i = 0; i < values.length; i++) values[i] = shapes.get(i / (height * width)).applyAsInt(i / width % height, i % width);
        return values;
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    @Covers("propagate")
    void propagate(Backend backend) {
        for (int[] size : SIZES) {
            new Parity(backend, 37).batch(3).in("t", maps(3, size[1], size[1]), x -> x * x / size[1]).in("x", maps(3, size[0], size[1]), MAP)
                .out("y", maps(3, size[0], size[1])).check(1e-7f, 2e-6f, (ops, t, parts) -> ops.propagate(t.get("y"), t.get("t"), t.get("x")));
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    @Covers("minMaxRows")
    void minMaxRows(Backend backend) {
        for (int[] size : SIZES) {
            new Parity(backend, 38).batch(3).inOut("r", maps(3, size[0], size[1]), MAP)
                .check(0, 0, (ops, t, parts) -> ops.minMaxRows(t.get("r"), 1e-8f));
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void aConstantRowBecomesZero(Backend backend) {
        new Parity(backend, 39).inOut("r", maps(1, 3, 33), x -> 0.25)
            .check(0, 0, (ops, t, parts) -> ops.minMaxRows(t.get("r"), 1e-8f));
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    @Covers("overlapSums")
    void overlapSums(Backend backend) {
        for (int[] size : SIZES) {
            int c = size[0], n = size[1];
            new Parity(backend, 40).batch(3).in("p", maps(3, c + 4, n), MAP).in("r", maps(3, c, n), MAP).out("sums", maps(3, c, 3))
                .check(1e-7f, 2e-6f, (ops, t, parts) -> ops.overlapSums(t.get("sums"), t.get("p"), 3, t.get("r")));
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    @Covers("softIou")
    void softIou(Backend backend) {
        for (int[] rows : new int[][] {{4, 0, 6, 2, 4}, IntStream.range(0, 19).map(i -> i * 5 % 7).toArray()}) softIou(backend, rows);
    }

    private static void softIou(Backend backend, int[] rows) {
        for (Overlap overlap : Overlap.values()) {
            for (int n : new int[] {1, 31, 33, 64, 577}) {
                new Parity(backend, 41).in("r", maps(1, 7, n), MAP.andThen(x -> x + 0.01)).out("j", Shape.of("a b", rows.length, rows.length))
                    .check(1e-7f, 3e-6f, (ops, t, parts) -> ops.softIou(t.get("j"), t.get("r"), rows, overlap));
            }
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    @Covers("softIou")
    void aMapOverlapsItselfWholly(Backend backend) {
        try (Ops ops = backend.open().apply(1); Workspace memory = ops.workspace()) {
            Tensor r = memory.tensor("r", maps(1, 2, 100)), j = memory.tensor("j", Shape.of("a b", 2, 2));
            float[] values = new float[200];
            for (int i = 0; i < values.length; i++) values[i] = i % 37 / 36f;
            ops.upload(r, values);
            ops.softIou(j, r, new int[] {0, 0}, Overlap.MINIMUM);
            assertArrayEquals(new float[] {1, 1, 1, 1}, ops.download(j));
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    @Covers("softIou")
    void emptyMapsOverlapByNaN(Backend backend) {
        try (Ops ops = backend.open().apply(1); Workspace memory = ops.workspace()) {
            Tensor r = memory.tensor("r", maps(1, 2, 40)), j = memory.tensor("j", Shape.of("a b", 2, 2));
            ops.upload(r, new float[80]);
            for (Overlap overlap : Overlap.values()) {
                ops.softIou(j, r, new int[] {0, 1}, overlap);
                assertArrayEquals(new float[] {Float.NaN, Float.NaN, Float.NaN, Float.NaN}, ops.download(j));
            }
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    @Covers("clear")
    void clear(Backend backend) {
        for (int[] columns : new int[][] {{}, {0, 64, 99}}) {
            new Parity(backend, 42).inOut("r", maps(2, 3, 100), x -> x)
                .check(0, 0, (ops, t, parts) -> ops.clear(t.get("r"), 4, columns));
        }
    }
}
