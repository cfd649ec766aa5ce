package dev.freecp.serve;

import dev.freecp.error.UsageException;
import dev.freecp.report.export.ExportFormat;
import dev.freecp.report.export.ExportFormats;
import dev.freecp.report.export.ExportSettings;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The form in which a request wants its result.
 *
 * @param name   one of {@link #NAMES}
 * @param export the exporter of that name, if it is one
 * @param how    what of regions is exported
 */
record Form(String name, Optional<ExportFormat> export, ExportSettings how) {

    static final String LABELS = "labels", OVERLAY = "overlay", CONFIDENCE = "confidence", REPORT = "json", PIXELS = "pixels", EXPLANATION = "explanation";

    /** All there are: files of the command line, labels for a page to draw, the page that explains, and exports. */
    static final List<String> NAMES = Stream.concat(Stream.of(LABELS, OVERLAY, CONFIDENCE, REPORT, PIXELS, EXPLANATION),
        ExportFormats.all().stream().map(ExportFormat::name)).toList();

    /** Takes {@code format}, and for exports {@code rle}, {@code simplify} and {@code min_area}, from a request's parameters. */
    static Form take(Parameters parameters) {
        String name = parameters.take("format").orElse(REPORT);
        if (!NAMES.contains(name)) throw new Refusal(Refusal.BAD_REQUEST, "there is no format '" + name + "'; choose one of " + String.join(", ", NAMES));
        Optional<ExportFormat> export = ExportFormats.all().stream().filter(format -> format.name().equals(name)).findFirst();
        return new Form(name, export, export.isPresent() ? settings(parameters) : ExportSettings.EXACT);
    }

    /** Whether the result is looked into, which takes a run of its own. */
    boolean explains() {
        return name.equals(EXPLANATION);
    }

    private static ExportSettings settings(Parameters parameters) {
        String rle = parameters.take("rle").orElse("false"), simplify = parameters.take("simplify").orElse("0"),
            minArea = parameters.take("min_area").orElse("0");
        if (!rle.matches("true|false")) throw new UsageException("rle is true or false, not " + rle);
        try {
            return new ExportSettings(rle.equals("true"), Double.parseDouble(simplify), Long.parseLong(minArea));
        } catch (NumberFormatException e) {
            throw new UsageException("simplify and min_area are numbers of pixels, not '" + simplify + "' and '" + minArea + "'");
        }
    }
}
