package dev.freecp.bench;

import dev.freecp.bench.input.Numbers;
import dev.freecp.ops.Linear;
import dev.freecp.ops.Ops;
import dev.freecp.ops.Precision;
import dev.freecp.ops.Workspace;
import dev.freecp.segment.Device;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
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

/** A backend with memory, for benchmarks of its operations: {@code -p device=cpu|scalar|cuda -p precision=fp32|... -p threads=N}. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public abstract class OpsBenchmark {

    private static final String OWN = "own";

    @Param("cpu")
    public String device;

    /** The device's own unless one is named. */
    @Param(OWN)
    public String precision;

    /** Of the CPU. */
    @Param("1")
    public int threads;

    Ops ops;
    Workspace workspace;
    private Tensor last;

    /** With backend and memory open, which are closed after {@link #release}. JMH promises no order to several methods, so there is one of each kind. */
    abstract void prepare() throws IOException;

    void release() {
    }

    @Setup
    public final void open() throws IOException {
        Precision wanted = precision.equals(OWN) ? null : Precision.valueOf(precision.toUpperCase(Locale.ROOT));
        ops = Device.open(new Device.Request(device, threads, wanted, null)).ops();
        workspace = ops.workspace();
        last = workspace.tensor("last", Shape.of("number", 1));
        ops.fill(last, 0);
        prepare();
    }

    @TearDown
    public final void close() {
        release();
        workspace.close();
        ops.close();
    }

    /** Waits for a device that works while the host goes on. */
    float[] done() {
        return ops.download(last);
    }

    Tensor normal(String name, Shape shape) {
        return fill(workspace.tensor(name, shape));
    }

    Tensor activation(String name, Shape shape) {
        return fill(workspace.activation(name, shape));
    }

    Linear linear(int in, int out) {
        float[] weights = Numbers.normal(1, in * out);
        for (int i = 0; i < weights.length; i++) weights[i] /= (float) Math.sqrt(in);
        return ops.linear(Tensor.of("weight", Shape.of("out in", out, in), weights), Tensor.of("bias", Shape.of("out", out), Numbers.normal(2, out)));
    }

    private Tensor fill(Tensor tensor) {
        ops.upload(tensor, Numbers.normal(tensor.name().hashCode(), Math.toIntExact(tensor.shape().count())));
        return tensor;
    }
}
