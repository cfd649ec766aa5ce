package dev.freecp.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.freecp.cuda.Card.Pair;
import dev.freecp.ops.BoxRule;
import dev.freecp.ops.LabelRule;
import dev.freecp.ops.LabelRule.Background;
import dev.freecp.ops.Mosaic;
import dev.freecp.ops.Ops;
import dev.freecp.ops.Overlap;
import dev.freecp.ops.Region;
import dev.freecp.ops.ScalarOps;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the tests of {@code dev.freecp.ops} cannot see of the kernels on maps: the gaps between rows of a device's tensors, and where NaN goes. */
class MapKernelsTest {

    /** Rows of 100 lie 104 apart. */
    private static final int CELLS = 100;

    private static final DoubleUnaryOperator NOTHING = _ -> Double.NaN;

    /** Near 0 mostly, as maps are. */
    private static final DoubleUnaryOperator MAP = x -> Math.min(x * x / 8, 1);

    private final ScalarOps scalar = new ScalarOps();

    private static Pair maps(Card card, String name, int windows, int maps, int cells, DoubleUnaryOperator f) {
        return card.of(name, Shape.of("window map cell", windows, maps, cells), DType.F32, f);
    }

    /** f, but NaN in one value of some hundred at most. */
    private static DoubleUnaryOperator with(boolean nan, DoubleUnaryOperator f) {
        return x -> nan && x > 2.5 ? Double.NaN : f.applyAsDouble(x);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void classMaps(boolean nan) {
        for (int words : new int[] {1, 71}) {
            try (Card card = Card.open(20)) {
                Pair z = card.of("z", Shape.of("cell word", 3 * CELLS, words), DType.F32, with(nan, x -> 5 * x + 20));
                Pair p = maps(card, "p", 3, words, CELLS, NOTHING), y = maps(card, "y", 3, words, CELLS, NOTHING);
                new MapKernels(card.device(), card.pool()).classMaps(p.device(), y.device(), z.device());
                scalar.classMaps(p.host(), y.host(), z.host());
                card.check(1e-6f, 1e-6f);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void cosineMaps(boolean nan) {
        try (Card card = Card.open(21)) {
            Pair z = card.of("z", Shape.of("cell word", 2 * CELLS, 71), DType.F32, with(nan, x -> x)), y = maps(card, "y", 2, 71, CELLS, NOTHING);
            new MapKernels(card.device(), card.pool()).cosineMaps(y.device(), z.device(), 0.01f);
            scalar.cosineMaps(y.host(), z.host(), 0.01f);
            card.check(0, 0);
        }
    }

    @Test
    void cutClassToken() {
        try (Card card = Card.open(22)) {
            Pair map = maps(card, "map", 2, CELLS + 1, CELLS + 1, MAP), y = maps(card, "y", 2, CELLS, CELLS, NOTHING);
            new MapKernels(card.device(), card.pool()).cutClassToken(y.device(), map.device(), 1f / 11);
            scalar.cutClassToken(y.host(), map.host(), 1f / 11);
            card.check(0, 0);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, false", "0, true", "3, false", "3, true"})
    void transition(int rounds, boolean symmetric) {
        try (Card card = Card.open(23)) {
            Pair a = maps(card, "a", 2, CELLS, CELLS, x -> Math.exp(2 * x)), t = maps(card, "t", 2, CELLS, CELLS, NOTHING);
            TransitionKernels kernels = new TransitionKernels(card.device(), card.pool());
            kernels.transition(t.device(), a.device(), rounds, symmetric);
            scalar.transition(t.host(), a.host(), rounds, symmetric);
            card.check(1e-7f, 3e-6f);

            kernels.transition(a.device(), a.device(), rounds, symmetric);
            scalar.transition(a.host(), a.host(), rounds, symmetric);
            card.check(1e-7f, 3e-6f);
        }
    }

    @Test
    void anAffinityOfZerosHasNoTransition() {
        try (Card card = Card.open(24)) {
            Pair a = maps(card, "a", 1, 40, 40, _ -> 0);
            new TransitionKernels(card.device(), card.pool()).transition(a.device(), a.device(), 3, true);
            scalar.transition(a.host(), a.host(), 3, true);
            card.check(0, 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void boxes(BoxRule rule) {
        try (Card card = Card.open(26)) {
            boxes(card, new BoxKernels(card.device(), card.pool()), rule);
        }
    }

    /** Three blocks' components, or two masks, fit into global memory: a block does several of the maps. */
    @ParameterizedTest
    @EnumSource
    void boxesInGlobalMemory(BoxRule rule) {
        try (Card card = Card.open(26)) {
            boxes(card, new BoxKernels(card.device(), card.pool(), 1000, 5000), rule);
        }
    }

    private void boxes(Card card, BoxKernels kernels, BoxRule rule) {
        Pair y = maps(card, "y", 2, 7, CELLS, with(true, MAP)), x = maps(card, "x", 2, 3, CELLS, NOTHING);
        for (int height : new int[] {1, 4, 10, 100}) {
            assertEquals(scalar.boxes(y.host(), height, CELLS / height, rule), kernels.boxes(y.device(), height, CELLS / height, rule));
            kernels.maskByBoxes(x.device(), y.device(), 4, height, CELLS / height, rule);
            scalar.maskByBoxes(x.host(), y.host(), 4, height, CELLS / height, rule);
            card.check(0, 0);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void minMaxRows(boolean nan) {
        try (Card card = Card.open(27)) {
            Pair r = maps(card, "r", 3, 9, CELLS, with(nan, MAP));
            new ConsistencyKernels(card.device(), card.pool()).minMaxRows(r.device(), 1e-8f);
            scalar.minMaxRows(r.host(), 1e-8f);
            card.check(0, 0);
        }
    }

    @Test
    void overlapSums() {
        try (Card card = Card.open(28)) {
            Pair p = maps(card, "p", 2, 90, CELLS, MAP), r = maps(card, "r", 2, 70, CELLS, MAP), sums = maps(card, "sums", 2, 70, 3, NOTHING);
            new ConsistencyKernels(card.device(), card.pool()).overlapSums(sums.device(), p.device(), 20, r.device());
            scalar.overlapSums(sums.host(), p.host(), 20, r.host());
            card.check(1e-7f, 2e-6f);
        }
    }

    @ParameterizedTest
    @EnumSource
    void softIou(Overlap overlap) {
        int[] rows = new int[67];
        for (int i = 0; i < rows.length; i++) rows[i] = i * 31 % 70;
        try (Card card = Card.open(29)) {
            Pair r = maps(card, "r", 2, 35, CELLS, x -> x > 3.2 ? Double.NaN : MAP.applyAsDouble(x)), j = card.out("j", Shape.of("a b", 67, 67), DType.F32);
            new ConsistencyKernels(card.device(), card.pool()).softIou(j.device(), r.device(), rows, overlap);
            scalar.softIou(j.host(), r.host(), rows, overlap);
            card.check(1e-7f, 3e-6f);
        }
    }

    @Test
    void noMapsOverlap() {
        try (Card card = Card.open(30)) {
            Pair r = maps(card, "r", 1, 2, CELLS, MAP), j = card.out("j", Shape.of("a b", 0, 0), DType.F32);
            new ConsistencyKernels(card.device(), card.pool()).softIou(j.device(), r.device(), new int[0], Overlap.MINIMUM);
            card.check(0, 0);
        }
    }

    /** Everything on the device, where rows of 131 lie 136 apart. */
    @ParameterizedTest
    @EnumSource
    void assemble(Background background) {
        LabelRule rule = new LabelRule(new int[] {0, 2, 2, 3}, 4, background, 0.4f);
        Mosaic mosaic = new Mosaic(40, 90, List.of(new Region(0, 0, 40, 60), new Region(0, 30, 40, 90)), 10, 10, 23, 131);
        int[][] alive = {{1, 2, 3}, {0, 2}};
        try (Card card = Card.open(31)) {
            Pair maps = maps(card, "maps", 2, 4, CELLS, MAP), confidence = card.out("confidence", Shape.of("y x", 23, 131), DType.F32);
            Pair scores = card.out("scores", Shape.of("label y x", rule.labels(), 23, 131), DType.F32);
            Tensor labels = Ops.labelTensor(23, 131), expected = Ops.labelTensor(23, 131);
            boolean finite = background != Background.THRESHOLD;
            new AssemblyKernels(card.device(), card.pool())
                .assemble(labels, confidence.device(), finite ? scores.device() : null, maps.device(), alive, mosaic, rule);
            scalar.assemble(expected, confidence.host(), finite ? scores.host() : null, maps.host(), alive, mosaic, rule);
            for (int i = 0; i < 23 * 131; i++) assertEquals(expected.getInt(i / 131, i % 131), labels.getInt(i / 131, i % 131), "label of pixel " + i);
            card.check(1e-6f, 0);
        }
    }
}
