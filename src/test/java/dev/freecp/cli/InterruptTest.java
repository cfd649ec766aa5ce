package dev.freecp.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is told to end in the middle of its work. */
class InterruptTest {

    private static final int TERMINATED = 128 + 15;

    @TempDir
    private Path out;

    @Test
    void finishedPicturesStayWholeAndNothingElseStays() throws IOException, InterruptedException {
        List<String> command = Run.command(Stream.of(Run.shapes(out, "--quiet", "--export", "coco,geojson", Run.scene(1).getParent())));
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (BufferedReader lines = process.inputReader()) {
            assertNotNull(lines.readLine(), "no picture was finished");
            process.destroy();    // as Ctrl-C: the JVM ends in order
            assertTrue(process.waitFor(1, TimeUnit.MINUTES), "the process does not end");
        } finally {
            process.destroyForcibly();
        }
        assertEquals(TERMINATED, process.exitValue());
        List<String> left = Run.list(out);
        List<String> whole = left.stream().filter(name -> name.endsWith(".json")).map(name -> name.replace(".json", ""))
            .flatMap(name -> Stream.of(name + ".geojson", name + ".json", name + ".labels.png", name + ".overlay.png")).toList();
        assertEquals(whole, left);
    }
}
