package dev.freecp.cli;

import dev.freecp.error.UsageException;
import dev.freecp.evaluate.Evaluation;
import dev.freecp.report.EvaluationJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code freecp evaluate merge}: the shards of a data set as one result. */
@Command(name = "merge",
    description = "Puts the results of shards together. Counts are whole numbers, so the sum is that of one run over everything.",
    footer = {"", "Example:", "  freecp evaluate merge part1.json part2.json --json all.json --out all"})
final class EvaluateMergeCommand implements Callable<Integer> {

    private final Console console;
    private final OutputFolder.Opener opener;

    @Parameters(paramLabel = "FILE.json", arity = "1..*",
        description = "Results that --json or --out wrote, of the same settings and of different pictures.")
    private List<Path> parts;

    @Mixin
    private EvaluationFiles files;

    EvaluateMergeCommand(Console console, OutputFolder.Opener opener) {
        this.console = console;
        this.opener = opener;
    }

    @Override
    public Integer call() throws IOException {
        files.check();
        Map<String, Evaluation> read = new LinkedHashMap<>();
        for (Path part : parts) if (read.put(part.toString(), EvaluationJson.read(part)) != null) throw new UsageException(part + " is named twice");
        Evaluation merged = Evaluation.merge(read);
        files.write(merged, console, opener);
        if (files.isMachineOutput()) return 0;
        String pictures = StartMessage.count(merged.pictures().size(), "picture", "pictures");
        console.result(pictures + " of " + StartMessage.count(parts.size(), "part", "parts"));
        EvaluationSummary.of(merged).forEach(console::result);
        return 0;
    }
}
