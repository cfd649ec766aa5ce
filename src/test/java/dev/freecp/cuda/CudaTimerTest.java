package dev.freecp.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.error.DeviceException;
import dev.freecp.ops.Precision;
import dev.freecp.ops.Workspace;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CudaTimerTest {

    private CudaOps ops;
    private Workspace workspace;
    private Tensor x;
    private Tensor y;

    @BeforeEach
    void open() {
        ops = (CudaOps) Gpu.open(Precision.FP32, false, 1);
        workspace = ops.workspace();
        x = workspace.tensor("x", Shape.of("row column", 3, 5), DType.F32);
        y = workspace.tensor("y", x.shape(), DType.F32);
    }

    @AfterEach
    void close() {
        workspace.close();
        ops.close();
    }

    @Test
    void everyCallHasATime() {
        List<Integer> calls = new ArrayList<>();
        double[] milliseconds = ops.timer().calls(4, i -> {
            calls.add(i);
            ops.fill(x, i);
        });
        assertEquals(List.of(0, 1, 2, 3), calls);
        assertEquals(4, milliseconds.length);
        assertTrue(DoubleStream.of(milliseconds).allMatch(ms -> ms > 0));
        assertEquals(3, ops.download(x)[14]);
    }

    /** The work is called once, and done as often as it is replayed: each time from where it left x. */
    @Test
    void replaysDoTheWorkAgain() {
        ops.fill(x, 8);
        ops.normalizeRows(x);                                                               // a first time, for the module
        ops.fill(x, 8);
        int[] called = {0};
        double[] milliseconds = ops.timer().replays(3, () -> {
            called[0]++;
            ops.timer().copy(y, x);
            ops.normalizeRows(x);
        });
        assertEquals(1, called[0]);
        assertEquals(3, milliseconds.length);
        float unit = (float) (1 / Math.sqrt(5));
        assertArrayEquals(new float[] {unit, unit}, new float[] {ops.download(x)[0], ops.download(y)[14]}, 1e-6f);
    }

    @Test
    void workThatWaitsForTheHostIsRefusedAndTheStreamGoesOn() {
        ops.fill(x, 1);
        assertThrows(DeviceException.class, () -> ops.timer().replays(1, () -> ops.download(x)));
        ops.fill(x, 2);
        assertEquals(2, ops.download(x)[0]);
    }

    @Test
    void aChoiceThatTheMachineHasNotIsRefused() {
        Ways cublas = Ways.CHOSEN.with(Ways.Products.CUBLAS);
        DeviceException e = assertThrows(DeviceException.class, () -> CudaOps.open(0, Precision.FP16, Gpu.libraries(false), cublas));
        assertTrue(e.getMessage().contains("there is no cuBLAS"), e.getMessage());
    }
}
