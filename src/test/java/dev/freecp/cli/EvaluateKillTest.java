package dev.freecp.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An evaluation that is killed without warning, three times, and goes on each time. */
class EvaluateKillTest {

    private static final int PICTURES = 8;

    @TempDir
    private Path folder;

    @Test
    void killedAndResumedARunGivesTheSameMatrix() throws IOException, InterruptedException {
        Path out = Files.createDirectory(folder.resolve("out")), journal = out.resolve("journal.jsonl");
        long done = 0;
        for (int kill = 1; kill <= 3; kill++) {
            killAfterAnotherPicture(out, journal, done);
            done = pictures(journal);
        }
        assertTrue(done >= 3 && done < PICTURES, done + " pictures were done when the run was killed");
        Run resumed = Run.of(EvaluateCommandTest.evaluate(PICTURES, "--out", out));
        assertEquals(0, resumed.code(), resumed.err());
        assertTrue(resumed.err().contains("pictures are done already"), resumed.err());
        Run whole = Run.of(EvaluateCommandTest.evaluate(PICTURES, "--json", folder.resolve("whole.json")));
        assertEquals(0, whole.code(), whole.err());
        for (String key : new String[] {"confusion", "miou", "boundary_miou", "pictures", "data_sha256"})
            assertEquals(EvaluateCommandTest.json(folder.resolve("whole.json")).get(key), EvaluateCommandTest.json(out.resolve("results.json")).get(key), key);
    }

    private void killAfterAnotherPicture(Path out, Path journal, long done) throws IOException, InterruptedException {
        try (WatchService watch = out.getFileSystem().newWatchService()) {
            out.register(watch, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
            Process process = new ProcessBuilder(Run.command(Stream.of(EvaluateCommandTest.evaluate(PICTURES, "--out", out, "--quiet"))))
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
            try {
                while (pictures(journal) <= done) {
                    WatchKey change = watch.poll(2, TimeUnit.MINUTES);
                    assertNotNull(change, "no picture was finished");
                    change.reset();
                }
            } finally {
                process.destroyForcibly();    // kill -9
                assertTrue(process.waitFor(1, TimeUnit.MINUTES));
            }
        }
    }

    /** Whole lines behind the first. */
    private static long pictures(Path journal) throws IOException {
        if (!Files.exists(journal)) return 0;
        return Math.max(0, Files.readString(journal).chars().filter(c -> c == '\n').count() - 1);
    }
}
