package dev.freecp.cli;

import dev.freecp.error.UsageException;
import dev.freecp.report.export.ExportFormat;
import dev.freecp.report.export.ExportFormats;
import dev.freecp.report.export.ExportSettings;
import java.util.List;
import picocli.CommandLine.Option;

/** Results for other tools. */
final class ExportOptions {

    @Option(names = "--export", paramLabel = "LIST", converter = Converters.Exports.class,
        description = "Also write results for other tools, such as coco,yolo: png, classes, coco, yolo, geojson, labelme, npy (docs/exports.md).")
    private Converters.ExportList export = new Converters.ExportList(List.of());

    @Option(names = "--rle", description = "Masks of COCO as run lengths in place of polygons.")
    private boolean rle;

    @Option(names = "--simplify", paramLabel = "PIXELS",
        description = "Leave out corners of outlines that lie no farther than this from the line in their place; default 0: exact.")
    private Double simplify;

    @Option(names = "--min-area", paramLabel = "PIXELS", description = "Leave out regions with fewer pixels; default 0.")
    private Long minArea;

    List<ExportFormat> formats() {
        return export.formats();
    }

    /** @throws UsageException if they cannot be, or mean nothing to any of the formats */
    ExportSettings settings() {
        ExportSettings settings = new ExportSettings(rle, simplify == null ? 0 : simplify, minArea == null ? 0 : minArea);
        if (rle && formats().stream().noneMatch(format -> format.name().equals("coco")))
            throw new UsageException("--rle is for --export coco, which is not asked for");
        if ((simplify != null || minArea != null) && formats().stream().noneMatch(ExportFormat::hasRegions))
            throw new UsageException("--simplify and --min-area are for exports of regions; add --export with one of "
                + String.join(", ", ExportFormats.all().stream().filter(ExportFormat::hasRegions).map(ExportFormat::name).toList()));
        return settings;
    }
}
