package dev.freecp.cli;

import dev.freecp.error.InputException;
import dev.freecp.error.UsageException;
import dev.freecp.image.LabelMap;
import dev.freecp.image.LabelPng;
import dev.freecp.image.Palette;
import dev.freecp.image.Picture;
import dev.freecp.image.PicturePng;
import dev.freecp.report.Overlay;
import dev.freecp.report.video.FrameWriter;
import dev.freecp.report.video.LabelSmoothing;
import dev.freecp.segment.SegmentSettings;
import dev.freecp.segment.Segmentation;
import dev.freecp.segment.Segmenter;
import dev.freecp.segment.Vocabulary;
import dev.freecp.segment.WordFeatures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code freecp video}: frames to frames of labels, with the same words and settings for all. */
@Command(name = "video", description = "Finds a label for every pixel of each frame of a video: from pictures or a stream, to pictures or a stream.",
    footer = {"", "Frames come as pictures, or on standard input (-) as Y4M or PPM. A folder gets NAME.labels.png and "
            + "NAME.overlay.png for each; with --out - frames go to standard output, and nothing else does. A frame that cannot be read ends the run (exit code 3); those before it are whole.", "",
        "Examples:",
        "  freecp video frames/ --model clip-vit-base-patch16 --classes \"road; car; sky\" --out labels",
        "  freecp video frames/ --model clip-vit-base-patch16 --classes \"road; car; sky\" --out - | ffmpeg -i - out.mp4",
        "  ffmpeg -i in.mp4 -f yuv4mpegpipe -pix_fmt yuv420p - \\",
        "    | freecp video - --model clip-vit-base-patch16 --classes \"road; car; sky\" --smooth 0.8 --out - \\",
        "    | ffmpeg -i - out.mp4"})
final class VideoCommand implements Callable<Integer> {

    private static final String STREAM = "-";
    private static final Set<String> ENDINGS = Set.of(".labels.png", ".overlay.png");

    private final Console console;
    private final OutputFolder.Opener opener;

    @Parameters(paramLabel = "FRAMES", arity = "1..*",
        description = "A folder of pictures, whose frames are taken in order of their names; pictures; patterns; or - for standard input.")
    private List<String> input;

    @Mixin
    private SegmentOptions options;

    @Mixin
    private VideoOptions video;

    @Option(names = "--out", paramLabel = "DIR|-", defaultValue = "out",
        description = "Folder for results, made if need be, or - for standard output; default ${DEFAULT-VALUE}.")
    private String out;

    @Option(names = "--quiet", description = "Nothing on standard error but warnings and errors.")
    private boolean quiet;

    VideoCommand(Console console, OutputFolder.Opener opener) {
        this.console = console;
        this.opener = opener;
    }

    @Override
    public Integer call() throws IOException {
        boolean toStream = out.equals(STREAM), fromStream = input.contains(STREAM);
        video.check(toStream);
        if (fromStream && input.size() > 1) throw new UsageException("frames come from standard input or from files, not both");
        SegmentSettings settings = options.settings();
        options.model().check(console);
        Words words = options.words().words();
        Frames frames = fromStream ? Frames.of(console, video) : Frames.of(files(toStream), video);

        try (OutputFolder folder = toStream ? null : OutputFolder.open(Path.of(out), opener); Segmenter segmenter = options.model().open()) {
            String device = options.model().describe(segmenter);
            if (!quiet) {
                console.note("freecp " + Version.number() + ": frames from " + (fromStream ? "standard input" : input.getFirst())
                    + " to " + (toStream ? "standard output" : out));
                StartMessage.lines(segmenter, device, settings, options.words().mode(), words).forEach(console::note);
            }
            WordFeatures features = words.features(segmenter, console, quiet);
            run(frames, folder, picture -> segmenter.segment(picture, features, settings));
        }
        return 0;
    }

    private Map<Path, String> files(boolean toStream) {
        Map<Path, String> names = Inputs.names(Inputs.expand(input));
        if (!toStream) new ResultNames(names, ENDINGS, Set.of()).check(Path.of(out));
        return names;
    }

    /** Labels of one frame on its own. */
    private interface Labeller {
        Segmentation label(Picture frame);
    }

    private void run(Frames frames, OutputFolder folder, Labeller labeller) {
        LabelSmoothing smoothing = video.smoothing();
        FrameWriter writer = null;
        int count = 0;
        long start = System.nanoTime();
        for (Frames.Frame frame = frames.next(); frame != null; frame = frames.next()) {
            Segmentation result = labeller.label(frame.picture());
            LabelMap labels = smoothing == null ? result.labels() : smoothing.next(result.labels(), result.confidence());
            if (folder != null) {
                write(folder, frame, labels, result.vocabulary());
            } else {
                if (writer == null) writer = writer(frames, frame.picture());
                write(writer, frame.picture(), labels, result.vocabulary());
            }
            count++;
            if (!quiet && console.isTerminal()) console.bar(rate(count, start));
        }
        if (!quiet) console.note(rate(count, start));
    }

    private static String rate(int count, long start) {
        double seconds = (System.nanoTime() - start) * 1e-9;
        return String.format(Locale.ROOT, "%s in %.1f s (%.2f a second)", StartMessage.count(count, "frame", "frames"), seconds, count / seconds);
    }

    private FrameWriter writer(Frames frames, Picture first) {
        return video.to(frames.stream()) == VideoOptions.Stream.PPM ? FrameWriter.ppm(console.machineOutput())
            : FrameWriter.y4m(console.machineOutput(), frames.header(first), video.matrix());
    }

    private void write(FrameWriter writer, Picture frame, LabelMap labels, Vocabulary vocabulary) {
        try {
            writer.write(video.show() == VideoOptions.Show.LABELS ? Palette.voc(frame.name(), labels) : overlay(frame, labels, vocabulary));
        } catch (IOException e) {
            throw new InputException("standard output: " + frame.name() + " cannot be written (" + e.getMessage() + ")", e);
        }
    }

    private static void write(OutputFolder folder, Frames.Frame frame, LabelMap labels, Vocabulary vocabulary) {
        Map<String, OutputFolder.Content> files = new LinkedHashMap<>();
        files.put(frame.name() + ".overlay.png", out -> PicturePng.write(out, overlay(frame.picture(), labels, vocabulary)));
        files.put(frame.name() + ".labels.png", out -> LabelPng.write(out, labels, vocabulary.labelNames().size()));
        folder.write(files);
    }

    private static Picture overlay(Picture frame, LabelMap labels, Vocabulary vocabulary) {
        return new Overlay(vocabulary.labelNames(), vocabulary.hasBackground() ? 0 : -1).drawFrame(frame, labels);
    }
}
