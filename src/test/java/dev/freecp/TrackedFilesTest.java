package dev.freecp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is committed must mean the same on every machine. */
class TrackedFilesTest {

    /** Folders that exist only where somebody happened to work. A longer path or an address that merely ends so is none. */
    private static final Pattern MACHINE_PATH = Pattern.compile("(^|[^A-Za-z0-9._-])/(work|farm|root)/", Pattern.MULTILINE);

    @Test
    void noTrackedFileNamesAPathOfOneMachine() throws IOException, InterruptedException {
        List<String> found = new ArrayList<>();
        for (Path file : trackedFiles()) {
            // Latin-1 reads any bytes, and the pattern is ASCII.
            if (MACHINE_PATH.matcher(Files.readString(file, StandardCharsets.ISO_8859_1)).find()) found.add(file.toString());
        }
        assertEquals(List.of(), found);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/work", "see /farm", "\"/root", "a\n/work"})
    void thePatternFindsMachinePaths(String start) {
        assertTrue(MACHINE_PATH.matcher(start + "/x").find());
    }

    @ParameterizedTest
    @ValueSource(strings = {"docs/work/x", "/network/x", "a.b/root/x", "/workspace/x"})
    void thePatternLeavesOtherPathsAlone(String path) {
        assertFalse(MACHINE_PATH.matcher(path).find());
    }

    private static List<Path> trackedFiles() throws IOException, InterruptedException {
        Path root = Path.of(System.getProperty("freecp.root"));
        assumeTrue(Files.exists(root.resolve(".git")), "not a git checkout");
        Process git = new ProcessBuilder("git", "ls-files", "-z").directory(root.toFile()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String names = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, git.waitFor(), "git ls-files");
        return Stream.of(names.split("\0")).map(root::resolve).filter(Files::isRegularFile).toList();
    }
}
