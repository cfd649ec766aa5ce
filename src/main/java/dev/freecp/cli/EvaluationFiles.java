package dev.freecp.cli;

import dev.freecp.error.UsageException;
import dev.freecp.evaluate.Evaluation;
import dev.freecp.report.EvaluationCsv;
import dev.freecp.report.EvaluationJson;
import dev.freecp.report.EvaluationPage;
import dev.freecp.report.EvaluationPlots;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** Where an evaluation's results go. */
final class EvaluationFiles {

    @Option(names = "--json", paramLabel = "FILE.json|-", arity = "0..1", fallbackValue = "-",
        description = "Write all scores and counts as one JSON document to a file, or to standard output in place of the lines for people.")
    private String json;

    @Option(names = "--out", paramLabel = "DIR",
        description = "Folder for results.json, results.csv, results.html and plots; while the run goes on, also for its journal, "
            + "from which the same command resumes.")
    private Path out;

    /** The folder, or null. */
    Path out() {
        return out;
    }

    /** Whether standard output is for machines. */
    boolean isMachineOutput() {
        return "-".equals(json);
    }

    void check() {
        if (json != null && !json.equals("-") && !json.endsWith(".json"))
            throw new UsageException("--json writes to a file that ends in .json, or to -, not to " + json);
    }

    /** Writes everything that was asked for; files of a folder appear together. */
    void write(Evaluation evaluation, Console console, OutputFolder.Opener opener) throws IOException {
        byte[] document = RunJson.STYLE.asBytes(EvaluationJson.of(evaluation));
        if (isMachineOutput()) {
            console.machineOutput().write(document);
            console.machineOutput().write('\n');
            console.machineOutput().flush();
        } else if (json != null) {
            Path file = Path.of(json).toAbsolutePath();
            try (OutputFolder folder = OutputFolder.open(file.getParent(), opener)) {
                folder.write(Map.of(file.getFileName().toString(), stream -> stream.write(document)));
            }
        }
        if (out == null) return;
        Map<String, OutputFolder.Content> files = new LinkedHashMap<>();
        EvaluationPlots.of(evaluation).forEach((name, svg) -> files.put(name, text(svg)));
        files.put("results.csv", text(EvaluationCsv.of(evaluation)));
        files.put("results.html", text(EvaluationPage.of(evaluation)));
        files.put("results.json", stream -> stream.write(document));
        try (OutputFolder folder = OutputFolder.open(out, opener)) {
            folder.write(files);
        }
    }

    private static OutputFolder.Content text(String text) {
        return stream -> stream.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
