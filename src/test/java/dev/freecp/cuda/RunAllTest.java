package dev.freecp.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.Golden;
import dev.freecp.cuda.Machine.Said;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bench/gpu/run-all.sh}, which nobody watches where it matters. The benchmarks that it starts have tests of their own. */
class RunAllTest {

    private static final Path SCRIPT = Path.of(System.getProperty("freecp.root"), "bench/gpu/run-all.sh");

    @TempDir
    private Path folder;

    private Machine machine;
    private Path out;

    /** A home whose launcher starts the classes under test, and one golden. */
    @BeforeEach
    void install() throws IOException {
        out = folder.resolve("results");
        Files.createDirectories(folder.resolve("home"));
        String command = Machine.freecpCommand().stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
        launcher("exec " + command + " \"$@\"");
        Path units = Files.createDirectories(folder.resolve("data/golden/units"));
        Files.copy(Golden.path("golden/units/keep_ratio.json"), units.resolve("keep_ratio.json"));
        machine = new Machine(folder.resolve("machine")).with("FREECP_HOME", folder.resolve("home")).with("FREECP_TESTDATA", folder.resolve("data")).with("OUT", out).with("PYTHON", "false");
    }

    private Said check() throws IOException, InterruptedException {
        return runAll("check");
    }

    private Said runAll(String... words) throws IOException, InterruptedException {
        return machine.run(Stream.concat(Stream.of(SCRIPT.toString()), Stream.of(words)).toList());
    }

    private String log() throws IOException {
        return Files.readString(out.resolve("log.txt"));
    }

    private void launcher(String script) throws IOException {
        script("home/freecp", script);
    }

    /** A program in the folder of this test. */
    private Path script(String name, String script) throws IOException {
        Path file = folder.resolve(name);
        return Files.setPosixFilePermissions(Files.writeString(file, "#!/bin/sh\n" + script + "\n"), PosixFilePermissions.fromString("rwx------"));
    }

    private void assertInTable(String line) throws IOException {
        assertTrue(table().stream().anyMatch(each -> each.matches(line)), line + ": " + table());
    }

    private List<String> table() throws IOException {
        return Files.readAllLines(out.resolve("table.txt"));
    }

    @Test
    void withoutGpuItSaysSoAndStops() throws IOException, InterruptedException {
        Said said = check();
        assertEquals(4, said.code(), said.toString());
        assertTrue(said.out().contains("no GPU that works: nothing else was run"), said.toString());
        assertTrue(log().contains("  GPU      none: "), log());
        assertEquals(1, table().size(), table().toString());
    }

    @Test
    void onAGpuEveryStageRunsAndLeavesItsResults() throws IOException, InterruptedException {
        machine.withDriver().withCublas12();
        Said said = runAll("check", "--tiny");
        assertEquals(0, said.code(), said.toString());
        assertTrue(said.out().stream().anyMatch(line -> line.equals("  cuBLAS   12 in " + machine.libraries())), said.toString());
        for (String stage : List.of("doctor", "kernels", "kernels-own-gemm", "goldens-fp32"))
            assertInTable(stage + " +passed +\\d+ s");
        for (String precision : List.of("fp32", "tf32", "bf16", "fp16"))
            assertTrue(log().matches("(?s).* cases in " + precision + ", [^\\n]*: all within their limits\\n.*"), precision);
        assertTrue(log().matches("(?s).*own matrix products[^,\\n]*, fp16; it works.*"), log());
        assertTrue(Files.readString(out.resolve("goldens-fp32.json")).contains("\"pass\" : true"));
    }

    @Test
    void whatFailsIsInTheTableAndInTheExitCode() throws IOException, InterruptedException {
        launcher("[ \"$1\" != parity ] || { echo 'stage labels differs'; exit 1; }");
        Said said = check();
        assertEquals(1, said.code(), said.toString());
        assertInTable("goldens-fp32 +FAILED, exit code 1 +\\d+ s");
        assertTrue(said.out().contains("stage labels differs"), said.toString());
        assertFalse(table().stream().anyMatch(line -> line.matches("kernels .*FAILED.*")), table().toString());
    }

    @Test
    void goldensThatAreNotThereAreNotPassed() throws IOException, InterruptedException {
        launcher("");
        machine.with("FREECP_TESTDATA", folder.resolve("nowhere"));
        assertEquals(1, check().code());
        assertInTable("goldens-fp32 +NOT RUN: no test-data.*");
        assertInTable("precision +NOT RUN: no test-data.*");
    }

    @Test
    void precisionsAreComparedOnTheShapes() throws IOException, InterruptedException {
        launcher("echo \"$@\"");
        Path shapes = Files.createDirectories(folder.resolve("data/shapes"));
        assertEquals(0, check().code());
        assertInTable("precision +passed +\\d+ s");
        assertTrue(log().contains("precision --device cuda --root " + shapes.resolve("dataset") + " --classes " + shapes.resolve("classes_single.txt") + " --model " + shapes.resolve("model")), log());
    }

    @Test
    void benchmarksAndPeersEndInOnePage() throws IOException, InterruptedException {
        launcher("echo \"$@\"; while [ $# -gt 1 ]; do [ \"$1\" != --out ] && [ \"$1\" != -o ] || echo '{}' > \"$2\"; shift; done");
        machine.with("PYTHON", script("python", "while [ $# -gt 1 ]; do [ \"$1\" != --out ] || echo '{}' > \"$2\"; shift; done")).with("FREECP_COMMIT", "abc123");
        Said said = runAll("bench", "--minutes", "2", "--tiny");
        assertEquals(0, said.code(), said.toString());
        for (String stage : List.of("doctor", "bench", "torch", "page")) assertInTable(stage + " +passed +\\d+ s");
        assertTrue(log().matches("(?s).*bench gpu --minutes 1\\.[01]\\d* --out \\S*/gpu.json --commit abc123 --tiny\n.*"), log());
        assertTrue(log().contains("bench report " + out.resolve("gpu.json") + " " + out.resolve("torch.json") + " -o " + out.resolve("gpu.html")), log());
        assertFalse(log().contains("parity"), log());
    }

    @Test
    void withoutTorchThePageIsOfOursAlone() throws IOException, InterruptedException {
        launcher("while [ $# -gt 1 ]; do [ \"$1\" != --out ] || echo '{}' > \"$2\"; shift; done");
        assertEquals(0, runAll("bench").code());
        assertInTable("torch +not run: no torch.*");
        assertInTable("page +passed +\\d+ s");
        assertFalse(log().contains("torch.json"), log());
    }

    @Test
    void sanitizerTakesEveryTool() throws IOException, InterruptedException {
        launcher("");
        script("compute-sanitizer", "[ \"$2\" != racecheck ] || exit 9");
        machine.with("PATH", folder + ":" + System.getenv("PATH"));
        assertEquals(1, runAll("sanitize").code());
        for (String tool : List.of("memcheck", "synccheck", "initcheck")) assertInTable("sanitize-" + tool + " +passed +\\d+ s");
        assertInTable("sanitize-racecheck +FAILED, exit code 9 +\\d+ s");
    }

    @Test
    void nothingBeginsWhenTheTimeIsOver() throws IOException, InterruptedException {
        launcher("");
        assertEquals(1, runAll("all", "--minutes", "0").code());
        for (String stage : List.of("doctor", "kernels", "goldens-fp32", "bench")) assertInTable(stage + " +CUT OFF, no time left +\\d+ s");
    }

    /** A kernel that never ends must not take the others' time. Twelve seconds are enough to see it. */
    @Test
    void aStageThatHangsLeavesTimeForTheOthers() throws IOException, InterruptedException {
        launcher("[ \"${4:-}\" != --thorough ] || exec sleep 600");
        Path hasty = script("hasty", Files.readString(SCRIPT).replace("60 * minutes", "12 * minutes"));
        assertEquals(1, machine.run(List.of(hasty.toString(), "check", "--minutes", "1")).code());
        for (String stage : List.of("kernels", "kernels-own-gemm")) assertInTable(stage + " +CUT OFF, [1-5] s are over +\\d+ s");
        assertInTable("goldens-fp32 +passed +\\d+ s");
    }

    @Test
    void refusesOtherWords() throws IOException, InterruptedException {
        for (List<String> words : List.of(List.of("everything"), List.<String>of(), List.of("check", "--minutes"), List.of("check", "--minutes", "soon"), List.of("check", "bench")))
            assertEquals(2, runAll(words.toArray(String[]::new)).code(), words.toString());
    }
}
