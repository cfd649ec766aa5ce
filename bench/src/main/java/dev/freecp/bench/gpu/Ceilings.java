package dev.freecp.bench.gpu;

import dev.freecp.bench.report.Measurement;
import dev.freecp.cuda.CudaOps;
import dev.freecp.cuda.CudaTimer;
import dev.freecp.cuda.Ways;
import dev.freecp.ops.Activation;
import dev.freecp.ops.Linear;
import dev.freecp.ops.Precision;
import dev.freecp.ops.Workspace;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.util.List;
import java.util.Map;

/** The two rates that everything is compared with, measured and not read off a data sheet: a large square matrix product, and a large copy. */
final class Ceilings implements Group {

    private static final List<Precision> PRECISIONS = List.of(Precision.FP16, Precision.BF16);

    @Override
    public String name() {
        return "ceilings";
    }

    @Override
    public void run(Session session) {
        for (Precision precision : PRECISIONS) product(session, precision);
        copy(session);
    }

    private void product(Session session, Precision precision) {
        int side = session.tiny() ? 64 : 8192;
        try (CudaOps ops = session.open(precision, Ways.CHOSEN); Workspace workspace = ops.workspace()) {
            Tensor x = session.random().fill(ops, workspace.activation("x", Shape.of("row in", side, side))), y = workspace.activation("y", x.shape());
            Linear w = ops.linear(Tensor.of("w", Shape.of("out in", side, side), session.random().of(side * side)), null);
            Measurement time = session.meter(ops).kernels(1, _ -> ops.linear(y, x, w, Activation.NONE));
            double operations = 2.0 * side * side * side;
            session.peak(precision, time.rate(operations));
            session.arithmetic(name(), side + " cubed", ops.matrixProducts(), precision, time, operations);
        }
    }

    private void copy(Session session) {
        int rows = session.tiny() ? 64 : 1 << 16, columns = 1 << 12;
        try (CudaOps ops = session.open(Precision.FP16, Ways.CHOSEN); Workspace workspace = ops.workspace()) {
            Tensor x = workspace.tensor("x", Shape.of("row column", rows, columns), DType.F32), y = workspace.tensor("y", x.shape(), DType.F32);
            for (int row = 0; row < rows; row += 64) session.random().fill(ops, x.slice("x", Shape.of("row column", 64, columns), row));
            CudaTimer timer = ops.timer();
            Measurement time = session.meter(ops).calls(1, _ -> timer.copy(y, x));
            session.bandwidth(time.rate(2.0 * rows * columns * Float.BYTES));
            session.traffic(name(), "copy", "driver", Precision.FP32, time, 2.0 * rows * columns * Float.BYTES);
        }
    }
}
