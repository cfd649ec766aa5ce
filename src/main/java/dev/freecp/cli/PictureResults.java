package dev.freecp.cli;

import dev.freecp.image.GreyPng;
import dev.freecp.image.LabelPng;
import dev.freecp.image.Picture;
import dev.freecp.image.PicturePng;
import dev.freecp.report.Overlay;
import dev.freecp.report.PictureReport;
import dev.freecp.report.RunFacts;
import dev.freecp.report.export.ExportFormat;
import dev.freecp.report.export.ExportPicture;
import dev.freecp.report.export.ExportSettings;
import dev.freecp.report.export.PictureFormat;
import dev.freecp.segment.Segmentation;
import dev.freecp.segment.Vocabulary;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The files that a picture's results become. */
final class PictureResults {

    private static final int CONFIDENCE_BITS = 16;
    private static final String LABELS = ".labels.png", OVERLAY = ".overlay.png", CONFIDENCE = ".confidence.png", REPORT = ".json";

    /**
     * What is written.
     *
     * @param confidence whether the confidences as a picture
     * @param formats    for other tools, each picture's and the run's
     * @param settings   of these
     */
    record Choice(boolean confidence, List<ExportFormat> formats, ExportSettings settings) {

        List<PictureFormat> pictureFormats() {
            return formats.stream().filter(PictureFormat.class::isInstance).map(PictureFormat.class::cast).toList();
        }

        /** What may follow the name of a picture. */
        Set<String> endings(Vocabulary vocabulary) {
            Set<String> endings = new HashSet<>(List.of(LABELS, OVERLAY, REPORT));
            if (confidence) endings.add(CONFIDENCE);
            pictureFormats().forEach(format -> endings.addAll(format.endings(vocabulary)));
            return endings;
        }
    }

    private final OutputFolder folder;
    private final RunFacts run;
    private final Choice choice;
    private final RunExports exports;

    /** @param exports gets every picture that has been written */
    PictureResults(OutputFolder folder, RunFacts run, Choice choice, RunExports exports) {
        this.folder = folder;
        this.run = run;
        this.choice = choice;
        this.exports = exports;
    }

    /**
     * Writes all files of a picture; the report comes last, so a picture that has one has everything.
     *
     * @param name what they are called, without endings
     * @return the report, as it stands in the file
     * @throws dev.freecp.error.InputException if they cannot be written; then none is left
     */
    Map<String, Object> write(String name, Path file, Picture picture, Segmentation result) {
        Vocabulary vocabulary = result.vocabulary();
        Map<String, Object> names = new LinkedHashMap<>();
        Map<String, OutputFolder.Content> files = new LinkedHashMap<>();
        add(names, files, "labels", name + LABELS, out -> LabelPng.write(out, result.labels(), vocabulary.labelNames().size()));
        add(names, files, "overlay", name + OVERLAY,
            out -> PicturePng.write(out, new Overlay(vocabulary.labelNames(), vocabulary.hasBackground() ? 0 : -1).draw(picture, result.labels())));
        if (choice.confidence) add(names, files, "confidence", name + CONFIDENCE,
            out -> GreyPng.write(out, result.confidence(), picture.height(), picture.width(), CONFIDENCE_BITS));
        ExportPicture export = new ExportPicture(name, folder.wayTo(file), result, choice.settings);
        Map<String, List<String>> exported = new LinkedHashMap<>();
        for (PictureFormat format : choice.pictureFormats()) {
            Map<String, ExportFormat.Content> contents = format.files(export);
            contents.forEach((fileName, content) -> files.putIfAbsent(fileName, content::writeTo));
            exported.put(format.name(), List.copyOf(contents.keySet()));
        }
        if (!exported.isEmpty()) names.put("exports", exported);
        names.put("report", name + REPORT);
        Map<String, Object> report = PictureReport.of(run, file.toString(), picture, result, names);
        files.put(name + REPORT, out -> out.write(RunJson.STYLE.asBytes(report)));
        folder.write(files);
        exports.add(export);
        return report;
    }

    private static void add(Map<String, Object> names, Map<String, OutputFolder.Content> files, String kind, String name, OutputFolder.Content content) {
        names.put(kind, name);
        files.put(name, content);
    }
}
