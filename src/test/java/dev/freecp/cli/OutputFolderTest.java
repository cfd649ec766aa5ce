package dev.freecp.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.freecp.error.InputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFolderTest {

    @TempDir
    private Path temporary;

    private static OutputFolder.Content text(String text) {
        return out -> out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, OutputFolder.Content> set(String name, OutputFolder.Content content, String other, OutputFolder.Content otherContent) {
        Map<String, OutputFolder.Content> files = new LinkedHashMap<>();
        files.put(name, content);
        files.put(other, otherContent);
        return files;
    }

    @Test
    void filesTakeTheirNamesOnlyWhenAllAreWhole() throws IOException {
        try (OutputFolder folder = OutputFolder.open(temporary, OutputFolder.Opener.DISK)) {
            folder.write(set("a", text("A"), "b", out -> {
                assertFalse(Files.exists(temporary.resolve("a")), "a is there before b is whole");
                out.write('B');
            }));
        }
        assertEquals(List.of("a", "b"), Run.list(temporary));
        assertEquals("A", Files.readString(temporary.resolve("a")));
    }

    @Test
    void aSetThatFailsLeavesOlderFilesAsTheyWere() throws IOException {
        Files.writeString(temporary.resolve("a"), "old");
        try (OutputFolder folder = OutputFolder.open(temporary, OutputFolder.Opener.DISK)) {
            InputException e = assertThrows(InputException.class, () -> folder.write(set("a", text("new"), "b", _ -> {
                throw new IOException("No space left on device");
            })));
            assertEquals(temporary.resolve("b") + ": cannot be written (No space left on device)", e.getMessage());
        }
        assertEquals(List.of("a"), Run.list(temporary));
        assertEquals("old", Files.readString(temporary.resolve("a")));
    }

    @Test
    void aBugInTheContentLeavesNothingEither() {
        try (OutputFolder folder = OutputFolder.open(temporary.resolve("x/y"), OutputFolder.Opener.DISK)) {
            assertThrows(IllegalStateException.class, () -> folder.write(set("a", text("A"), "b", _ -> {
                throw new IllegalStateException();
            })));
        }
        assertEquals(List.of(), Run.list(temporary));
    }

    @Test
    void foldersMadeForNothingAreRemovedAndOthersStay() throws IOException {
        Files.createDirectory(temporary.resolve("x"));
        OutputFolder.open(temporary.resolve("x/y/z"), OutputFolder.Opener.DISK).close();
        assertEquals(List.of("x"), Run.list(temporary));
        assertEquals(List.of(), Run.list(temporary.resolve("x")));
    }

    @Test
    void aFolderThatCannotBeWrittenIsRefusedAtOnce() throws IOException {
        Path locked = Files.createDirectory(temporary.resolve("locked"));
        assumeTrue(locked.toFile().setWritable(false) && !Files.isWritable(locked), "this user may write everywhere");
        InputException e = assertThrows(InputException.class, () -> OutputFolder.open(locked, OutputFolder.Opener.DISK));
        assertTrue(e.getMessage().startsWith(locked + ": cannot hold results (permission denied)"), e.getMessage());
    }
}
