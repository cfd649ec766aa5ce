package dev.freecp.convert;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.freecp.convert.family.Model;
import dev.freecp.convert.source.Refusal;
import dev.freecp.convert.source.Sources;
import dev.freecp.convert.source.TensorSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code freecp weights inspect}: what is in a weight file of any container; numbers are read only for the hash. */
@Command(name = "inspect", mixinStandardHelpOptions = true, description = "Lists what a weight file holds: tensors, types, shapes, and whose model it is.",
    footer = {"", "Examples:", "  freecp weights inspect model.safetensors", "  freecp weights inspect ViT-B-16.pt --json"})
final class InspectCommand extends WeightsAction {

    private static final int LONGEST_VALUE = 200;

    /** A tensor as the listing shows it; of one that cannot be read only the name and the reason. */
    record Row(String name, String type, List<Integer> shape, long bytes) {

        static Row of(TensorSource source, String name) {
            try {
                return new Row(name, source.type(name).name(), Arrays.stream(source.shape(name).sizes()).boxed().toList(), source.shape(name).count() * source.type(name).bytes());
            } catch (Refusal e) {
                return new Row(name, e.kind().toString(), List.of(), 0);
            }
        }
    }

    @Parameters(paramLabel = "FILE", description = "A weight file, an index of shards, or a folder that holds one.")
    private Path path;

    @Option(names = "--json", description = "Print one JSON object instead of a table.")
    private boolean json;

    @Option(names = "--branch", paramLabel = "NAME", description = "Which of several models in one file.")
    private String branch;

    @Override
    int run() throws IOException {
        try (TensorSource source = Sources.open(path)) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("container", source.container());
            facts.put("sha256", FileDigest.sha256(source.files()));
            facts.put("family", family(source));
            facts.put("globals", source.globals());
            facts.put("extras", extras(source));
            List<Row> rows = source.names().stream().map(name -> Row.of(source, name)).toList();
            if (json) out().println(json(facts, rows));
            else print(out(), facts, rows);
        }
        return 0;
    }

    private String family(TensorSource source) {
        try {
            Model model = Model.find(source, path, branch);
            String sizes = model.visionTower().map(v -> "; vision: " + Report.sizes(v)).orElse("") + model.textTower().map(t -> "; text: " + Report.sizes(t)).orElse("");
            return model.family().title() + (model.prefix().isEmpty() ? "" : " under " + model.prefix()) + sizes;
        } catch (Refusal e) {
            return "none: " + e.reason();
        }
    }

    private static Map<String, String> extras(TensorSource source) {
        Map<String, String> extras = new LinkedHashMap<>();
        source.extras().forEach((name, value) -> {
            String text = String.valueOf(value);
            extras.put(name, text.length() <= LONGEST_VALUE ? text : text.substring(0, LONGEST_VALUE) + "...");
        });
        return extras;
    }

    private static long bytes(List<Row> rows) {
        return rows.stream().mapToLong(Row::bytes).sum();
    }

    private static String json(Map<String, Object> facts, List<Row> rows) throws IOException {
        Map<String, Object> file = new LinkedHashMap<>(facts);
        file.put("tensors", rows);
        file.put("bytes", bytes(rows));
        return JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(file);
    }

    private static void print(PrintWriter out, Map<String, Object> facts, List<Row> rows) {
        facts.forEach((key, value) -> {
            switch (value) {
                case List<?> list -> list.forEach(each -> out.println("# " + key + ": " + printable(String.valueOf(each))));
                case Map<?, ?> map -> map.forEach((name, each) -> out.println("# " + printable(name + " = " + each)));
                default -> out.println("# " + key + ": " + printable(value.toString()));
            }
        });
        String format = "%-" + rows.stream().mapToInt(row -> row.name().length()).max().orElse(1) + "s  %-4s  %-18s %,14d";
        for (Row row : rows) {
            String shape = row.shape().stream().map(String::valueOf).collect(Collectors.joining(" x ", "[", "]"));
            out.println(String.format(Locale.ROOT, format, printable(row.name()), row.type(), shape, row.bytes()));
        }
        out.println(String.format(Locale.ROOT, "%d tensors, %,d bytes", rows.size(), bytes(rows)));
    }
}
