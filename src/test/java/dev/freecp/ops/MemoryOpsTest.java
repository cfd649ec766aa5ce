package dev.freecp.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.ops.Backends.Backend;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How numbers come to a backend and back. */
class MemoryOpsTest {

    private static final String BACKENDS = "dev.freecp.ops.Backends#all";

    private static Tensor tensor(Arena arena, DType type, Shape shape, float... values) {
        Tensor tensor = Tensor.allocate(arena, "w", shape, type, shape.cols());
        for (int i = 0; i < values.length; i++) {
            switch (type) {
                case F64 -> tensor.segment().setAtIndex(ValueLayout.JAVA_DOUBLE, i, values[i]);
                case F32 -> tensor.segment().setAtIndex(ValueLayout.JAVA_FLOAT, i, values[i]);
                case F16 -> tensor.segment().setAtIndex(ValueLayout.JAVA_SHORT, i, Float.floatToFloat16(values[i]));
                default -> tensor.segment().setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (Float.floatToRawIntBits(values[i]) >>> 16));
            }
        }
        return tensor;
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    @Covers({"resident", "linear", "download"})
    void weightsOfEveryFloatTypeAreWidened(Backend backend) {
        float[] values = {1, -2, 0.5f, 4, 0, -0.25f};
        for (DType type : List.of(DType.F64, DType.F32, DType.F16, DType.BF16)) {
            try (Arena arena = Arena.ofShared(); Ops ops = backend.open().apply(2); Workspace memory = ops.workspace()) {
                Tensor host = tensor(arena, type, Shape.of("out in", 2, 3), values);
                assertArrayEquals(values, ops.download(ops.resident(host)));
                Tensor x = memory.tensor("x", Shape.of("row col", 1, 3)), y = memory.tensor("y", Shape.of("row col", 1, 2));
                ops.upload(x, new float[] {1, 10, 100});
                ops.linear(y, x, ops.linear(host, tensor(arena, type, Shape.of("out", 2), 1000, 2000)), Activation.NONE);
                assertArrayEquals(new float[] {1031, 1979}, ops.download(y), type.toString());
            }
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    @Covers({"upload", "download", "fill", "workspace"})
    void uploadDownloadAndFill(Backend backend) {
        for (int cols : new int[] {1, 33, 64, 197, 1024}) {
            try (Ops ops = backend.open().apply(2); Workspace memory = ops.workspace()) {
                Tensor t = memory.tensor("t", Shape.of("row col", 3, cols));
                float[] values = new float[3 * cols];
                for (int i = 0; i < values.length; i++) values[i] = i;
                ops.upload(t, values);
                assertArrayEquals(values, ops.download(t));
                ops.fill(t, 2.5f);
                for (float v : ops.download(t)) assertEquals(2.5f, v);
            }
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    @Covers({"describe", "precision", "close"})
    void saysWhatItIs(Backend backend) {
        try (Ops ops = backend.open().apply(2)) {
            assertTrue(ops.describe().contains(backend.name().replaceAll(",.*", "")), ops.describe());
            assertTrue(ops.describe().matches(".*(float32|fp32).*"), ops.describe());
            assertEquals(Precision.FP32, ops.precision());
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    @Covers("warmUp")
    void noResultDependsOnWarmingUp(Backend backend) {
        assertArrayEquals(hidden(backend, false), hidden(backend, true));
    }

    private static float[] hidden(Backend backend, boolean warm) {
        try (Ops ops = backend.open().apply(2); Workspace workspace = ops.workspace()) {
            if (warm) ops.warmUp(Activation.QUICK_GELU);
            Linear w = ops.linear(Tensor.of("w", Shape.of("out in", 2, 3), 1, -2, 3, 0.5f, 0.25f, -1), null);
            Tensor table = ops.resident(Tensor.of("table", Shape.of("token width", 2, 3), 1, 2, 3, -4, 5, 6));
            Tensor position = ops.resident(Tensor.of("position", Shape.of("token width", 2, 3), 0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f));
            Tensor x = workspace.tensor("x", Shape.of("token width", 2, 3)), y = workspace.tensor("y", Shape.of("token mlp", 2, 2));
            ops.embedTokens(x, new int[][] {{1, 0}}, table, position);
            ops.linear(y, x, w, Activation.QUICK_GELU);
            return ops.download(y);
        }
    }

    /** As it comes, recorded, and replayed where a backend does that: with whatever the tensors hold by then. */
    @ParameterizedTest
    @MethodSource(BACKENDS)
    @Covers("repeat")
    void workThatComesAgainDoesWhatItDid(Backend backend) {
        try (Ops ops = backend.open().apply(2); Workspace memory = ops.workspace()) {
            Tensor x = memory.tensor("x", Shape.of("token width", 3, 7)), y = memory.tensor("y", Shape.of("token width", 2, 7));
            for (int time = 1; time <= 4; time++) {
                ops.fill(x, time);
                ops.fill(y, -1);
                ops.repeat("copy two", List.of(x, y), memory, scratch -> {
                    Tensor all = scratch.tensor("all", x.shape());
                    ops.takeTokens(all, x, 1, 0, 3);
                    ops.takeTokens(y, all, 1, 1, 2);
                });
                for (float v : ops.download(y)) assertEquals(time, v);
            }
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    @Covers("beside")
    void anInstanceBesideAnotherReadsItsWeights(Backend backend) {
        try (Ops ops = backend.open().apply(2); Ops beside = ops.beside().orElse(null)) {
            Linear w = ops.linear(Tensor.of("w", Shape.of("out in", 2, 3), 1, -2, 0.5f, 4, 0, -0.25f), null);
            Ops other = beside == null ? ops : beside;
            try (Workspace memory = other.workspace()) {
                Tensor x = memory.tensor("x", Shape.of("row col", 1, 3)), y = memory.tensor("y", Shape.of("row col", 1, 2));
                other.upload(x, new float[] {1, 10, 100});
                other.linear(y, x, w, Activation.NONE);
                assertArrayEquals(new float[] {31, -21}, other.download(y));
            }
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void refusesShapesThatDoNotFit(Backend backend) {
        try (Ops ops = backend.open().apply(1); Workspace memory = ops.workspace()) {
            Tensor x = memory.tensor("x", Shape.of("token width", 4, 8)), y = memory.tensor("y", Shape.of("token width", 4, 9));
            Linear w = ops.linear(Tensor.of("w", Shape.of("out in", 9, 7), new float[63]), null);
            assertThrows(IllegalArgumentException.class, () -> ops.linear(y, x, w, Activation.NONE));
            assertThrows(IllegalArgumentException.class, () -> ops.attention(x, y, 1, 1, Scores.QK));
        }
    }
}
