package dev.freecp.bench.gpu;

import dev.freecp.bench.report.Measurement;
import dev.freecp.cuda.CudaOps;
import dev.freecp.cuda.Ways;
import dev.freecp.ops.Affine;
import dev.freecp.ops.Normalization;
import dev.freecp.ops.Precision;
import dev.freecp.ops.Region;
import dev.freecp.ops.Workspace;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/** Operations that move more than they compute: bytes are those that must be read and written once, as {@link Cost} has them. */
final class Traffic implements Group {

    private static final Precision PRECISION = Precision.FP16;
    private static final int ACTIVATION = Short.BYTES;

    @Override
    public String name() {
        return "traffic";
    }

    @Override
    public void run(Session session) {
        try (CudaOps ops = session.open(PRECISION, Ways.CHOSEN)) {
            if (!session.outOfTime("layer norm")) layerNorm(session, ops, session.tiny() ? 34 : 48 * 577, session.tiny() ? 128 : 768);
            if (!session.outOfTime("class maps")) classMaps(session, ops, session.tiny() ? 1 : 48, session.tiny() ? 16 : 576, session.tiny() ? 5 : 171);
            if (!session.outOfTime("transition")) transition(session, ops, session.tiny() ? 1 : 48, session.tiny() ? 16 : 576);
            if (!session.outOfTime("patches")) patches(session, ops, session.tiny() ? 1 : 48, session.tiny() ? 64 : 384, 16);
        }
    }

    private void layerNorm(Session session, CudaOps ops, int rows, int width) {
        try (Workspace workspace = ops.workspace()) {
            Tensor x = session.random().fill(ops, workspace.tensor("x", Shape.of("token width", rows, width), DType.F32)), y = workspace.activation("y", x.shape());
            Affine affine = new Affine(session.random().fill(ops, workspace.tensor("gamma", Shape.of("width", width), DType.F32)),
                session.random().fill(ops, workspace.tensor("beta", Shape.of("width", width), DType.F32)));
            Measurement time = session.meter(ops).kernels(1, _ -> ops.layerNorm(y, x, affine, 1e-5f));
            session.traffic(name(), "layer norm %d x %d".formatted(rows, width), "own", PRECISION, time, Cost.layerNorm(rows, width, ACTIVATION).least());
        }
    }

    private void classMaps(Session session, CudaOps ops, int windows, int cells, int words) {
        try (Workspace workspace = ops.workspace()) {
            Tensor z = session.random().fill(ops, workspace.tensor("z", Shape.of("cell word", windows * cells, words), DType.F32));
            Tensor p = workspace.tensor("p", Shape.of("window word cell", windows, words, cells), DType.F32), y = workspace.tensor("y", p.shape(), DType.F32);
            Measurement time = session.meter(ops).kernels(1, _ -> ops.classMaps(p, y, z));
            session.traffic(name(), "class maps %d x %d".formatted(windows, words), "own", Precision.FP32, time, Cost.classMaps(windows, words, cells).least());
        }
    }

    private void transition(Session session, CudaOps ops, int windows, int cells) {
        try (Workspace workspace = ops.workspace()) {
            Tensor a = workspace.tensor("a", Shape.of("window cell cell", windows, cells, cells), DType.F32), t = workspace.tensor("t", a.shape(), DType.F32);
            float[] values = session.random().of(windows * cells * cells);
            for (int i = 0; i < values.length; i++) values[i] = (float) Math.exp(values[i]);
            ops.upload(a, values);
            Measurement time = session.meter(ops).kernels(1, _ -> ops.transition(t, a, Cost.ROUNDS, true));
            session.traffic(name(), "transition %d x %d".formatted(windows, cells), "own", Precision.FP32, time,
                Cost.transition(windows, cells, Cost.ROUNDS).least());
        }
    }

    private void patches(Session session, CudaOps ops, int windows, int side, int patch) {
        byte[] rgb = new byte[3 * side * side];
        new SplittableRandom(side).nextBytes(rgb);
        try (Arena arena = Arena.ofConfined(); Workspace workspace = ops.workspace()) {
            Tensor host = Tensor.allocate(arena, "picture", Shape.of("height width color", side, side, 3), DType.U8, 3);
            for (int i = 0; i < rgb.length; i++) host.setByte(i / 3, i % 3, rgb[i]);
            Tensor picture = ops.picture(workspace, host);
            int grid = side / patch;
            Tensor y = workspace.activation("y", Shape.of("patch pixel", windows * grid * grid, 3 * patch * patch));
            List<Region> regions = Collections.nCopies(windows, new Region(0, 0, side, side));
            Normalization norm = new Normalization(122.771f, 116.746f, 104.094f, 68.501f, 66.632f, 70.323f);
            Measurement time = session.meter(ops).calls(1, _ -> ops.patches(y, picture, regions, side, side, patch, norm));
            session.traffic(name(), "patches %d x %d".formatted(windows, side), "own", PRECISION, time,
                Cost.patches(rgb.length, (long) windows * rgb.length, ACTIVATION).least());
        }
    }
}
