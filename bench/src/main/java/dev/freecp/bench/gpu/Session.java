package dev.freecp.bench.gpu;

import dev.freecp.bench.report.Budget;
import dev.freecp.bench.report.Measurement;
import dev.freecp.bench.report.Result;
import dev.freecp.bench.report.Results;
import dev.freecp.convert.RandomClip;
import dev.freecp.cuda.CublasLibrary;
import dev.freecp.cuda.CudaOps;
import dev.freecp.cuda.Ways;
import dev.freecp.error.DeviceException;
import dev.freecp.error.UsageException;
import dev.freecp.ops.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A run: the card, its ceilings once they are known, the models made so far, and where results go. */
final class Session implements AutoCloseable {

    private final int index;
    private final CublasLibrary.Search libraries;
    private final boolean tiny;
    private final Budget budget;
    private final Results results;
    private final Path scratch;
    private final RandomNumbers random;
    private final Map<Precision, Double> peaks = new EnumMap<>(Precision.class);
    private final Map<String, Path> models = new LinkedHashMap<>();
    private double bandwidth;

    Session(int index, CublasLibrary.Search libraries, boolean tiny, Budget budget, Results results, long seed) throws IOException {
        this.index = index;
        this.libraries = libraries;
        this.tiny = tiny;
        this.budget = budget;
        this.results = results;
        this.random = new RandomNumbers(seed);
        this.scratch = Files.createTempDirectory("freecp-bench");
    }

    boolean tiny() {
        return tiny;
    }

    RandomNumbers random() {
        return random;
    }

    CudaOps open(Precision precision, Ways ways) {
        return CudaOps.open(index, precision, libraries, ways);
    }

    Meter meter(CudaOps ops) {
        return new Meter(ops.timer(), tiny);
    }

    /** Operations a second that a large matrix product reached in this run. */
    void peak(Precision precision, double flops) {
        peaks.merge(precision, flops, Math::max);
    }

    /** Bytes a second, read and written, of a copy. */
    void bandwidth(double bytes) {
        bandwidth = bytes;
    }

    /** The folder of a seeded random checkpoint, made at the first call. */
    Path model(String name) throws IOException {
        Path folder = models.get(name);
        if (folder != null) return folder;
        RandomClip clip = tiny ? RandomClip.tiny() : RandomClip.named(name).orElseThrow(() -> new UsageException("no model " + name));
        folder = scratch.resolve(name);
        clip.write(folder, 1);
        models.put(name, folder);
        return folder;
    }

    /** True, and noted, if there is no time for another measurement. */
    boolean outOfTime(String what) {
        if (!budget.isSpent()) return false;
        results.leaveOut(what, "out of time");
        return true;
    }

    /** Something that this machine cannot do. */
    void leaveOut(String what, DeviceException reason) {
        results.leaveOut(what, reason.getMessage());
    }

    /** Arithmetic: in TFLOP/s, with its share of the peak. */
    void arithmetic(String group, String name, String implementation, Precision precision, Measurement time, double operations) {
        arithmetic(group, name, implementation, precision, time, operations, Map.of());
    }

    /** The same with more shares. */
    void arithmetic(String group, String name, String implementation, Precision precision, Measurement time, double operations, Map<String, Double> shares) {
        Map<String, Object> extra = new LinkedHashMap<>(shares);
        double rate = time.rate(operations);
        if (peaks.containsKey(precision)) extra.put("share of peak", rate / peaks.get(precision));
        results.add(new Result(group, name, implementation, precision.toString(), rate / 1e12, "TFLOP/s", time, extra));
    }

    /** Traffic: in GB/s, with its share of a copy's. */
    void traffic(String group, String name, String implementation, Precision precision, Measurement time, double bytes) {
        Map<String, Object> extra = new LinkedHashMap<>();
        double rate = time.rate(bytes);
        if (bandwidth > 0) extra.put("share of a copy", rate / bandwidth);
        results.add(new Result(group, name, implementation, precision.toString(), rate / 1e9, "GB/s", time, extra));
    }

    /** Windows or pictures a second, with the memory that they took. */
    void things(String group, String name, Precision precision, Measurement time, double things, String unit, Map<String, Object> facts, CudaOps ops) {
        Map<String, Object> extra = new LinkedHashMap<>(facts);
        extra.put("bytes of weights", ops.memoryUse().weights());
        extra.put("peak bytes of intermediate results", ops.memoryUse().workspace());
        results.add(new Result(group, name, "freecp", precision.toString(), time.rate(things), unit, time, extra));
    }

    /** A rate of arithmetic and its share of the peak. */
    Map<String, Object> arithmetic(Precision precision, double rate) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("TFLOP/s", rate / 1e12);
        if (peaks.containsKey(precision)) facts.put("share of peak", rate / peaks.get(precision));
        return facts;
    }

    /** Microseconds. */
    void time(String group, String name, String implementation, Precision precision, Measurement time, Map<String, Object> extra) {
        results.add(new Result(group, name, implementation, precision.toString(), time.median(), "us", time, extra));
    }

    /** Deletes the models. */
    @Override
    public void close() throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.walk(scratch)) {
            all.sorted(Comparator.reverseOrder()).forEach(files::add);
        }
        for (Path file : files) Files.delete(file);
    }
}
