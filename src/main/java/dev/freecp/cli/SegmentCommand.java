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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code freecp segment}: pictures to labels. */
@Command(name = "segment", description = "Finds a label for every pixel of each picture, and writes labels, an overlay to look at, and a report.",
    footer = {"", "For each picture NAME.* the output folder gets NAME.labels.png (pixel values are labels), NAME.overlay.png and NAME.json, and with "
            + "--confidence NAME.confidence.png and with --export what other tools read. They appear together and whole, or not at all. A picture that cannot be read is reported, and the others go on "
            + "(exit code 3).", "",
        "Examples:",
        "  freecp segment dog.jpg --model clip-vit-base-patch16 --classes \"grass; sky; dog, puppy\"",
        "  freecp segment photos/ --model clip-vit-base-patch16 --preset voc21 --descriptions voc.json --out results",
        "  freecp segment photos/ --model clip-vit-base-patch16 --preset voc21 --export coco,geojson --simplify 1 --min-area 50",
        "  freecp segment 'street/*.png' --model clip-vit-base-patch16 --preset city_scapes --quiet --json run.json"})
final class SegmentCommand implements Callable<Integer> {

    /** Threads that encode results: the overlay of a picture of 500 x 375 takes about a tenth of a second. */
    private static final int MOST_WRITERS = 8;

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

    @Mixin
    private ExportOptions export;

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
        PictureResults.Choice choice = new PictureResults.Choice(confidence, export.formats(), export.settings());
        Map<Path, String> names = Inputs.names(Inputs.expand(pictures));
        new ResultNames(names, choice.endings(words.vocabulary()), RunExports.fileNames(choice.formats(), words.vocabulary())).check(out);
        requireAnyPicture(names.keySet());

        try (OutputFolder folder = OutputFolder.open(out, opener); RunJson document = json == null ? null : RunJson.open(json, console, opener);
             RunExports exports = RunExports.open(out, opener, choice.formats(), words.vocabulary()); Segmenter segmenter = options.model().open()) {
            String device = options.model().describe(segmenter);
            if (!quiet) {
                console.note("freecp " + Version.number() + ": " + StartMessage.count(names.size(), "picture", "pictures") + " to " + out);
                StartMessage.lines(segmenter, device, settings, options.words().mode(), words).forEach(console::note);
            }
            WordFeatures features = words.features(segmenter, console, quiet);
            RunFacts facts = new RunFacts(Version.number(), segmenter.clip(), segmenter.device(), Converters.text(options.words().mode()), settings, words.report());
            Job job = new Job(segmenter, features, settings, new PictureResults(folder, facts, choice, exports), document, new AtomicInteger());
            int failed = segment(job, names);
            exports.finish();
            if (document != null) document.finish();
            return failed == 0 ? 0 : SOME_FAILED;
        }
    }

    /** What every picture needs, and how many failed; {@code document} may be null. */
    private record Job(Segmenter segmenter, WordFeatures words, SegmentSettings settings, PictureResults results, RunJson document, AtomicInteger failed) {
    }

    /**
     * Pictures are read ahead, labelled, encoded on several threads and written in their order, all of this at once.
     *
     * @return how many pictures failed
     */
    private int segment(Job job, Map<Path, String> names) {
        long start = System.nanoTime();
        int writers = Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, MOST_WRITERS);
        try (Progress progress = Progress.of(console, quiet, "pictures", names.size()); PictureStream stream = stream(job, names.keySet());
             InOrder files = new InOrder(writers)) {
            try {
                for (Map.Entry<Path, String> picture : names.entrySet()) {
                    PictureStream.Result result = stream.next();
                    files.add(() -> {
                        Runnable finish = results(job, picture.getKey(), picture.getValue(), result);
                        return () -> {
                            finish.run();
                            progress.step(1);
                        };
                    });
                }
            } finally {
                files.finish();                 // what was labelled before an error is written, and what goes wrong there came first
            }
        }
        if (names.size() > 1 && !quiet) {
            double seconds = (System.nanoTime() - start) * 1e-9;
            int done = names.size() - job.failed.get();
            console.note(String.format(Locale.ROOT, "%d of %d pictures in %.1f s (%.2f a second)", done, names.size(), seconds, done / seconds));
        }
        return job.failed.get();
    }

    private PictureStream stream(Job job, Set<Path> files) {
        Iterator<Supplier<Picture>> pictures = files.stream().<Supplier<Picture>>map(file -> () -> Pictures.read(file)).iterator();
        return batch == null ? job.segmenter.stream(pictures, job.words, job.settings) : job.segmenter.stream(pictures, job.words, job.settings, batch);
    }

    /** Encodes a picture's results and gives what writes them. Its own fault is told there and does not stop the others; anything else does. */
    private Runnable results(Job job, Path file, String name, PictureStream.Result result) throws IOException {
        return switch (result) {
            case PictureStream.Unreadable(_, InputException cause) -> () -> tell(job, file, cause);
            case PictureStream.Labelled(_, Picture picture, Segmentation labelled) -> {
                long start = System.nanoTime();
                PictureResults.Encoded encoded = job.results.encode(name, file, picture, labelled);
                double seconds = labelled.seconds().values().stream().mapToDouble(Double::doubleValue).sum() + (System.nanoTime() - start) * 1e-9;
                yield () -> write(job, name, labelled, encoded, seconds);
            }
        };
    }

    private void tell(Job job, Path file, InputException cause) {
        job.failed.incrementAndGet();
        console.error(cause.getMessage());
        if (job.document != null) job.document.addFailure(file.toString(), cause.getMessage());
    }

    /** @param before seconds that this picture took up to here */
    private void write(Job job, String name, Segmentation labelled, PictureResults.Encoded encoded, double before) {
        long start = System.nanoTime();
        job.results.write(encoded);
        if (job.document != null) job.document.add(encoded.report());
        double seconds = before + (System.nanoTime() - start) * 1e-9;
        if (!"-".equals(json)) console.result(name + ": " + Summary.of(labelled) + String.format(Locale.ROOT, " (%.1f s)", seconds));
    }

    /** A model is not loaded for pictures of which not one is there. */
    private static void requireAnyPicture(Set<Path> pictures) {
        if (pictures.stream().anyMatch(Files::exists)) return;
        String others = pictures.size() > 1 ? "; none of the " + pictures.size() + " pictures is there" : "";
        throw new InputException(pictures.iterator().next() + ": there is no such file" + others);
    }
}
