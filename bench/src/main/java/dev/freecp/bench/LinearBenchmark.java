package dev.freecp.bench;

import dev.freecp.ops.Activation;
import dev.freecp.ops.Linear;
import dev.freecp.ops.Ops;
import dev.freecp.ops.Workspace;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * {@link Ops#linear(Tensor, Tensor, Linear, Activation)} in the four sizes of a ViT-B/16 block, for the tokens of one window: 50 (224 pixels,
 * patches of 32), 197 (224, 16) and 577 (336, 14). The line {@code linear:gflop} is the rate in GFLOP/s, two operations for each product.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public class LinearBenchmark {

    /** The linear maps of a block of width 768, under the names the {@code layer} parameter takes. */
    public enum Layer {
        qkv(768, 2304), out(768, 768), fc(768, 3072), proj(3072, 768);

        private final int inputs;
        private final int outputs;

        Layer(int inputs, int outputs) {
            this.inputs = inputs;
            this.outputs = outputs;
        }
    }

    /** Work done, which JMH divides by the time. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Work {
        public double gflop;
    }

    @Param
    public Device device;

    @Param
    public Layer layer;

    @Param({"50", "197", "577"})
    public int rows;

    private Ops ops;
    private Workspace workspace;
    private Linear linear;
    private Tensor x;
    private Tensor y;

    @Setup
    public void setUp() {
        ops = device.open();
        workspace = ops.workspace();
        Random random = new Random(1);
        linear = ops.linear(Tensor.of("weight", Shape.of("out in", layer.outputs, layer.inputs), normal(random, layer.outputs * layer.inputs)),
            Tensor.of("bias", Shape.of("out", layer.outputs), normal(random, layer.outputs)));
        x = workspace.tensor("x", Shape.of("token in", rows, layer.inputs));
        y = workspace.tensor("y", Shape.of("token out", rows, layer.outputs));
        ops.upload(x, normal(random, rows * layer.inputs));
    }

    @TearDown
    public void tearDown() {
        workspace.close();
        ops.close();
    }

    @Benchmark
    public Tensor linear(Work work) {
        ops.linear(y, x, linear, Activation.NONE);
        work.gflop += 2e-9 * rows * layer.inputs * layer.outputs;
        return y;
    }

    private static float[] normal(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) values[i] = (float) random.nextGaussian();
        return values;
    }
}
