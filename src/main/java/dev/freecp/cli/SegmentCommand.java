package dev.freecp.cli;

import dev.freecp.error.InputException;
import dev.freecp.error.UsageException;
import dev.freecp.image.Picture;
import dev.freecp.image.Pictures;
import dev.freecp.report.RunFacts;
import dev.freecp.segment.PictureStream;
import dev.freecp.segment.SegmentSettings;
import dev.freecp.segment.Segmentation;
import dev.freecp.segment.Segmenter;
import dev.freecp.segment.WordFeatures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code freecp segment}: pictures to labels. */
@Command(name = "segment", description = "Finds a label for every pixel of each picture, and writes labels, an overlay to look at, and a report.",
    footer = {"", "For each picture NAME.* the output folder gets NAME.labels.png (pixel values are labels), NAME.overlay.png and NAME.json, and with "
            + "--confidence NAME.confidence.png. They appear together and whole, or not at all. A picture that cannot be read is reported, and the others go on "
            + "(exit code 3).", "",
        "Examples:",
        "  freecp segment dog.jpg --model clip-vit-base-patch16 --classes \"grass; sky; dog, puppy\"",
        "  freecp segment photos/ --model clip-vit-base-patch16 --preset voc21 --descriptions voc.json --out results",
        "  freecp segment 'street/*.png' --model clip-vit-base-patch16 --preset city_scapes --quiet --json run.json"})
final class SegmentCommand implements Callable<Integer> {

    private static final int SOME_FAILED = new InputException("").exitCode();

    private final Console console;
    private final OutputFolder.Opener opener;

    @Parameters(paramLabel = "PICTURE", arity = "1..*",
        description = "JPEG, PNG, GIF, BMP or WebP files; folders, whose pictures are taken in order; or patterns such as 'street/*.png'.")
    private List<String> pictures;

    @Mixin
    private SegmentOptions options;

    @Option(names = "--out", paramLabel = "DIR", defaultValue = "out", description = "Folder for results, made if need be; default ${DEFAULT-VALUE}.")
    private Path out;

    @Option(names = "--confidence", description = "Also write NAME.confidence.png: the winning score of every pixel as 16-bit grey.")
    private boolean confidence;

    @Option(names = "--batch", paramLabel = "N",
        description = "At most so many pictures go through the device together; default 1 on a CPU, and as many as have 24 windows on a GPU. Labels are the same, "
            + "but for the rounding of a library that multiplies larger matrices in another way.")
    private Integer batch;

    @Option(names = "--json", paramLabel = "FILE.json|-", arity = "0..1", fallbackValue = "-",
        description = "Also write one JSON document for the whole run to a file, or to standard output in place of the lines for people.")
    private String json;

    @Option(names = "--quiet", description = "Nothing on standard error but warnings and errors.")
    private boolean quiet;

    SegmentCommand(Console console, OutputFolder.Opener opener) {
        this.console = console;
        this.opener = opener;
    }

    @Override
    public Integer call() throws IOException {
        if (json != null && !json.equals("-") && !json.endsWith(".json")) throw new UsageException("--json writes to a file that ends in .json, or to -, not to " + json);
        if (batch != null && batch < 1) throw new UsageException("--batch must be at least 1, not " + batch);
        SegmentSettings settings = options.settings();
        options.model().check(console);
        Words words = options.words().words();
        Map<Path, String> names = Inputs.names(Inputs.expand(pictures));
        requireNoInputOverwritten(names);
        requireAnyPicture(names.keySet());

        try (OutputFolder folder = OutputFolder.open(out, opener); RunJson document = json == null ? null : RunJson.open(json, console, opener);
             Segmenter segmenter = options.model().open()) {
            String device = options.model().describe(segmenter);
            if (!quiet) {
                console.note("freecp " + Version.number() + ": " + StartMessage.count(names.size(), "picture", "pictures") + " to " + out);
                StartMessage.lines(segmenter, device, settings, options.words().mode(), words).forEach(console::note);
            }
            WordFeatures features = words.features(segmenter, console, quiet);
            RunFacts facts = new RunFacts(Version.number(), segmenter.clip(), segmenter.device(), Converters.text(options.words().mode()), settings, words.report());
            Job job = new Job(segmenter, features, settings, new PictureResults(folder, facts, confidence), document);
            int failed = segment(job, names);
            if (document != null) document.finish();
            return failed == 0 ? 0 : SOME_FAILED;
        }
    }

    /** What every picture needs; {@code document} may be null. */
    private record Job(Segmenter segmenter, WordFeatures words, SegmentSettings settings, PictureResults results, RunJson document) {
    }

    /**
     * The next pictures are read and labelled while one's results are written.
     *
     * @return how many pictures failed
     */
    private int segment(Job job, Map<Path, String> names) {
        int failed = 0;
        long start = System.nanoTime();
        try (Progress progress = Progress.of(console, quiet, "pictures", names.size()); PictureStream stream = stream(job, names.keySet())) {
            for (Map.Entry<Path, String> picture : names.entrySet()) {
                if (!finish(job, picture.getKey(), picture.getValue(), stream.next())) failed++;
                progress.step(1);
            }
        }
        if (names.size() > 1 && !quiet) {
            double seconds = (System.nanoTime() - start) * 1e-9;
            console.note(String.format(Locale.ROOT, "%d of %d pictures in %.1f s (%.2f a second)", names.size() - failed, names.size(), seconds, (names.size() - failed) / seconds));
        }
        return failed;
    }

    private PictureStream stream(Job job, Set<Path> files) {
        Iterator<Supplier<Picture>> pictures = files.stream().<Supplier<Picture>>map(file -> () -> Pictures.read(file)).iterator();
        return batch == null ? job.segmenter.stream(pictures, job.words, job.settings) : job.segmenter.stream(pictures, job.words, job.settings, batch);
    }

    /** Writes a picture's results. Its own fault is reported and does not stop the others; anything else does. */
    private boolean finish(Job job, Path file, String name, PictureStream.Result result) {
        switch (result) {
            case PictureStream.Unreadable(_, InputException cause) -> {
                console.error(cause.getMessage());
                if (job.document != null) job.document.addFailure(file.toString(), cause.getMessage());
                return false;
            }
            case PictureStream.Labelled(_, Picture picture, Segmentation labelled) -> {
                long start = System.nanoTime();
                Map<String, Object> report = job.results.write(name, file, picture, labelled);
                if (job.document != null) job.document.add(report);
                double seconds = labelled.seconds().values().stream().mapToDouble(Double::doubleValue).sum() + (System.nanoTime() - start) * 1e-9;
                if (!"-".equals(json)) console.result(name + ": " + Summary.of(labelled) + String.format(Locale.ROOT, " (%.1f s)", seconds));
                return true;
            }
        }
    }

    /** A model is not loaded for pictures of which not one is there. */
    private static void requireAnyPicture(Set<Path> pictures) {
        if (pictures.stream().anyMatch(Files::exists)) return;
        String others = pictures.size() > 1 ? "; none of the " + pictures.size() + " pictures is there" : "";
        throw new InputException(pictures.iterator().next() + ": there is no such file" + others);
    }

    /** Results may lie beside pictures, but never take their place. */
    private void requireNoInputOverwritten(Map<Path, String> names) {
        Set<Path> inputs = names.keySet().stream().map(picture -> picture.toAbsolutePath().normalize()).collect(Collectors.toSet());
        names.forEach((picture, name) -> PictureResults.fileNames(name, confidence).values().forEach(file -> {
            if (inputs.contains(out.resolve(file).toAbsolutePath().normalize()))
                throw new UsageException(out.resolve(file) + ": is an input, and the results of " + picture + " would overwrite it; choose another folder with --out");
        }));
    }
}
