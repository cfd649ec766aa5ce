package dev.freecp.cli;

import dev.freecp.error.UsageException;
import dev.freecp.report.video.ColorMatrix;
import dev.freecp.report.video.LabelSmoothing;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** How frames come and go. */
final class VideoOptions {

    /** What a frame of the output is. */
    enum Show { OVERLAY, LABELS }

    /** The formats of a stream. */
    enum Stream { Y4M, PPM }

    private static final Pattern RATE = Pattern.compile("[1-9]\\d{0,8}(?::[1-9]\\d{0,8})?");
    private static final String USUAL_RATE = "25:1";

    @Option(names = "--show", paramLabel = "WHAT", converter = Converters.ShowName.class,
        description = "With --out -: overlay, the frame under the colours of its labels (default), or labels, their colours as PASCAL VOC has them.")
    private Show show;

    @Option(names = "--to", paramLabel = "STREAM", converter = Converters.StreamName.class,
        description = "With --out -: y4m or ppm; default as the input, y4m for pictures.")
    private Stream to;

    @Option(names = "--rate", paramLabel = "N[:M]",
        description = "With --out - and pictures or PPM as input: frames a second to write into Y4M; default " + USUAL_RATE + ".")
    private String rate;

    @Option(names = "--matrix", paramLabel = "NAME", converter = Converters.MatrixName.class,
        description = "Of Y4M's colours: bt601 or bt709; default auto, which is bt709 for more than 576 lines.")
    private ColorMatrix matrix;

    @Option(names = "--smooth", paramLabel = "A",
        description = "Steadier labels: how much of a pixel's votes stays from frame to frame, from 0 (off) to below 1, such as 0.8 (docs/video.md).")
    private double smooth;

    /** @throws UsageException if they cannot be, or mean nothing with this output */
    void check(boolean toStandardOutput) {
        if (!(smooth >= 0 && smooth < 1)) throw new UsageException("--smooth must be from 0 to below 1, not " + smooth);
        if (rate != null && !RATE.matcher(rate).matches())
            throw new UsageException("--rate must be frames a second such as 25 or 30000:1001, not '" + rate + "'");
        if (!toStandardOutput && (show != null || to != null || rate != null))
            throw new UsageException("--show, --to and --rate are for --out -; a folder gets both labels and overlays");
    }

    Show show() {
        return show == null ? Show.OVERLAY : show;
    }

    /** @param usual unless it was asked for another one */
    Stream to(Stream usual) {
        return to == null ? usual : to;
    }

    String rate() {
        return rate == null ? USUAL_RATE : rate.contains(":") ? rate : rate + ":1";
    }

    boolean hasRate() {
        return rate != null;
    }

    /** Null for auto. */
    ColorMatrix matrix() {
        return matrix;
    }

    /** Null if labels are shown as they come. */
    LabelSmoothing smoothing() {
        return smooth == 0 ? null : new LabelSmoothing(smooth);
    }
}
