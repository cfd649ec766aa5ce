package dev.freecp.bench.cpu;

import dev.freecp.bench.peer.OnnxRuntime;
import dev.freecp.bench.peer.OnnxTower;
import dev.freecp.bench.peer.TorchTower;
import dev.freecp.bench.report.Budget;
import dev.freecp.bench.report.Results;
import dev.freecp.clip.VisionConfig;
import dev.freecp.error.UsageException;
import dev.freecp.ops.Workspace;
import dev.freecp.weights.Checkpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code freecp bench cpu}: how fast is this processor, how much of it do we use, and what do others make of it? */
@Command(name = "cpu", description = "Times the engine on the CPU, in turn with what the machine can do at most and with ONNX Runtime and torch: "
    + "towers, whole pictures, text. Processor time and wall time, medians over the rounds.",
    footer = {"", "Best on a machine that has nothing else to do: the load is noted, and comparisons are made within a round.", "", "Examples:",
        "  freecp bench cpu --rounds 5 --json cpu.json",
        "  freecp bench cpu --model-size l14 --threads 1 --groups tower"})
public final class CpuCommand implements Callable<Integer> {

    private static final List<String> GROUPS = List.of("tower", "operations", "picture", "text");

    @Spec
    private CommandSpec spec;

    @Option(names = "--model-size", paramLabel = "NAME", defaultValue = "b16", description = "b16 or l14 with random weights, or shapes; default ${DEFAULT-VALUE}.")
    private String size;

    @Option(names = "--model", paramLabel = "DIR", description = "A checkpoint instead.")
    private Path model;

    @Option(names = "--threads", paramLabel = "N", split = ",", defaultValue = "1,2", description = "Numbers of threads; default ${DEFAULT-VALUE}.")
    private List<Integer> threads;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "5", description = "After one to warm up; default ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(names = "--minutes", paramLabel = "N", defaultValue = "30", description = "No further round begins after that; default ${DEFAULT-VALUE}.")
    private double minutes;

    @Option(names = "--groups", paramLabel = "NAME", split = ",", description = "Only these: tower, operations, picture, text; the ceilings always.")
    private List<String> groups = GROUPS;

    @Option(names = "--python", paramLabel = "COMMAND", defaultValue = "python3", description = "For torch, if it has it; default ${DEFAULT-VALUE}.")
    private String python;

    @Option(names = "--peers", paramLabel = "DIR", defaultValue = "bench/peers", description = "Where torch's program lies; default ${DEFAULT-VALUE}.")
    private Path peers;

    @Option(names = "--json", paramLabel = "FILE", defaultValue = "cpu.json", description = "For the results; default ${DEFAULT-VALUE}.")
    private Path json;

    @Option(names = "--commit", paramLabel = "HASH", defaultValue = "unknown", description = "What is measured, for the results.")
    private String commit;

    @Option(names = "--tiny", description = "Shows that everything runs, and measures nothing.")
    private boolean tiny;

    private final ProcessorTime time = new ProcessorTime();

    /** What is closed at the end, the last first. */
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    @Override
    public Integer call() throws Exception {
        for (String group : groups) if (!GROUPS.contains(group)) throw new UsageException("--groups " + group + ": choose of " + String.join(", ", GROUPS));
        if (rounds < 1) throw new UsageException("--rounds must be at least 1, not " + rounds);
        for (int count : threads) if (count < 1) throw new UsageException("--threads must be at least 1, not " + count);
        Consumer<String> told = spec.commandLine().getErr()::println;
        Budget budget = new Budget(minutes);
        Map<String, Object> machine = Host.facts(commit);
        Results results = new Results(json, machine);
        try (ModelSize.Folder folder = ModelSize.of(size, model)) {
            try {
                Rounds run = new Rounds(time, contenders(folder, results, machine), tiny);
                run.run(tiny ? 1 : rounds, budget, told);
                if (run.done() < rounds && !tiny) results.leaveOut((rounds - run.done()) + " of " + rounds + " rounds", "out of time");
                run.results().forEach(results::add);
            } finally {
                while (!open.isEmpty()) open.pop().close();
            }
        }
        machine.put("load average at the end", Host.load());
        machine.put("peak memory, peers too", Host.peakResident());
        results.write();
        results.table().forEach(spec.commandLine().getOut()::println);
        machine.forEach((name, fact) -> spec.commandLine().getOut().println(name + ": " + fact));
        return 0;
    }

    private List<Contender> contenders(ModelSize.Folder folder, Results results, Map<String, Object> machine) throws IOException {
        List<Contender> contenders = new ArrayList<>();
        Ceilings ceilings = new Ceilings(time, tiny);
        contenders.addAll(ceilings.of(1));
        for (int count : threads) {
            if (count > 1) contenders.addAll(ceilings.of(count));
            if (groups.contains("tower") || groups.contains("operations") || groups.contains("text")) {
                Model ours = keep(Model.open(folder.path(), count));
                if (groups.contains("operations")) contenders.addAll(Operations.of(ours, keep(ours.ops().workspace()), time));
                if (groups.contains("tower")) towers(contenders, ours, folder, results, machine);
                if (groups.contains("text")) contenders.addAll(new Texts(folder.name(), tiny, time).of(ours));
            }
            if (groups.contains("picture")) contenders.addAll(keep(new Pictures(folder.name(), folder.path(), count, time)).contenders(tiny));
        }
        return contenders;
    }

    private void towers(List<Contender> contenders, Model ours, ModelSize.Folder folder, Results results, Map<String, Object> machine) throws IOException {
        VisionConfig config = ours.clip().config().vision();
        Towers towers = new Towers(folder.name(), config, tiny, time);
        contenders.addAll(towers.ours(ours));
        try {
            for (OnnxTower.Attention attention : OnnxTower.Attention.values()) {
                Path graph = folder.scratch().resolve(attention + ".onnx");
                try (Checkpoint checkpoint = Checkpoint.open(folder.path())) {
                    OnnxTower.write(graph, checkpoint.weights(), config, attention);
                }
                String who = attention == OnnxTower.Attention.PLAIN ? "ONNX Runtime" : "ONNX Runtime, fused attention";
                contenders.addAll(towers.onnxRuntime(keep(new OnnxRuntime(graph, ours.threads())), who, ours.threads()));
            }
            machine.put("ONNX Runtime", OnnxRuntime.version());
        } catch (LinkageError missing) {
            results.leaveOut("ONNX Runtime", "its library is not here (" + missing.getMessage() + ")");
        }
        try {
            TorchTower torch = keep(new TorchTower(python, peers.resolve("cpu_tower.py"), config, Towers.TOKENS, ours.threads()));
            machine.put("torch", torch.version());
            contenders.addAll(towers.torch(torch, ours.threads()));
        } catch (IOException missing) {
            results.leaveOut("torch, " + ours.threads() + (ours.threads() == 1 ? " thread" : " threads"), missing.getMessage());
        }
    }

    private <T extends AutoCloseable> T keep(T resource) {
        open.push(resource);
        return resource;
    }
}
