package dev.freecp.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code freecp bench report}: results as a page. */
@Command(name = "report", description = "Makes one self-contained page of results, those of peers in the same plots.",
    footer = {"", "Example:", "  freecp bench report gpu.json torch-tower.json torch-purification.json -o gpu.html"})
public final class ReportCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "Results of 'freecp bench cpu', 'freecp bench gpu' and of bench/peers.")
    private List<Path> files;

    @Option(names = "-o", paramLabel = "FILE", required = true, description = "The page.")
    private Path out;

    @Override
    public Integer call() throws IOException {
        ResultsPage page = new ResultsPage();
        for (Path file : files) page.add(file);
        Files.writeString(out, page.html());
        return 0;
    }
}
