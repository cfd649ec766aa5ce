package dev.freecp.cli;

import dev.freecp.error.InputException;
import dev.freecp.report.export.ExportFormat;
import dev.freecp.report.export.ExportPicture;
import dev.freecp.report.export.PictureFormat;
import dev.freecp.report.export.RunFormat;
import dev.freecp.segment.Vocabulary;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What exports leave behind once for all pictures. Documents are written as pictures come; all of it takes its names together, when the run is
 * done.
 */
final class RunExports implements AutoCloseable {

    /** A document under its hidden name. */
    private record Part(String name, OutputStream out, RunFormat.Document document) {
    }

    private final OutputFolder folder;
    private final Map<String, ExportFormat.Content> shared;
    private final List<Part> parts = new ArrayList<>();

    private RunExports(OutputFolder folder, Map<String, ExportFormat.Content> shared) {
        this.folder = folder;
        this.shared = shared;
    }

    /** Names of the files that {@link #finish} gives. */
    static Set<String> fileNames(List<ExportFormat> formats, Vocabulary vocabulary) {
        Set<String> names = new HashSet<>(shared(formats, vocabulary).keySet());
        for (ExportFormat format : formats) if (format instanceof RunFormat run) names.add(run.fileName());
        return names;
    }

    private static Map<String, ExportFormat.Content> shared(List<ExportFormat> formats, Vocabulary vocabulary) {
        Map<String, ExportFormat.Content> shared = new LinkedHashMap<>();
        for (ExportFormat format : formats) if (format instanceof PictureFormat picture) shared.putAll(picture.shared(vocabulary));
        return shared;
    }

    /** @throws InputException if the folder cannot be written */
    static RunExports open(Path out, OutputFolder.Opener opener, List<ExportFormat> formats, Vocabulary vocabulary) {
        RunExports exports = new RunExports(OutputFolder.open(out, opener), shared(formats, vocabulary));
        for (ExportFormat format : formats) if (format instanceof RunFormat run) exports.begin(run, vocabulary);
        return exports;
    }

    private void begin(RunFormat format, Vocabulary vocabulary) {
        try {
            OutputStream out = folder.stage(format.fileName());
            parts.add(new Part(format.fileName(), out, format.begin(out, vocabulary)));
        } catch (IOException e) {
            close();
            throw folder.cannotWrite(format.fileName(), e);
        }
    }

    /** @throws InputException if a document cannot be written */
    void add(ExportPicture picture) {
        for (Part part : parts) {
            try {
                part.document.add(picture);
            } catch (IOException e) {
                throw folder.cannotWrite(part.name, e);
            }
        }
    }

    /** Ends the documents; without this, none comes to be. */
    void finish() {
        String current = "";
        try {
            for (Part part : parts) {
                current = part.name;
                part.document.end();
                part.out.close();
            }
        } catch (IOException e) {
            throw folder.cannotWrite(current, e);
        }
        Map<String, OutputFolder.Content> files = new LinkedHashMap<>();
        shared.forEach((name, content) -> files.put(name, content::writeTo));
        folder.write(files);
    }

    @Override
    public void close() {
        for (Part part : parts) {
            try {
                part.out.close();
            } catch (IOException e) {
                System.getLogger(RunExports.class.getName()).log(System.Logger.Level.DEBUG, part.name + " is given up", e);
            }
        }
        folder.close();
    }
}
