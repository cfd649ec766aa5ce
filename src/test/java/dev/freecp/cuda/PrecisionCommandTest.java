package dev.freecp.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.freecp.Golden;
import dev.freecp.cli.Main;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code freecp precision} on one scene. */
class PrecisionCommandTest {

    private static final Path SHAPES = Golden.path("shapes");

    /** Exit code, standard output and standard error. */
    private record Said(int code, String out, String err) {
    }

    private static Said run(String... more) {
        List<String> arguments = new ArrayList<>(List.of("precision", "--root", SHAPES.resolve("dataset").toString(), "--classes", SHAPES.resolve("classes_single.txt").toString(),
            "--model", SHAPES.resolve("model").toString(), "--resize", "2048,112", "--crop", "112", "--stride", "56", "--templates", "a photo of a {}.", "--cache", "off", "--limit", "1"));
        arguments.addAll(List.of(more));
        ByteArrayOutputStream out = new ByteArrayOutputStream(), err = new ByteArrayOutputStream();
        int code = Main.run(arguments.toArray(String[]::new), new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Said(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @Test
    @SuppressWarnings("unchecked")
    void everyPrecisionIsComparedWithFloat32() throws IOException {
        Gpu.assumeAvailable();
        Said said = Gpu.isReal() ? run("--json", "--quiet") : run("--json", "--quiet", "--cuda-libs", Emulator.folder("plain").toString());
        assertEquals(0, said.code, said.toString());
        List<Map<String, Object>> rows = (List<Map<String, Object>>) JSON.std.mapFrom(said.out).get("precisions");
        assertEquals(List.of("fp32", "tf32", "bf16", "fp16"), rows.stream().map(row -> row.get("precision")).toList());
        double[] largest = rows.stream().mapToDouble(row -> ((Map<String, Number>) row.get("features")).get("largest").doubleValue()).toArray();
        assertEquals(0, largest[0]);
        assertTrue(largest[3] > 1e-6 && largest[3] < 0.02, "fp16 features are off by " + largest[3]);
        assertTrue(largest[2] > largest[3], "bf16 has fewer bits than fp16, and its features are off by " + largest[2] + " against " + largest[3]);
        for (Map<String, Object> row : rows) assertTrue(((Number) row.get("other_labels")).doubleValue() < 0.02, row.toString());
    }

    @Test
    void onePrecisionOrACpuCannotBeCompared() {
        assertEquals(2, run("--precision", "fp16").code);
        Said said = run("--device", "cpu");
        assertEquals(2, said.code);
        assertTrue(said.err.contains("name a GPU"), said.err);
    }
}
