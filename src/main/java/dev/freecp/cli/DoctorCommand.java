package dev.freecp.cli;

import dev.freecp.cuda.CublasLibrary;
import dev.freecp.cuda.CudaHost;
import dev.freecp.error.DeviceException;
import dev.freecp.ops.Ops;
import dev.freecp.ops.Precision;
import dev.freecp.parity.SelfTest;
import dev.freecp.segment.Device;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code freecp doctor}: what is on this machine, which device a run would take, and does it compute what it should? */
@Command(name = "doctor",
    description = "Says what this machine has (GPU, driver, cuBLAS, JDK), what is missing and how to get it, and tests every operation on the device that a run would take.",
    footer = {"",
        "The exit code is 0 if that device works: the GPU, or a CPU where there is none; with --device cuda a missing GPU is 4.",
        "",
        "Examples:",
        "  freecp doctor",
        "  freecp doctor --device cuda --precision fp32",
        "  freecp doctor --json"})
final class DoctorCommand implements Callable<Integer> {

    private static final int DOES_NOT_WORK = new DeviceException("").exitCode();

    @Option(names = "--device", paramLabel = "DEVICE", defaultValue = "auto", description = "auto, cpu, cuda or cuda:INDEX; default ${DEFAULT-VALUE}.")
    private String device;

    @Option(names = "--precision", paramLabel = "NAME", converter = Converters.PrecisionName.class, description = "fp32, tf32, bf16 or fp16; default fp16 on a GPU.")
    private Precision precision;

    @Option(names = "--cuda-libs", paramLabel = "DIR|none", description = "Where the CUDA libraries lie; none: do without.")
    private Path cudaLibraries;

    @Option(names = "--json", description = "Prints everything as JSON.")
    private boolean json;

    @Option(names = "--thorough", hidden = true, description = "Tests many sizes, in every precision of the device, and prints every operation.")
    private boolean thorough;

    private final Console console;

    DoctorCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        Diagnosis diagnosis = diagnose();
        if (json) console.result(RunJson.STYLE.asString(diagnosis.json()));
        else diagnosis.lines(thorough).forEach(console::result);
        if (!diagnosis.problem().isEmpty()) console.error(diagnosis.problem());
        return diagnosis.works() ? 0 : DOES_NOT_WORK;
    }

    private Diagnosis diagnose() {
        Device.Request request = request(precision);
        CudaHost host = CudaHost.examine(CublasLibrary.Search.of(cudaLibraries));
        OptionalInt modules = OptionalInt.empty();
        List<Diagnosis.Test> tests = new ArrayList<>();
        String opened = "", reason = "", problem = "";
        try {
            Device.Choice choice = Device.open(request);
            try (Ops ops = choice.ops()) {
                opened = ops.describe();
                reason = choice.reason();
            }
            boolean gpu = host.driver().isPresent() && reason.isEmpty() && !device.matches("cpu|scalar");
            if (gpu) modules = OptionalInt.of(CudaHost.loadKernels(request.index()));
            for (Precision one : precisions(gpu)) tests.add(test(request(one), one));
        } catch (DeviceException e) {
            problem = e.getMessage();
        }
        return new Diagnosis(host, device, opened, reason, modules, tests, problem);
    }

    private Device.Request request(Precision wanted) {
        return new Device.Request(device, Runtime.getRuntime().availableProcessors(), wanted, cudaLibraries);
    }

    /** What is tested: what was asked for, or what a run would take, or everything that the device has. */
    private List<Precision> precisions(boolean gpu) {
        if (precision != null) return List.of(precision);
        if (!gpu) return List.of(Precision.FP32);
        return thorough ? List.of(Precision.values()) : List.of(Precision.FP16);
    }

    private Diagnosis.Test test(Device.Request request, Precision tested) {
        long start = System.nanoTime();
        try (Ops ops = Device.open(request).ops()) {
            List<SelfTest.Result> results = SelfTest.run(ops, tested, thorough);
            return new Diagnosis.Test(tested, results, (System.nanoTime() - start) / 1e9);
        }
    }
}
