package dev.freecp.cli;

import dev.freecp.cuda.CublasLibrary;
import dev.freecp.cuda.CudaHost;
import dev.freecp.cuda.Driver;
import dev.freecp.ops.Ops;
import dev.freecp.ops.Precision;
import dev.freecp.parity.SelfTest;
import dev.freecp.segment.Device;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What {@code freecp doctor} found, for people and for machines.
 *
 * @param asked   the device that was asked for
 * @param opened  the one that was opened, or empty
 * @param reason  why it is not a GPU where it could have been one, or empty
 * @param modules of kernels that the GPU loaded, if one was opened
 * @param problem why nothing was opened, or empty
 */
record Diagnosis(CudaHost host, String asked, String opened, String reason, OptionalInt modules, List<Test> tests, String problem) {

    /** A self-test in one precision. */
    record Test(Precision precision, List<SelfTest.Result> results, double seconds) {

        List<SelfTest.Result> faults() {
            return results.stream().filter(result -> !result.pass()).toList();
        }
    }

    /** Whether the device that was asked for works. */
    boolean works() {
        return problem.isEmpty() && tests.stream().allMatch(test -> test.faults().isEmpty());
    }

    /**
     * The report for people: on a machine with a GPU the first line says what multiplies matrices.
     *
     * @param everything a line for each operation, not only for those that fail
     */
    List<String> lines(boolean everything) {
        List<String> lines = new ArrayList<>();
        if (host.driver().isPresent()) {
            Driver driver = host.driver().get();
            lines.add(line("cuBLAS", host.matrixProducts()));
            lines.add(line("driver", "CUDA " + driver.cudaVersion()));
            for (Driver.Gpu gpu : driver.gpus())
                lines.add(line("GPU " + gpu.index(), "%s, %,d MiB, compute capability %s".formatted(gpu.name(), gpu.bytes() >> 20, gpu.computeCapability())));
        } else {
            lines.add(line("GPU", "none: " + host.problem()));
        }
        modules.ifPresent(count -> lines.add(line("kernels", count + " modules of PTX loaded")));
        lines.add(line("JDK", jdk()));
        lines.add(line("CPU", cpu()));
        for (Test test : tests) lines.addAll(lines(test, everything));
        lines.add(line("device", verdict()));
        return lines;
    }

    private static List<String> lines(Test test, boolean everything) {
        List<String> lines = new ArrayList<>();
        int cases = test.results().stream().mapToInt(SelfTest.Result::cases).sum();
        lines.add(line("test", "%s, %d cases in %s, %.1f s: %s".formatted(StartMessage.count(test.results().size(), "operation", "operations"), cases, test.precision(), test.seconds(),
            test.faults().isEmpty() ? "all within their limits" : StartMessage.count(test.faults().size(), "operation is wrong", "operations are wrong"))));
        for (SelfTest.Result result : test.results()) {
            if (!result.pass()) lines.add(line("", "WRONG " + result.fault()));
            else if (everything) lines.add(line("", "%-20s %3d cases, error %.1e, limit %.0e".formatted(result.operation(), result.cases(), result.error(), result.limit())));
        }
        return lines;
    }

    private String verdict() {
        if (!problem.isEmpty()) return "--device " + asked + " does not work: " + problem;
        String choice = asked.equals("auto") ? "auto takes " + opened + (reason.isEmpty() ? "" : "; " + reason) : opened;
        return choice + (works() ? "; it works" : "; it is WRONG");
    }

    private static String line(String topic, String text) {
        return StartMessage.line(topic, text);
    }

    private static String jdk() {
        return System.getProperty("java.version") + " (" + System.getProperty("java.vendor") + ") in " + System.getProperty("java.home");
    }

    private static String cpu() {
        try (Ops cpu = Device.choose("cpu")) {
            return cpu.describe();
        }
    }

    Map<String, Object> json() throws IOException {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("version", Version.number());
        json.put("jdk", jdk());
        json.put("cpu", cpu());
        json.put("driver", host.driver().map(Driver::cudaVersion).orElse(null));
        json.put("driverProblem", host.problem());
        json.put("gpus", host.driver().map(Driver::gpus).orElse(List.of()).stream().map(Diagnosis::gpu).toList());
        json.put("cublas", host.cublas().map(CublasLibrary::version).orElse(null));
        json.put("cublasFolder", host.cublas().map(library -> library.folder().toString()).orElse(null));
        json.put("cublasSearched", host.libraries().folders().stream().map(Path::toString).toList());
        json.put("matrixProducts", host.matrixProducts());
        json.put("kernelModules", modules.isPresent() ? modules.getAsInt() : null);
        json.put("asked", asked);
        json.put("opened", opened);
        json.put("reason", reason);
        json.put("problem", problem);
        json.put("works", works());
        json.put("tests", tests.stream().map(Diagnosis::test).toList());
        return json;
    }

    private static Map<String, Object> gpu(Driver.Gpu gpu) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("index", gpu.index());
        json.put("name", gpu.name());
        json.put("bytes", gpu.bytes());
        json.put("computeCapability", gpu.computeCapability());
        return json;
    }

    private static Map<String, Object> test(Test test) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("precision", test.precision().toString());
        json.put("seconds", test.seconds());
        json.put("operations", test.results().stream().map(Diagnosis::operation).toList());
        return json;
    }

    private static Map<String, Object> operation(SelfTest.Result result) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("operation", result.operation());
        json.put("cases", result.cases());
        json.put("error", Double.isFinite(result.error()) ? result.error() : null);
        json.put("limit", result.limit());
        json.put("fault", result.fault());
        return json;
    }
}
