package dev.freecp.report.export;

import dev.freecp.error.UsageException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** All formats there are. */
public final class ExportFormats {

    private static final List<ExportFormat> ALL = List.of(new LabelPngFormat(), new ClassPngFormat(), new CocoFormat(), new YoloFormat(),
        new GeoJsonFormat(), new LabelMeFormat(), new NpyFormat());

    private ExportFormats() {
    }

    public static List<ExportFormat> all() {
        return ALL;
    }

    /** @throws UsageException if there is none of this name */
    public static ExportFormat of(String name) {
        return ALL.stream().filter(format -> format.name().equals(name.strip())).findFirst()
            .orElseThrow(() -> new UsageException("there is no export '" + name.strip() + "'; choose from " + names()));
    }

    /**
     * Formats from a list such as {@code coco,yolo}; what comes twice is taken once.
     *
     * @throws UsageException if one of them is none
     */
    public static List<ExportFormat> parse(String names) {
        return Arrays.stream(names.split(",", -1)).map(ExportFormats::of).distinct().toList();
    }

    /** The names of all, separated by commas. */
    public static String names() {
        return ALL.stream().map(ExportFormat::name).collect(Collectors.joining(", "));
    }
}
