package dev.freecp.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.freecp.ops.Activation;
import dev.freecp.ops.Normalization;
import dev.freecp.ops.Region;
import dev.freecp.ops.Workspace;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class RehearsalTest {

    @Test
    void endsWithTheBackend() {
        VectorOps ops = new VectorOps(2);
        ops.warmUp(Activation.QUICK_GELU);
        List<Thread> begun = rehearsals();
        assertEquals(1, begun.size());
        ops.close();
        assertFalse(begun.getFirst().isAlive());
    }

    @Test
    void aTextTowersFirstPassBeginsAfterIt() {
        try (VectorOps ops = new VectorOps(2); Workspace workspace = ops.workspace()) {
            ops.warmUp(Activation.GELU);
            Shape shape = Shape.of("token width", 2, 3);
            Tensor table = Tensor.of("table", shape, 1, 2, 3, 4, 5, 6), position = Tensor.of("position", shape, 10, 20, 30, 40, 50, 60);
            Tensor x = workspace.tensor("x", shape);
            ops.embedTokens(x, new int[][]{{1, 0}}, table, position);
            assertEquals(List.of(), rehearsals());
            assertArrayEquals(new float[]{14, 25, 36, 41, 52, 63}, ops.download(x));
        }
    }

    @Test
    void aVisionTowersFirstPassBeginsAfterIt() {
        try (VectorOps ops = new VectorOps(2); Workspace workspace = ops.workspace()) {
            ops.warmUp(Activation.GELU);
            Tensor picture = Tensor.ofBytes("picture", Shape.of("height width channel", 1, 1, 3), new byte[]{1, 2, 3}), y = workspace.tensor("y", Shape.of("patch pixel", 1, 3));
            ops.patches(y, picture, List.of(new Region(0, 0, 1, 1)), 1, 1, 1, new Normalization(0, 0, 0, 1, 1, 1));
            assertEquals(List.of(), rehearsals());
            assertArrayEquals(new float[]{1, 2, 3}, ops.download(y));
        }
    }

    private static List<Thread> rehearsals() {
        return Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().equals("freecp-rehearsal")).toList();
    }
}
