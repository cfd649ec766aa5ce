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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bench/gpu/run-all.sh check}, which nobody watches where it matters. */
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
        Path home = Files.createDirectories(folder.resolve("home"));
        String command = Machine.freecpCommand().stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
        Files.setPosixFilePermissions(Files.writeString(home.resolve("freecp"), "#!/bin/sh\nexec " + command + " \"$@\"\n"), PosixFilePermissions.fromString("rwx------"));
        Path units = Files.createDirectories(folder.resolve("data/golden/units"));
        Files.copy(Golden.path("golden/units/keep_ratio.json"), units.resolve("keep_ratio.json"));
        machine = new Machine(folder.resolve("machine")).with("FREECP_HOME", home).with("FREECP_TESTDATA", folder.resolve("data")).with("OUT", out);
    }

    private Said check() throws IOException, InterruptedException {
        return machine.run(List.of(SCRIPT.toString(), "check"));
    }

    private List<String> table() throws IOException {
        return Files.readAllLines(out.resolve("table.txt"));
    }

    @Test
    void withoutGpuItSaysSoAndStops() throws IOException, InterruptedException {
        Said said = check();
        assertEquals(4, said.code(), said.toString());
        assertTrue(said.out().contains("no GPU that works: nothing else was run"), said.toString());
        assertTrue(Files.readString(out.resolve("doctor.txt")).contains("  GPU      none: "));
        assertEquals(1, table().size(), table().toString());
    }

    @Test
    void onAGpuEveryStageRunsAndLeavesItsResults() throws IOException, InterruptedException {
        machine.withDriver().withCublas12();
        Said said = check();
        assertEquals(0, said.code(), said.toString());
        assertTrue(said.out().stream().anyMatch(line -> line.equals("  cuBLAS   12 in " + machine.libraries())), said.toString());
        for (String stage : List.of("doctor", "kernels", "kernels-own-gemm", "goldens-fp32"))
            assertTrue(table().stream().anyMatch(line -> line.matches(stage + " +passed +\\d+ s")), stage + ": " + table());
        for (String precision : List.of("fp32", "tf32", "bf16", "fp16"))
            assertTrue(Files.readString(out.resolve("kernels.txt")).matches("(?s).* cases in " + precision + ", [^\\n]*: all within their limits\\n.*"), precision);
        assertTrue(Files.readString(out.resolve("kernels-own-gemm.txt")).contains("own matrix products, fp16; it works"));
        assertTrue(Files.readString(out.resolve("goldens-fp32.json")).contains("\"pass\" : true"));
    }

    @Test
    void whatFailsIsInTheTableAndInTheExitCode() throws IOException, InterruptedException {
        Path launcher = folder.resolve("home/freecp");
        Files.writeString(launcher, "#!/bin/sh\n[ \"$1\" != parity ] || { echo 'stage labels differs'; exit 1; }\n");
        Said said = check();
        assertEquals(1, said.code(), said.toString());
        assertTrue(table().stream().anyMatch(line -> line.matches("goldens-fp32 +FAILED, exit code 1 +\\d+ s")), table().toString());
        assertTrue(said.out().contains("stage labels differs"), said.toString());
        assertFalse(table().stream().anyMatch(line -> line.matches("kernels .*FAILED.*")), table().toString());
    }

    @Test
    void goldensThatAreNotThereAreNotPassed() throws IOException, InterruptedException {
        Files.writeString(folder.resolve("home/freecp"), "#!/bin/sh\n");
        machine.with("FREECP_TESTDATA", folder.resolve("nowhere"));
        assertEquals(1, check().code());
        assertTrue(table().stream().anyMatch(line -> line.startsWith("goldens-fp32 ") && line.contains("NOT RUN: no test-data")), table().toString());
    }

    @Test
    void refusesOtherWords() throws IOException, InterruptedException {
        assertEquals(2, machine.run(List.of(SCRIPT.toString(), "everything")).code());
        assertEquals(2, machine.run(List.of(SCRIPT.toString())).code());
    }
}
