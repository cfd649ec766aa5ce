package dev.freecp.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.freecp.segment.Descriptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code freecp words}: from the question to a file that {@code --descriptions} reads. */
class WordsCommandTest {

    @TempDir
    private Path folder;

    @Test
    void promptNamesTheWords() {
        Run run = Run.of("words", "prompt", "oak; birch, white birch", "--count", "6");
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().contains("exactly 6 sentences") && run.out().contains("- oak") && run.out().contains("- white birch"), run.out());
    }

    @Test
    void promptNeedsWords() {
        assertEquals(2, Run.of("words", "prompt").code());
        assertEquals(2, Run.of("words", "prompt", "oak", "--count", "2").code());
    }

    @Test
    void importMakesAFileThatDescriptionsReads() throws IOException {
        Path python = Files.writeString(folder.resolve("a.py"), "d = {'oak': ['Rugged bark covers the thick trunk of an oak.']}\n");
        Path list = Files.writeString(folder.resolve("b.txt"), "## birch\n- White paper-like bark peels from a birch.\n");
        Path out = folder.resolve("trees.json");
        Run run = Run.of("words", "import", python, list, "--out", out);
        assertEquals(0, run.code(), run.err());
        assertEquals(out + ": 2 words, 2 sentences" + System.lineSeparator(), run.out());
        assertEquals(List.of("White paper-like bark peels from a birch."), Descriptions.read(out).sentences("birch").orElseThrow());
        assertEquals(0, Run.of("words", "check", out, "--classes", "oak; birch", "--count", "1").code());
    }

    @Test
    void importOfBrokenAnswersLeavesNothing() throws IOException {
        Path broken = Files.writeString(folder.resolve("a.txt"), "{'oak': ['No end");
        Path out = folder.resolve("trees.json");
        Run run = Run.of("words", "import", broken, "--out", out);
        assertEquals(3, run.code());
        assertTrue(run.err().contains("a string has no end"), run.err());
        assertFalse(Files.exists(out));
    }

    @Test
    void checkSaysWhatItFindsAndFails() throws IOException {
        Path file = Files.writeString(folder.resolve("d.json"), "{\"oak\": [\"Too short.\"]}");
        Run run = Run.of("words", "check", file, "--classes", "oak; birch", "--count", "1", "--model", Run.MODEL);
        assertEquals(3, run.code());
        assertTrue(run.out().contains("oak 1: LENGTH 2 words") && run.out().contains("birch: COVERAGE"), run.out());
        Run json = Run.of("words", "check", file, "--count", "1", "--json");
        assertEquals(3, json.code());
        assertEquals(1, ((List<?>) JSON.std.mapFrom(json.out()).get("findings")).size());
    }

    @Test
    void theBuiltInSentencesPassForEveryPreset() {
        Run run = Run.of("words", "check", Path.of(System.getProperty("freecp.root"), "src/main/resources/dev/freecp/descriptions/common.json"));
        assertEquals(0, run.code(), run.out());
        assertTrue(run.out().contains("310 words, 4,650 sentences: nothing found"), run.out());
    }
}
