package dev.freecp.clip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.error.InputException;
import dev.freecp.error.UsageException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromptTemplatesTest {

    @TempDir
    Path folder;

    @Test
    void holdsTheEightyOfClip() {
        List<String> templates = PromptTemplates.clip80().templates();
        assertEquals(80, new HashSet<>(templates).size());
        assertEquals("a bad photo of a {}.", templates.getFirst());
        assertEquals("a tattoo of the {}.", templates.getLast());
        assertTrue(templates.stream().allMatch(t -> t.indexOf("{}") == t.lastIndexOf("{}") && t.endsWith(".")));
    }

    @Test
    void fillsEveryGap() {
        assertEquals(List.of("a {x}, the {x}."), PromptTemplates.single("a {}, the {}.").fill("{x}"));
    }

    @Test
    void readsLinesWithoutComments() throws IOException {
        Path file = Files.writeString(folder.resolve("t.txt"), "\ufeff# mine\r\n a {}. \r\n\r\nthe {}.\n");
        assertEquals(List.of("a {}.", "the {}."), PromptTemplates.read(file).templates());
    }

    @Test
    void refusesTemplatesWithoutGap() throws IOException {
        assertThrows(UsageException.class, () -> PromptTemplates.single("a photo"));
        assertThrows(UsageException.class, () -> new PromptTemplates(List.of()));
        Path file = Files.writeString(folder.resolve("t.txt"), "a {}.\nthe cat\n");
        InputException e = assertThrows(InputException.class, () -> PromptTemplates.read(file));
        assertTrue(e.getMessage().startsWith(file + ": ") && e.getMessage().contains("'the cat'"), e.getMessage());
    }

    @Test
    void refusesFilesThatAreMissingEmptyOrNotUtf8() throws IOException {
        Path empty = Files.writeString(folder.resolve("empty.txt"), "# nothing\n");
        Path latin = Files.write(folder.resolve("latin.txt"), "é {}".getBytes(StandardCharsets.ISO_8859_1));
        for (Path file : List.of(empty, latin, folder.resolve("missing.txt"), folder)) {
            InputException e = assertThrows(InputException.class, () -> PromptTemplates.read(file));
            assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
        }
    }
}
