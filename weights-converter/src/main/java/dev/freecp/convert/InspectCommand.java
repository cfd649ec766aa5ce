package dev.freecp.convert;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.freecp.tensor.DType;
import dev.freecp.weights.SafeTensors;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code freecp weights inspect}: what is in a safetensors file, read from its header alone. */
@Command(name = "inspect", mixinStandardHelpOptions = true, description = "Lists the tensors of a safetensors file: name, type, shape, bytes.",
    footer = {"", "Example:", "  freecp weights inspect model.safetensors"})
final class InspectCommand implements Callable<Integer> {

    /** A tensor as the listing shows it. */
    record Row(String name, DType type, List<Integer> shape, long bytes) {

        static Row of(SafeTensors file, String name) {
            DType type = file.type(name);
            return new Row(name, type, Arrays.stream(file.shape(name).sizes()).boxed().toList(), file.shape(name).count() * type.bytes());
        }
    }

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "A safetensors file.")
    private Path path;

    @Option(names = "--json", description = "Print one JSON object instead of a table.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        try (SafeTensors file = SafeTensors.open(path)) {
            List<Row> rows = file.names().stream().map(name -> Row.of(file, name)).toList();
            PrintWriter out = spec.commandLine().getOut();
            if (json) out.println(json(rows, file.metadata()));
            else printTable(out, rows, file.metadata());
            out.flush();
        }
        return 0;
    }

    private static String json(List<Row> rows, Map<String, String> metadata) throws IOException {
        Map<String, Object> file = new LinkedHashMap<>();
        file.put("metadata", metadata);
        file.put("tensors", rows);
        file.put("bytes", bytes(rows));
        return JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(file);
    }

    private static long bytes(List<Row> rows) {
        return rows.stream().mapToLong(Row::bytes).sum();
    }

    private static void printTable(PrintWriter out, List<Row> rows, Map<String, String> metadata) {
        String format = "%-" + rows.stream().mapToInt(row -> row.name().length()).max().orElse(1) + "s  %-4s  %-18s %,14d";
        metadata.forEach((key, value) -> out.println("# " + key + " = " + value));
        for (Row row : rows) {
            String shape = row.shape().stream().map(String::valueOf).collect(Collectors.joining(" x ", "[", "]"));
            out.println(String.format(Locale.ROOT, format, row.name(), row.type(), shape, row.bytes()));
        }
        out.println(String.format(Locale.ROOT, "%d tensors, %,d bytes", rows.size(), bytes(rows)));
    }
}
