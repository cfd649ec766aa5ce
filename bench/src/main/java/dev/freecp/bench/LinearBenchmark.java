package dev.freecp.bench;

import dev.freecp.ops.Activation;
import dev.freecp.ops.Linear;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/**
 * Linear maps in the four sizes of a block: for the tokens of one window, 50 (224 pixels, patches of 32), 197 (224, 16) and 577 (384, 16), and for four and six
 * windows of 577.
 */
public class LinearBenchmark extends OpsBenchmark {

    /** Width of the published towers. */
    public enum Model {
        b16(768), l14(1024);

        final int width;

        Model(int width) {
            this.width = width;
        }
    }

    /** The linear maps of a block, as multiples of its width. */
    public enum Layer {
        qkv(1, 3), out(1, 1), fc(1, 4), proj(4, 1);

        final int inputs;
        final int outputs;

        Layer(int inputs, int outputs) {
            this.inputs = inputs;
            this.outputs = outputs;
        }
    }

    @Param
    public Model model;

    @Param
    public Layer layer;

    @Param({"50", "197", "577", "2308", "3462"})
    public int rows;

    private Linear linear;
    private Tensor x;
    private Tensor y;
    private Tensor stream;
    private double gflop;

    @Override
    void prepare() {
        int in = layer.inputs * model.width, out = layer.outputs * model.width;
        linear = linear(in, out);
        x = activation("x", Shape.of("token in", rows, in));
        y = workspace.activation("y", Shape.of("token out", rows, out));
        stream = normal("stream", Shape.of("token out", rows, out));
        gflop = 2e-9 * rows * in * out;
    }

    @Benchmark
    public float[] linear(Work work) {
        return map(work, Activation.NONE);
    }

    @Benchmark
    public float[] quickGelu(Work work) {
        return map(work, Activation.QUICK_GELU);
    }

    @Benchmark
    public float[] gelu(Work work) {
        return map(work, Activation.GELU);
    }

    @Benchmark
    public float[] residual(Work work) {
        ops.linearAdd(stream, x, linear);
        work.gflop += gflop;
        return done();
    }

    private float[] map(Work work, Activation activation) {
        ops.linear(y, x, linear, activation);
        work.gflop += gflop;
        return done();
    }
}
