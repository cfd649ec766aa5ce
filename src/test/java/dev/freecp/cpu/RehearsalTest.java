package dev.freecp.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.freecp.ops.Activation;
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

    /** Text is the first that many runs see; a picture's {@code patches} waits the same way. */
    @Test
    void theFirstPassBeginsAfterIt() {
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

    private static List<Thread> rehearsals() {
        return Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().equals("freecp-rehearsal")).toList();
    }
}
