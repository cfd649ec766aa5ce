package dev.freecp.cli;

import dev.freecp.error.InputException;
import dev.freecp.error.UsageException;
import dev.freecp.parity.Check;
import dev.freecp.parity.Parity;
import dev.freecp.parity.ParityJson;
import dev.freecp.parity.ParityReport;
import dev.freecp.parity.ParityText;
import dev.freecp.ops.Precision;
import dev.freecp.segment.Device;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code freecp parity}: does this engine, on this device, give the released program's numbers? */
@Command(name = "parity",
    description = "Compares every stage of the engine with a folder of golden numbers and names the first one that differs.",
    footer = {"",
        "Each stage is run twice: in the whole chain from the picture on, and by itself from the golden's own input of it.",
        "Limits are those of the specification's section 15. The exit code is 0 only if all hold.",
        "",
        "Examples:",
        "  freecp parity test-data/golden",
        "  freecp parity --device scalar --verbose test-data/golden",
        "  freecp parity --json - test-data/golden"})
final class ParityCommand implements Callable<Integer> {

    private static final int DIFFERENT = 1;

    @Parameters(paramLabel = "DIR", description = "Folder with models, vocab, seg, purify and units, or some of them.")
    private Path folder;

    @Option(names = "--device", paramLabel = "DEVICE", defaultValue = "cpu", description = "auto, cpu, scalar or cuda[:INDEX] (default: ${DEFAULT-VALUE}).")
    private String device;

    @Option(names = "--precision", paramLabel = "PRECISION", defaultValue = "fp32", description = "fp32, the only precision these limits are for.")
    private String precision;

    @Option(names = "--cuda-libs", paramLabel = "DIR|none", description = "Where cuBLAS lies; none for this program's own matrix products.")
    private Path cudaLibraries;

    @Option(names = "--threads", paramLabel = "N", description = "Threads of the CPU (default: one for each processor).")
    private Integer threads;

    @Option(names = "--json", paramLabel = "FILE|-", description = "Writes every comparison as JSON to a file, or to standard output instead of the table.")
    private String json;

    @Option(names = "--verbose", description = "Prints every comparison, not only one line a golden and those that fail.")
    private boolean verbose;

    private final PrintStream out;

    ParityCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() {
        if (!precision.equals("fp32")) throw new UsageException("--precision " + precision + ": goldens are float32 numbers and their limits hold for fp32 only");
        int count = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
        ParityReport report = Parity.run(folder, () -> Device.open(new Device.Request(device, count, Precision.FP32, cudaLibraries)).ops(), ParityCommand::ignore);
        if ("-".equals(json)) {
            out.println(ParityJson.write(report));
        } else {
            if (json != null) write(Path.of(json), ParityJson.write(report));
            ParityText.print(report, out, verbose);
        }
        return report.pass() ? 0 : DIFFERENT;
    }

    /** The report comes as a whole at the end. */
    private static void ignore(Check check) {
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text + "\n", StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new InputException(file + ": cannot be written: " + e.getMessage(), e);
        }
    }
}
