package dev.freecp.evaluate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {

    private static final Map<String, Object> SETTINGS = Map.of("method", Map.of("name", "sclip", "tau_r", 0.1f), "words", List.of("cat", "dog"));

    @TempDir
    private Path folder;
    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("journal.jsonl");
    }

    private static Journal.Line line(String id, int pixels) {
        return new Journal.Line(id, "ab" + id, List.of(new PictureCounts(new int[] {0, 1, pixels}, new int[] {1, 1, 2, 3}, new int[] {1, 2, 3, 4, 5})));
    }

    private void write(Journal.Line... lines) throws IOException {
        try (Journal journal = Journal.open(file, SETTINGS, 2, 1)) {
            for (Journal.Line line : lines) journal.append(line);
        }
    }

    private List<String> read() throws IOException {
        try (Journal journal = Journal.open(file, SETTINGS, 2, 1)) {
            journal.done().forEach((id, line) -> assertArrayEquals(line(id, 7).counts().getFirst().sizes(), line.counts().getFirst().sizes()));
            return List.copyOf(journal.done().keySet());
        }
    }

    @Test
    void goesOnWhereItWas() throws IOException {
        write(line("a", 1), line("b", 2));
        write(line("c", 3));
        assertEquals(List.of("a", "b", "c"), read());
    }

    @Test
    void whereverTheFileIsCutOnlyWholeLinesCountAndItGoesOn() throws IOException {
        write(line("a", 1), line("b", 2));
        byte[] whole = Files.readAllBytes(file);
        for (int cut = 0; cut <= whole.length; cut++) {
            Files.write(file, Arrays.copyOf(whole, cut));
            long lines = 0;
            for (int i = 0; i < cut; i++) if (whole[i] == '\n') lines++;
            assertEquals(List.of("a", "b").subList(0, (int) Math.max(0, lines - 1)), read(), "cut at " + cut);
            write(line("z", 9));
            assertEquals("z", read().getLast(), "cut at " + cut);
        }
    }

    @Test
    void refusesOtherSettingsAndSaysWhich() throws IOException {
        write(line("a", 1));
        Map<String, Object> other = Map.of("method", Map.of("name", "sclip", "tau_r", 0.15f), "words", List.of("cat", "dog"));
        InputException refusal = assertThrows(InputException.class, () -> Journal.open(file, other, 2, 1));
        assertTrue(refusal.getMessage().contains("journal.jsonl: belongs to a run with other settings (settings.method.tau_r was 0.1 and is 0.15); choose another --out"), refusal.getMessage());
        assertEquals(List.of("a"), read());
    }

    @Test
    void refusesWhatIsNoJournal() throws IOException {
        for (String text : List.of("hello\n", "{}\n", "{\"journal\":1}\n")) {
            Files.writeString(file, text);
            assertThrows(InputException.class, this::read, text);
            assertEquals(text, Files.readString(file), "is not touched");
        }
    }

    @Test
    void refusesLinesThatAreBrokenInTheMiddle() throws IOException {
        write(line("a", 1), line("b", 2));
        String whole = Files.readString(file);
        for (String[] change : new String[][] {{"0,1,1", "0,3,1"}, {"\"id\":\"b\"", "\"id\":\"a\""}, {"\"sha256\":\"aba\"", "\"sha\":\"aba\""}, {"\"counts\":[", "\"counts\":[\"||\","}}) {
            Files.writeString(file, whole.replace(change[0], change[1]));
            InputException refusal = assertThrows(InputException.class, this::read, change[1]);
            assertTrue(refusal.getMessage().contains("is no line of a journal"), refusal.getMessage());
        }
    }

    @Test
    void oneProcessAtATimeHasIt() throws IOException {
        try (Journal journal = Journal.open(file, SETTINGS, 2, 1)) {
            InputException refusal = assertThrows(InputException.class, () -> Journal.open(file, SETTINGS, 2, 1));
            assertTrue(refusal.getMessage().contains("another run is writing this journal"), refusal.getMessage());
            journal.append(line("a", 1));
        }
        assertEquals(List.of("a"), read());
    }
}
