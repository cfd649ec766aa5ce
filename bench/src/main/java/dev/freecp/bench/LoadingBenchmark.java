package dev.freecp.bench;

import dev.freecp.convert.RandomClip;
import dev.freecp.weights.Floats;
import dev.freecp.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Opening a checkpoint and reading every number of it once, as the check for NaN does, with the file in the system's memory and without. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public class LoadingBenchmark {

    private final PageCache cache = new PageCache();
    private Path folder;
    private Path file;

    @Setup
    public void setUp() throws IOException {
        folder = Files.createTempDirectory("freecp-bench");
        RandomClip.tiny().write(folder, 1);
        file = folder.resolve("model.safetensors");
    }

    @TearDown
    public void tearDown() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
        }
    }

    @Benchmark
    public long warm(Work work) throws IOException {
        return read(work);
    }

    /** The file comes from the disk; forgetting it takes part of the time. */
    @Benchmark
    public long cold(Work work) throws IOException {
        cache.forget(file);
        return read(work);
    }

    private long read(Work work) throws IOException {
        work.gigabyte += 1e-9 * Files.size(file);
        long wrong = 0;
        try (Weights weights = Weights.open(file)) {
            for (String name : weights.names()) wrong += Floats.firstNonFinite(weights.tensor(name));
        }
        return wrong;
    }
}
