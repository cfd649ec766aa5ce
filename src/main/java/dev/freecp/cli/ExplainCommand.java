package dev.freecp.cli;

import dev.freecp.error.UsageException;
import dev.freecp.image.Picture;
import dev.freecp.image.Pictures;
import dev.freecp.report.RunFacts;
import dev.freecp.report.explain.ExplainJson;
import dev.freecp.report.explain.ExplainPage;
import dev.freecp.report.explain.Explainer;
import dev.freecp.report.explain.Explanation;
import dev.freecp.segment.SegmentSettings;
import dev.freecp.segment.Segmenter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code freecp explain}: a picture to a page that says why it got its labels. */
@Command(name = "explain", description = "Segments a picture and writes a page that shows why each class is there or is not: one HTML file that needs no network.",
    footer = {"", "The page shows the labels with class and confidence under the pointer; for every word its maps before and after refinement, its scores and "
            + "fate; words that share a region and the closer looks that decided; windows and how far they agree; the affinity of each cell; and what "
            + "the features look like behind each block.", "",
        "Examples:",
        "  freecp explain dog.jpg --model clip-vit-base-patch16 --classes \"grass; sky; dog, puppy\"",
        "  freecp explain street.png --model clip-vit-base-patch16 --preset city_scapes --out why.html --json why.json"})
final class ExplainCommand implements Callable<Integer> {

    private final Console console;
    private final OutputFolder.Opener opener;

    @Parameters(paramLabel = "PICTURE", description = "A JPEG, PNG, GIF, BMP or WebP file.")
    private Path file;

    @Mixin
    private SegmentOptions options;

    @Option(names = "--out", paramLabel = "FILE.html", description = "The page; default the picture's name with the ending .html, in the folder one is in.")
    private Path out;

    @Option(names = "--json", paramLabel = "FILE.json", description = "Also write the page's facts for machines.")
    private Path json;

    @Option(names = "--quiet", description = "Nothing on standard error but warnings and errors.")
    private boolean quiet;

    ExplainCommand(Console console, OutputFolder.Opener opener) {
        this.console = console;
        this.opener = opener;
    }

    @Override
    public Integer call() throws IOException {
        Path page = out != null ? out : Path.of(file.getFileName().toString().replaceFirst("\\.[^.]*$", "") + ".html");
        requireEnding("--out", page, ".html");
        if (json != null) requireEnding("--json", json, ".json");
        SegmentSettings settings = options.settings();
        options.model().check(console);
        Words words = options.words().words();
        Picture picture = Pictures.read(file);
        Path pageFile = page.toAbsolutePath(), factsFile = json == null ? null : json.toAbsolutePath();

        try (OutputFolder folder = OutputFolder.open(pageFile.getParent(), opener); Segmenter segmenter = options.model().open()) {
            if (!quiet) {
                console.note("freecp " + Version.number() + ": " + file + " to " + page);
                StartMessage.lines(segmenter, options.model().describe(segmenter), settings, options.words().mode(), words).forEach(console::note);
            }
            RunFacts facts = new RunFacts(Version.number(), segmenter.clip(), segmenter.device(), Converters.text(options.words().mode()), settings, words.report());
            Explanation explanation = Explainer.explain(segmenter, facts, picture, words.features(segmenter, console, quiet));
            Map<String, OutputFolder.Content> files = new LinkedHashMap<>();
            Map<String, String> names = new LinkedHashMap<>();
            names.put("page", page.toString());
            if (json != null) names.put("report", json.toString());
            files.put(pageFile.toString(), stream -> ExplainPage.write(stream, explanation));
            if (json != null) files.put(factsFile.toString(), stream -> stream.write(RunJson.STYLE.asBytes(ExplainJson.of(explanation, names))));
            folder.write(files);
            console.result(page + ": " + Summary.of(explanation.result()));
        }
        return 0;
    }

    private static void requireEnding(String option, Path path, String ending) {
        if (!path.toString().endsWith(ending)) throw new UsageException(option + " writes to a file that ends in " + ending + ", not to " + path);
    }
}
