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
            lines.add(String.format(Locale.ROOT, "%-22s %-28s %-38s %-5s %10.2f %-11s %s", r.group(), r.name(), r.implementation(), r.precision(), r.value(), r.unit(),
                notes(r.extra())));
        left.forEach(what -> lines.add("left out: " + what));
        return lines;
    }

    /** {@code 78 % of peak, 1.10 x torch}, of everything among a result's extras that is a share or a ratio. */
    static String notes(Map<?, ?> extra) {
        List<String> notes = new ArrayList<>();
        extra.forEach((key, value) -> {
            String name = String.valueOf(key);
            if (name.startsWith(SHARE)) notes.add(String.format(Locale.ROOT, "%.0f %% of %s", 100 * ((Number) value).doubleValue(), name.substring(SHARE.length())));
            if (name.startsWith(RATIO)) notes.add(String.format(Locale.ROOT, "%.2f x %s", ((Number) value).doubleValue(), name.substring(RATIO.length())));
        });
        return String.join(", ", notes);
    }
}
