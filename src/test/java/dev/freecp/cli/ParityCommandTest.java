package dev.freecp.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.freecp.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code freecp parity} and its exit codes, on a folder with one unit. */
class ParityCommandTest {

    @TempDir
    private Path goldens;

    @BeforeEach
    void copyAUnit() throws IOException {
        Files.createDirectories(goldens.resolve("units"));
        Files.copy(Golden.path("golden/units/keep_ratio.json"), goldens.resolve("units/keep_ratio.json"));
    }

    private void breakOneSize() throws IOException {
        Path file = goldens.resolve("units/keep_ratio.json");
        Files.writeString(file, Files.readString(file).replaceFirst("597", "596"));
    }

    @Test
    void exitsWithZeroIfAllHolds() {
        Run run = Run.of("parity", goldens, "--device", "scalar");
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().endsWith("parity: 1 goldens, 15 checks, all within their limits\n"), run.out());
    }

    @Test
    void exitsWithOneAndNamesTheStageIfOneDiffers() throws IOException {
        breakOneSize();
        Run run = Run.of("parity", goldens);
        assertEquals(1, run.code());
        assertTrue(run.out().contains("units/keep_ratio: the first stage that differs is 375 x 500 to [2048, 448] (by itself)"), run.out());
        assertTrue(run.out().contains("the golden has 596, ours is 597"), run.out());
    }

    @Test
    void writesNothingButJsonToStandardOutput() throws IOException {
        breakOneSize();
        Map<String, Object> json = JSON.std.mapFrom(Run.of("parity", goldens, "--json", "-").out());
        assertEquals(false, json.get("pass"));
        assertEquals(15, ((List<?>) json.get("results")).size());
    }

    @Test
    void writesJsonToAFileBesideTheTable() throws IOException {
        Path file = goldens.resolve("report.json");
        Run run = Run.of("parity", goldens, "--json", file);
        assertTrue(run.out().contains("all within their limits"), run.out());
        assertEquals(true, JSON.std.mapFrom(Files.readString(file)).get("pass"));
    }

    @Test
    void printsEveryComparisonIfVerbose() {
        assertEquals(15, Run.of("parity", goldens, "--verbose").out().lines().filter(line -> line.startsWith("units/keep_ratio")).count());
    }

    @Test
    void refusesWhatIsNoFolderOfGoldensAndOtherPrecisions() {
        assertEquals(3, Run.of("parity", goldens.resolve("units")).code());
        assertEquals(2, Run.of("parity", goldens, "--precision", "fp16").code());
    }
}
