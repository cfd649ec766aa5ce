package dev.freecp.cli;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.freecp.error.InputException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One JSON document for a whole run, {@code {"pictures": [...], "failures": [...]}}. Pictures are written as they come, so that a long run takes no
 * memory; a file takes its name only when it is complete.
 */
final class RunJson implements AutoCloseable {

    /** How all of the program's JSON looks. */
    static final JSON STYLE = JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT, JSON.Feature.WRITE_NULL_PROPERTIES);

    private static final String STANDARD_OUTPUT = "-";

    private final OutputFolder folder;
    private final String name;
    private final OutputStream out;
    private final List<Map<String, Object>> failures = new ArrayList<>();
    private boolean empty = true;

    private RunJson(OutputFolder folder, String name, OutputStream out) {
        this.folder = folder;
        this.name = name;
        this.out = out;
    }

    /**
     * Begins a document.
     *
     * @param target {@code -} for standard output, or a file
     * @throws InputException if the file cannot be written
     */
    static RunJson open(String target, Console console, OutputFolder.Opener opener) {
        if (target.equals(STANDARD_OUTPUT)) return new RunJson(null, "standard output", console.machineOutput());
        Path file = Path.of(target).toAbsolutePath();
        String name = file.getFileName().toString();
        OutputFolder folder = OutputFolder.open(file.getParent(), opener);
        try {
            return new RunJson(folder, name, folder.stage(name));
        } catch (IOException e) {
            folder.close();
            throw folder.cannotWrite(name, e);
        }
    }

    void add(Map<String, Object> picture) {
        write((empty ? "{\"pictures\": [\n" : ",\n") + json(picture));
        empty = false;
    }

    void addFailure(String file, String message) {
        Map<String, Object> failure = new LinkedHashMap<>();
        failure.put("file", file);
        failure.put("error", message);
        failures.add(failure);
    }

    /** Ends the document; without this, a file does not come to be. */
    void finish() {
        write((empty ? "{\"pictures\": [" : "\n") + "], \"failures\": " + json(failures) + "}\n");
        try {
            out.close();
            if (folder != null) folder.publish();
        } catch (IOException e) {
            throw refusal(e);
        }
    }

    private void write(String text) {
        try {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw refusal(e);
        }
    }

    private InputException refusal(IOException e) {
        return folder == null ? new InputException(name + ": cannot be written (" + e.getMessage() + ")", e) : folder.cannotWrite(name, e);
    }

    private static String json(Object value) {
        try {
            return STYLE.asString(value);
        } catch (IOException e) {
            throw new IllegalStateException("maps of plain values always become JSON", e);
        }
    }

    @Override
    public void close() {
        if (folder != null) folder.close();
    }
}
