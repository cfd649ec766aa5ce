package dev.freecp.bench.report;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What was measured so far. The file is whole at any time, so that a run that is cut off leaves what it had. */
public final class Results {

    private static final JSON STYLE = JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT);

    private static final String SHARE = "share of ", RATIO = "ratio to ";

    private final Path file;
    private final Map<String, Object> machine;
    private final List<Result> results = new ArrayList<>();
    private final List<String> left = new ArrayList<>();

    /** @param machine what the results were measured on */
    public Results(Path file, Map<String, Object> machine) {
        this.file = file;
        this.machine = machine;
    }

    public void add(Result result) {
        results.add(result);
    }

    /** Something that was not measured, and why. */
    public void leaveOut(String what, String reason) {
        left.add(what + ": " + reason);
    }

    List<Result> all() {
        return results;
    }

    List<String> left() {
        return left;
    }

    /** Writes everything so far. */
    public void write() throws IOException {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("schema", 1);
        json.put("program", "freecp");
        json.put("machine", machine);
        json.put("results", results.stream().map(Result::json).toList());
        json.put("left_out", left);
        Path absolute = file.toAbsolutePath(), aside = absolute.resolveSibling(absolute.getFileName() + ".part");
        Files.createDirectories(absolute.getParent());
        Files.writeString(aside, STYLE.asString(json) + "\n");
        Files.move(aside, absolute, StandardCopyOption.REPLACE_EXISTING);
    }

    /** A line for each result. */
    public List<String> table() {
        List<String> lines = new ArrayList<>();
        for (Result r : results)
            lines.add(String.format(Locale.ROOT, "%-22s %-28s %-38s %-5s %10.2f %-11s %s %s", r.group(), r.name(), r.implementation(), r.precision(), r.value(), r.unit(),
                shares(r.extra()), ratios(r.extra())).stripTrailing());
        left.forEach(what -> lines.add("left out: " + what));
        return lines;
    }

    /** {@code 78 % of peak}, of everything among a result's extras that is a share. */
    static String shares(Map<?, ?> extra) {
        return notes(extra, SHARE, 100, "%.0f %% of %s");
    }

    /** {@code 1.10 x torch}, of everything that is a ratio. */
    private static String ratios(Map<?, ?> extra) {
        return notes(extra, RATIO, 1, "%.2f x %s");
    }

    private static String notes(Map<?, ?> extra, String kind, double factor, String form) {
        List<String> notes = new ArrayList<>();
        extra.forEach((key, value) -> {
            if (key instanceof String name && name.startsWith(kind))
                notes.add(String.format(Locale.ROOT, form, factor * ((Number) value).doubleValue(), name.substring(kind.length())));
        });
        return String.join(", ", notes);
    }
}
