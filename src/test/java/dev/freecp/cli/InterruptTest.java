package dev.freecp.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.jr.ob.JSON;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import me.tongfei.progressbar.ProgressBar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A process that is told to end in the middle of its work. */
class InterruptTest {

    private static final int TERMINATED = 128 + 15;

    @TempDir
    private Path out;

    /** Where the classes lie, however the tests were started. */
    private static String classPath() {
        return Stream.of(Main.class, CommandLine.class, JSON.class, JsonFactory.class, ProgressBar.class)
            .map(type -> Path.of(URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString())).toString())
            .distinct().collect(Collectors.joining(File.pathSeparator));
    }

    @Test
    void finishedPicturesStayWholeAndNothingElseStays() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED", "-cp", classPath(), Main.class.getName()));
        Stream.of(Run.shapes(out, "--quiet", Run.scene(1).getParent())).map(Object::toString).forEach(command::add);
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
            .flatMap(name -> Stream.of(name + ".json", name + ".labels.png", name + ".overlay.png")).toList();
        assertEquals(whole, left);
    }
}
