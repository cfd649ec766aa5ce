package dev.freecp.bench.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.ops.Ops;
import dev.freecp.ops.ScalarOps;
import dev.freecp.ops.Workspace;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OperationTimesTest {

    @Test
    void theTowersOperationsAreToldFromTheOthers() {
        OperationTimes times = new OperationTimes(new ScalarOps());
        try (Ops ops = times.timed(); Workspace workspace = ops.workspace()) {
            Tensor x = workspace.tensor("x", Shape.of("row width", 3, 4)), y = workspace.tensor("y", Shape.of("row width", 3, 3));
            times.clear();
            ops.repeat("twice", List.of(x), workspace, _ -> ops.fill(x, 2));
            ops.similarity(y, x, x, 1);
            assertEquals(Set.of("fill", "similarity"), times.seconds().keySet());
            assertEquals(times.seconds().get("fill"), times.tower());
            assertEquals(16, ops.download(y)[0]);
            assertTrue(times.seconds().get("similarity") > 0);
        }
    }

    @Test
    void faultsComeThroughAsTheyAre() {
        try (Ops ops = new OperationTimes(new ScalarOps()).timed(); Workspace workspace = ops.workspace()) {
            Tensor x = workspace.tensor("x", Shape.of("row width", 3, 4)), y = workspace.tensor("y", Shape.of("row width", 2, 2));
            assertThrows(IllegalArgumentException.class, () -> ops.similarity(y, x, x, 1));
        }
    }
}
