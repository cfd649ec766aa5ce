package dev.freecp.bench.gpu;

import dev.freecp.bench.report.Budget;
import dev.freecp.bench.report.Results;
import dev.freecp.cuda.CublasLibrary;
import dev.freecp.cuda.CudaOps;
import dev.freecp.cuda.Ways;
import dev.freecp.error.UsageException;
import dev.freecp.ops.Precision;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code freecp bench gpu}: how fast is this card, and how much of it do we use? */
@Command(name = "gpu", description = "Times the engine on a GPU, by CUDA events: matrix products, attention, memory traffic, purification, towers, whole pictures, "
    + "with the card's ceilings from the same run.",
    footer = {"", "Results are written after each group, so that a run that is cut off leaves what it had. The card's settings are left alone.", "", "Examples:",
        "  freecp bench gpu --minutes 5 --out gpu.json",
        "  freecp bench gpu --groups products,attention"})
public final class GpuCommand implements Callable<Integer> {

    /** In the order of their worth; the first is what the others are compared with. */
    private static final List<Group> GROUPS = List.of(new Ceilings(), new Towers("ViT-B-16", Precision.FP16), new WholePictures(), new Products("ViT-B-16", 768),
        new Attentions(), new Purification(), new Traffic(), new Towers("ViT-L-14", Precision.FP16), new Products("ViT-L-14", 1024),
        new Towers("ViT-B-16", Precision.BF16), new Towers("ViT-L-14", Precision.BF16));

    private static final String NAMES = "tower, pictures, products, attention, purification, traffic";

    @Spec
    private CommandSpec spec;

    @Option(names = "--device", paramLabel = "NAME", defaultValue = "cuda", description = "cuda or cuda:INDEX; default ${DEFAULT-VALUE}.")
    private String device;

    @Option(names = "--minutes", paramLabel = "N", defaultValue = "5", description = "Nothing begins after that; default ${DEFAULT-VALUE}.")
    private double minutes;

    @Option(names = "--groups", paramLabel = "NAME", split = ",", description = "Only these: " + NAMES + "; the ceilings always.")
    private List<String> groups = List.of();

    @Option(names = "--out", paramLabel = "FILE", defaultValue = "gpu.json", description = "For the results as JSON; default ${DEFAULT-VALUE}.")
    private Path out;

    @Option(names = "--commit", paramLabel = "HASH", defaultValue = "unknown", description = "What is measured, for the results.")
    private String commit;

    @Option(names = "--seed", paramLabel = "N", description = "Of the random data; another one each time if not given.")
    private Long seed;

    @Option(names = "--cuda-libs", paramLabel = "DIR|none", description = "Where the CUDA libraries lie; none: do without.")
    private Path cudaLibraries;

    @Option(names = "--tiny", description = "Sizes that an emulator can do: shows that everything runs, and measures nothing.")
    private boolean tiny;

    @Override
    public Integer call() throws IOException {
        if (!device.matches("cuda(:\\d+)?")) throw new UsageException("--device " + device + ": only a GPU is timed here, cuda or cuda:INDEX");
        for (String wanted : groups)
            if (GROUPS.stream().noneMatch(group -> isNamed(group, wanted))) throw new UsageException("--groups " + wanted + ": choose of " + NAMES);
        int index = device.contains(":") ? Integer.parseInt(device.substring(device.indexOf(':') + 1)) : 0;
        CublasLibrary.Search libraries = CublasLibrary.Search.of(cudaLibraries);
        Budget budget = new Budget(minutes);
        PrintWriter console = spec.commandLine().getOut();
        // Open as long as the run: the card's context, and what the driver keeps in it, outlives each backend.
        try (CudaOps card = CudaOps.open(index, Precision.FP16, libraries, Ways.CHOSEN)) {
            Results results = new Results(out, Machine.facts(card, index, commit));
            try (Session session = new Session(index, libraries, tiny, budget, results, seed == null ? System.nanoTime() : seed)) {
                for (Group group : GROUPS) {
                    if (!groups.isEmpty() && !(group instanceof Ceilings) && groups.stream().noneMatch(wanted -> isNamed(group, wanted))) continue;
                    spec.commandLine().getErr().println("measuring: " + group.name());
                    group.run(session);
                    results.write();
                }
            }
            console.println(card.describe());
            results.table().forEach(console::println);
        }
        return 0;
    }

    private static boolean isNamed(Group group, String wanted) {
        return group.name().split(" ")[0].equals(wanted);
    }
}
