package dev.freecp.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code encode-text} and {@code cache}. */
class TextCommandsTest {

    private static final String WORDS = "circle; water, lake";

    @TempDir
    private Path folder;

    private Run encode() {
        return Run.of("encode-text", "--model", Run.MODEL, "--classes", WORDS, "--templates", "a photo of a {}.", "--cache", folder.resolve("cache"));
    }

    @Test
    void encodesWordsOnce() {
        Run first = encode();
        assertEquals(0, first.code(), first.err());
        List<String> lines = first.out().lines().toList();
        assertTrue(lines.getFirst().matches("3 words, 3 sentences encoded in \\d+\\.\\d s:"), first.out());
        assertTrue(Files.isRegularFile(Path.of(lines.get(1).strip())), first.out());
        assertEquals("3 words, in the cache already:", encode().out().lines().findFirst().orElseThrow());
    }

    @Test
    void sparesTheRunThatFollows() {
        encode();
        Run run = Run.of("segment", Run.scene(1), "--model", Run.MODEL, "--classes", WORDS, "--templates", "a photo of a {}.", "--cache", folder.resolve("cache"), "--out", folder.resolve("out"),
            "--resize", "2048,160", "--crop", "112");
        assertTrue(run.err().contains("features from the cache"), run.err());
    }

    @Test
    void nothingCanBeFilledWithoutACache() {
        Run run = Run.of("encode-text", "--model", Run.MODEL, "--classes", WORDS, "--cache", "off");
        assertEquals(2, run.code());
        assertTrue(run.err().contains("--cache off"), run.err());
    }

    @Test
    void theCacheTellsItsSizeAndIsCleared() throws IOException {
        encode();
        Path cache = folder.resolve("cache"), foreign = Files.writeString(cache.resolve("mine.txt"), "keep");
        String bytes = String.format(Locale.ROOT, "%,d bytes%n", Files.size(cache.resolve(Run.list(cache).getLast())));
        assertEquals(cache + ": " + bytes, Run.of("cache", "size", "--cache", cache).out());
        assertEquals(cache + ": 1 file deleted, " + bytes, Run.of("cache", "clear", "--cache", cache).out());
        assertEquals(List.of(foreign.getFileName().toString()), Run.list(cache));
    }
}
