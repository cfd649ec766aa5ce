package dev.freecp.convert;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.freecp.weights.Pages;
import dev.freecp.convert.source.Sources;
import dev.freecp.convert.source.TensorSource;
import dev.freecp.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code freecp weights diff}: how two weight files differ, name by name. */
@Command(name = "diff", mixinStandardHelpOptions = true, description = "Compares two weight files: names, types, shapes, and the largest and mean difference of the numbers.",
    footer = {"", "Exit code 0 if names, shapes and values are the same, 5 if not.", "", "Examples:", "  freecp weights diff clip-b16/ other/model.safetensors"})
final class DiffCommand extends WeightsAction {

    private static final int DIFFERENT = 5;

    @Parameters(index = "0", paramLabel = "A", description = "A weight file, an index of shards, or a folder that holds one.")
    private Path first;

    @Parameters(index = "1", paramLabel = "B", description = "The other one.")
    private Path second;

    @Option(names = "--json", description = "Print one JSON object instead of lines.")
    private boolean json;

    /** What is not the same, by name. */
    private final List<String> onlyFirst = new ArrayList<>();
    private final List<String> onlySecond = new ArrayList<>();
    private final List<Map<String, Object>> shapes = new ArrayList<>();
    private final List<Map<String, Object>> values = new ArrayList<>();
    private int compared;
    private int identical;
    private double largest;

    @Override
    int run() throws IOException {
        try (TensorSource a = Sources.open(first); TensorSource b = Sources.open(second); Progress progress = Progress.of("compare")) {
            for (String name : b.names()) if (!a.names().contains(name)) onlySecond.add(name);
            progress.start(a.names().stream().mapToLong(name -> a.shape(name).count()).sum());
            for (String name : a.names()) {
                if (b.names().contains(name)) compare(name, a, b);
                else onlyFirst.add(name);
                progress.step(a.shape(name).count());
            }
        }
        boolean same = onlyFirst.isEmpty() && onlySecond.isEmpty() && shapes.isEmpty() && largest == 0;
        if (json) out().println(json(same));
        else print(same);
        return same ? 0 : DIFFERENT;
    }

    private void compare(String name, TensorSource a, TensorSource b) {
        compared++;
        if (!a.shape(name).sameSizes(b.shape(name))) {
            shapes.add(row(name, "a", Arrays.toString(a.shape(name).sizes()), "b", Arrays.toString(b.shape(name).sizes())));
            return;
        }
        Tensor left = a.tensor(name), right = b.tensor(name);
        Difference difference = Difference.of(left, right);
        Pages.release(left);
        Pages.release(right);
        largest = Math.max(largest, difference.largest());
        if (difference.same()) identical++;
        else values.add(row(name, "types", a.type(name) == b.type(name) ? a.type(name).name() : a.type(name) + " and " + b.type(name), "largest", difference.largest(), "mean", difference.mean()));
    }

    private static Map<String, Object> row(String name, Object... pairs) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("name", name);
        for (int i = 0; i < pairs.length; i += 2) row.put((String) pairs[i], pairs[i + 1]);
        return row;
    }

    private String json(boolean same) throws IOException {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("same", same);
        result.put("compared", compared);
        result.put("identical", identical);
        result.put("only_a", onlyFirst);
        result.put("only_b", onlySecond);
        result.put("shapes", shapes);
        result.put("values", values);
        return JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(result);
    }

    private void print(boolean same) {
        onlyFirst.forEach(name -> line("only in A: " + name));
        onlySecond.forEach(name -> line("only in B: " + name));
        shapes.forEach(row -> line(row.get("name") + ": shape " + row.get("a") + " and " + row.get("b")));
        values.forEach(row -> line(row.get("name") + ": " + row.get("types") + ", largest difference " + row.get("largest") + ", mean " + row.get("mean")));
        line(compared + " tensors in both, " + identical + " of them the same bit for bit; " + (same ? "no value differs" : "largest difference " + largest));
    }

    private void line(String text) {
        out().println(printable(text));
    }
}
