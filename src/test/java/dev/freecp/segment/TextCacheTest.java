package dev.freecp.segment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.clip.Cleaning;
import dev.freecp.ops.Precision;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextCacheTest {

    private static final String KEY = TextCache.key("weights", Precision.FP32, Cleaning.FTFY, List.of("cat", "dog"), List.of(List.of("a cat"), List.of("a dog")));
    private static final float[] MATRIX = {1, -2.5f, Float.MIN_VALUE, 0, 1e30f, -0.0f};

    @TempDir
    Path folder;

    @Test
    void givesBackWhatWasStored() {
        TextCache cache = TextCache.at(folder.resolve("new/folder"));
        assertTrue(cache.load(KEY, 2, 3).isEmpty());
        cache.store(KEY, 2, 3, MATRIX);
        assertArrayEquals(MATRIX, cache.load(KEY, 2, 3).orElseThrow());
        assertArrayEquals(MATRIX, TextCache.at(folder.resolve("new/folder")).load(KEY, 2, 3).orElseThrow());
    }

    @Test
    void keysTellEveryPartApart() {
        Set<String> keys = new HashSet<>();
        keys.add(KEY);
        keys.add(TextCache.key("other", Precision.FP32, Cleaning.FTFY, List.of("cat", "dog"), List.of(List.of("a cat"), List.of("a dog"))));
        keys.add(TextCache.key("weights", Precision.FP16, Cleaning.FTFY, List.of("cat", "dog"), List.of(List.of("a cat"), List.of("a dog"))));
        keys.add(TextCache.key("weights", Precision.FP32, Cleaning.PLAIN, List.of("cat", "dog"), List.of(List.of("a cat"), List.of("a dog"))));
        keys.add(TextCache.key("weights", Precision.FP32, Cleaning.FTFY, List.of("dog", "cat"), List.of(List.of("a cat"), List.of("a dog"))));
        keys.add(TextCache.key("weights", Precision.FP32, Cleaning.FTFY, List.of("cat", "dog"), List.of(List.of("a dog"), List.of("a cat"))));
        keys.add(TextCache.key("weights", Precision.FP32, Cleaning.FTFY, List.of("cat", "dog"), List.of(List.of("a ca", "t"), List.of("a dog"))));
        keys.add(TextCache.key("weights", Precision.FP32, Cleaning.FTFY, List.of("cat", "dog"), List.of(List.of("a cat", "a dog"), List.of())));
        assertEquals(8, keys.size());
    }

    @Test
    void keyStaysTheSameBetweenVersions() {
        assertEquals("26b95137dead5b64bf0adf402d0edeab91c8c58cd62910aaf8dd264af55b6435", KEY);
    }

    @Test
    void otherSizesAreAbsent() {
        TextCache cache = TextCache.at(folder);
        cache.store(KEY, 2, 3, MATRIX);
        assertTrue(cache.load(KEY, 3, 2).isEmpty());
        assertTrue(cache.load(KEY, 2, 2).isEmpty());
    }

    @Test
    void everyFlippedByteMakesTheFileAbsent() throws IOException {
        TextCache cache = TextCache.at(folder);
        cache.store(KEY, 2, 3, MATRIX);
        Path file = onlyFile();
        byte[] whole = Files.readAllBytes(file);
        for (int i = 0; i < whole.length; i++) {
            byte[] broken = whole.clone();
            broken[i] ^= 0x10;
            Files.write(file, broken);
            assertTrue(cache.load(KEY, 2, 3).isEmpty(), "byte " + i);
        }
    }

    @Test
    void truncatedAndForeignFilesAreAbsentAndReplaced() throws IOException {
        TextCache cache = TextCache.at(folder);
        cache.store(KEY, 2, 3, MATRIX);
        Path file = onlyFile();
        byte[] whole = Files.readAllBytes(file);
        for (int length : new int[] {0, 7, 48, whole.length - 1, whole.length + 1}) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertTrue(cache.load(KEY, 2, 3).isEmpty(), "length " + length);
        }
        cache.store(KEY, 2, 3, MATRIX);
        assertArrayEquals(MATRIX, cache.load(KEY, 2, 3).orElseThrow());
    }

    @Test
    void fileOfAnotherKeyIsAbsent() throws IOException {
        TextCache cache = TextCache.at(folder);
        cache.store(KEY, 2, 3, MATRIX);
        String other = TextCache.key("other", Precision.FP32, Cleaning.FTFY, List.of("cat"), List.of(List.of("a cat")));
        Files.copy(onlyFile(), folder.resolve("text-" + other + ".matrix"));
        assertTrue(cache.load(other, 2, 3).isEmpty());
    }

    @Test
    void unwritableFolderIsNoFailure() throws IOException {
        Path notAFolder = Files.writeString(folder.resolve("file"), "x");
        TextCache cache = TextCache.at(notAFolder.resolve("below"));
        cache.store(KEY, 2, 3, MATRIX);
        assertTrue(cache.load(KEY, 2, 3).isEmpty());
        assertEquals("x", Files.readString(notAFolder));
    }

    @Test
    void leavesNoPartialFiles() throws IOException {
        TextCache.at(folder).store(KEY, 2, 3, MATRIX);
        assertTrue(onlyFile().toString().endsWith(KEY + ".matrix"));
    }

    @Test
    void clearDeletesOnlyItsOwnFiles() throws IOException {
        TextCache cache = TextCache.at(folder);
        Files.writeString(folder.resolve("text-notes.matrix"), "mine");
        Files.writeString(folder.resolve("text-123.partial"), "left over by a crash");
        cache.store(KEY, 2, 3, MATRIX);
        assertEquals(8 + 32 + 8 + 24 + 4 + 20, cache.size());
        assertEquals(2, cache.clear());
        assertEquals(0, cache.size());
        assertEquals("mine", Files.readString(onlyFile()));
    }

    @Test
    void offAndMissingFoldersHoldNothing() {
        for (TextCache cache : List.of(TextCache.off(), TextCache.at(folder.resolve("missing")))) {
            assertTrue(cache.load(KEY, 2, 3).isEmpty());
            assertEquals(0, cache.size());
            assertEquals(0, cache.clear());
        }
        TextCache.off().store(KEY, 2, 3, MATRIX);
        assertTrue(TextCache.off().load(KEY, 2, 3).isEmpty());
    }

    @Test
    void defaultFolderFollowsXdg() {
        assertEquals(Path.of("/var/c/freecp"), TextCache.defaultFolder(Map.of("XDG_CACHE_HOME", "/var/c"), "/home/me"));
        assertEquals(Path.of("/home/me/.cache/freecp"), TextCache.defaultFolder(Map.of(), "/home/me"));
        assertEquals(Path.of("/home/me/.cache/freecp"), TextCache.defaultFolder(Map.of("XDG_CACHE_HOME", "relative"), "/home/me"));
    }

    @Test
    void refusesMatricesOfAnotherSize() {
        assertThrows(IllegalArgumentException.class, () -> TextCache.at(folder).store(KEY, 2, 2, MATRIX));
    }

    private Path onlyFile() throws IOException {
        try (var files = Files.list(folder)) {
            List<Path> all = files.toList();
            assertEquals(1, all.size(), all::toString);
            return all.getFirst();
        }
    }
}
