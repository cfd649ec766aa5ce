package dev.freecp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java program that README.md shows is compiled and run as it stands there. Its shell commands are run by {@code .ci/readme-commands}. */
class ReadmeTest {

    private static final Path ROOT = Path.of(System.getProperty("freecp.root"));

    @TempDir
    Path folder;

    @Test
    void theExampleOfLibraryUseRuns() throws IOException, InterruptedException {
        Matcher block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(ROOT.resolve("README.md")));
        assertTrue(block.find(), "README.md has no java block");
        Files.writeString(folder.resolve("Example.java"), block.group(1));
        Files.createSymbolicLink(folder.resolve("test-data"), ROOT.resolve("test-data"));
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process run = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED", "-cp", classPath, "Example.java").directory(folder.toFile()).redirectErrorStream(true).start();
        String output = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, run.waitFor(), output);
        assertTrue(Files.size(folder.resolve("labels.png")) > 100, output);
    }
}
