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
import java.io.ByteArrayOutputStream;
import java.io.IOException;
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
     * A picture's files before they are written.
     *
     * @param files  name to content; the report comes last, so a picture that has one has everything
     * @param report as it stands there
     * @param export for documents of the run
     */
    record Encoded(Map<String, byte[]> files, Map<String, Object> report, ExportPicture export) {
    }

    /**
     * Everything but the writing, which may be done for several pictures at once.
     *
     * @param name what the files are called, without endings
     */
    Encoded encode(String name, Path file, Picture picture, Segmentation result) throws IOException {
        Vocabulary vocabulary = result.vocabulary();
        Map<String, Object> names = new LinkedHashMap<>();
        Map<String, byte[]> files = new LinkedHashMap<>();
        names.put("labels", name + LABELS);
        files.put(name + LABELS, bytes(out -> LabelPng.write(out, result.labels(), vocabulary.labelNames().size())));
        names.put("overlay", name + OVERLAY);
        Overlay overlay = new Overlay(vocabulary.labelNames(), vocabulary.hasBackground() ? 0 : -1);
        files.put(name + OVERLAY, bytes(out -> PicturePng.write(out, overlay.draw(picture, result.labels()))));
        if (choice.confidence) {
            names.put("confidence", name + CONFIDENCE);
            files.put(name + CONFIDENCE, bytes(out -> GreyPng.write(out, result.confidence(), picture.height(), picture.width(), CONFIDENCE_BITS)));
        }
        ExportPicture export = new ExportPicture(name, folder.wayTo(file), result, choice.settings);
        Map<String, List<String>> exported = new LinkedHashMap<>();
        for (PictureFormat format : choice.pictureFormats()) exported.put(format.name(), encode(format, export, files));
        if (!exported.isEmpty()) names.put("exports", exported);
        names.put("report", name + REPORT);
        Map<String, Object> report = PictureReport.of(run, file.toString(), picture, result, names);
        files.put(name + REPORT, RunJson.STYLE.asBytes(report));
        return new Encoded(files, report, export);
    }

    /** Adds what is not among a picture's files yet, and gives the names of the format's. */
    private static List<String> encode(PictureFormat format, ExportPicture export, Map<String, byte[]> files) throws IOException {
        Map<String, ExportFormat.Content> contents = format.files(export);
        for (Map.Entry<String, ExportFormat.Content> content : contents.entrySet())
            if (!files.containsKey(content.getKey())) files.put(content.getKey(), bytes(content.getValue()::writeTo));
        return List.copyOf(contents.keySet());
    }

    private static byte[] bytes(OutputFolder.Content content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        content.writeTo(bytes);
        return bytes.toByteArray();
    }

    /** @throws dev.freecp.error.InputException if the files cannot be written; then none is left */
    void write(Encoded picture) {
        Map<String, OutputFolder.Content> files = new LinkedHashMap<>();
        picture.files.forEach((name, content) -> files.put(name, out -> out.write(content)));
        folder.write(files);
        exports.add(picture.export);
    }
}
