package dev.freecp.cli;

import dev.freecp.image.GreyPng;
import dev.freecp.image.LabelPng;
import dev.freecp.image.Picture;
import dev.freecp.image.PicturePng;
import dev.freecp.report.Overlay;
import dev.freecp.report.PictureReport;
import dev.freecp.report.RunFacts;
import dev.freecp.segment.Segmentation;
import dev.freecp.segment.Vocabulary;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The files that a picture's results become. */
final class PictureResults {

    private static final int CONFIDENCE_BITS = 16;

    private final OutputFolder folder;
    private final RunFacts run;
    private final boolean confidence;

    PictureResults(OutputFolder folder, RunFacts run, boolean confidence) {
        this.folder = folder;
        this.run = run;
        this.confidence = confidence;
    }

    /** Kind to file name; the report comes last, so a picture that has one has everything. */
    static Map<String, String> fileNames(String name, boolean confidence) {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("labels", name + ".labels.png");
        files.put("overlay", name + ".overlay.png");
        if (confidence) files.put("confidence", name + ".confidence.png");
        files.put("report", name + ".json");
        return files;
    }

    /**
     * Writes all files of a picture.
     *
     * @param name what they are called, without endings
     * @return the report, as it stands in the file
     * @throws dev.freecp.error.InputException if they cannot be written; then none is left
     */
    Map<String, Object> write(String name, Path file, Picture picture, Segmentation result) {
        Vocabulary vocabulary = result.vocabulary();
        Map<String, String> names = fileNames(name, confidence);
        Map<String, Object> report = PictureReport.of(run, file.toString(), picture, result, names);
        Map<String, OutputFolder.Content> files = new LinkedHashMap<>();
        names.forEach((kind, fileName) -> files.put(fileName, switch (kind) {
            case "labels" -> out -> LabelPng.write(out, result.labels(), vocabulary.labelNames().size());
            case "overlay" -> out -> PicturePng.write(out, new Overlay(vocabulary.labelNames(), vocabulary.hasBackground() ? 0 : -1).draw(picture, result.labels()));
            case "confidence" -> out -> GreyPng.write(out, result.confidence(), picture.height(), picture.width(), CONFIDENCE_BITS);
            default -> out -> out.write(RunJson.STYLE.asBytes(report));
        }));
        folder.write(files);
        return report;
    }
}
