package dev.freecp.bench.gpu;

import dev.freecp.bench.report.Measurement;
import dev.freecp.cuda.CudaOps;
import dev.freecp.cuda.Ways;
import dev.freecp.error.DeviceException;
import dev.freecp.ops.Activation;
import dev.freecp.ops.Linear;
import dev.freecp.ops.Precision;
import dev.freecp.ops.Workspace;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * The four matrix products of a block, by every implementation there is: alone, and with what follows in the tower (bias and activation, or bias and residual).
 *
 * @param model ViT-B-16 or ViT-L-14
 * @param width D of the model
 */
record Products(String model, int width) implements Group {

    /** One crop, one window of 224 and of 384 pixels, a picture's six windows, and a batch of 24. */
    private static final List<Integer> ROWS = List.of(3462, 577, 13848, 197, 50), TINY_ROWS = List.of(9, 50);

    private static final Precision PRECISION = Precision.FP16;

    /** More than second-level caches hold. */
    private static final long ROTATED_BYTES = 192L << 20;

    private static final int MOST_SETS = 24;

    /** A product of a block: y (M, out D) = x (M, in D) W^T. */
    private enum Layer {
        QKV(1, 3), OUT(1, 1), FC1(1, 4), FC2(4, 1);

        private final int in;
        private final int out;

        Layer(int in, int out) {
            this.in = in;
            this.out = out;
        }

        String label() {
            return name().toLowerCase();
        }
    }

    @Override
    public String name() {
        return "products " + model;
    }

    @Override
    public void run(Session session) {
        Map<String, Double> library = new LinkedHashMap<>();
        for (Ways.Products way : List.of(Ways.Products.values()).reversed()) {
            if (way == Ways.Products.CHOSEN) continue;
            try (CudaOps ops = session.open(PRECISION, Ways.CHOSEN.with(way))) {
                for (int rows : session.tiny() ? TINY_ROWS : ROWS)
                    for (Layer layer : Layer.values()) measure(session, ops, way, layer, rows, library);
            } catch (DeviceException e) {
                session.leaveOut(name() + " by " + way.label(), e);
            }
        }
    }

    private void measure(Session session, CudaOps ops, Ways.Products way, Layer layer, int rows, Map<String, Double> library) {
        String name = layer.label() + " M=" + rows;
        if (session.outOfTime(name() + " " + name + " by " + way.label())) return;
        int d = session.tiny() ? 64 : width, in = layer.in * d, out = layer.out * d;
        double operations = 2.0 * rows * in * out;
        try (Workspace workspace = ops.workspace()) {
            Data data = Data.of(session, ops, workspace, rows, in, out);
            Map<String, IntConsumer> forms = new LinkedHashMap<>();
            forms.put(name, i -> ops.linear(data.y.get(i), data.x.get(i), data.plain.get(i), Activation.NONE));
            if (layer == Layer.FC1) forms.put("fc1, bias, gelu M=" + rows, i -> ops.linear(data.y.get(i), data.x.get(i), data.biased.get(i), Activation.QUICK_GELU));
            if (layer == Layer.FC2) forms.put("fc2, bias, residual M=" + rows, i -> ops.linearAdd(data.sum.get(i), data.x.get(i), data.biased.get(i)));
            forms.forEach((form, call) -> {
                Measurement time = session.meter(ops).kernels(data.x.size(), call);
                if (way == Ways.Products.CUBLAS) library.put(form, time.median());
                Map<String, Double> shares = library.containsKey(form) ? Map.of("share of cuBLAS", library.get(form) / time.median()) : Map.of();
                session.arithmetic(name(), form, way.label(), PRECISION, time, operations, shares);
            });
        }
    }

    /** Sets of inputs and outputs, used in turn. Weights are made here, in the layout of {@link CudaOps}, so that they go when the workspace closes. */
    private record Data(List<Tensor> x, List<Tensor> y, List<Tensor> sum, List<Linear> plain, List<Linear> biased) {

        static Data of(Session session, CudaOps ops, Workspace workspace, int rows, int in, int out) {
            Data data = new Data(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            long bytes = Short.BYTES * ((long) rows * in + (long) in * out + (long) rows * out);
            int sets = session.tiny() ? 2 : Math.clamp(ROTATED_BYTES / bytes, 2, MOST_SETS);
            RandomNumbers random = session.random();
            for (int i = 0; i < sets; i++) {
                Tensor bias = workspace.tensor("bias", Shape.of("out", out), DType.F32);
                Tensor weight = random.fill(ops, workspace.activation("weight", Shape.of("out in", out, in)));
                data.x.add(random.fill(ops, workspace.activation("x", Shape.of("row in", rows, in))));
                data.y.add(workspace.activation("y", Shape.of("row out", rows, out)));
                data.sum.add(random.fill(ops, workspace.tensor("sum", Shape.of("row out", rows, out), DType.F32)));
                data.plain.add(new Linear("plain", out, in, weight, null));
                data.biased.add(new Linear("biased", out, in, weight, random.fill(ops, bias)));
            }
            return data;
        }
    }
}
