package dev.freecp.clip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.error.InputException;
import dev.freecp.ops.ScalarOps;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A checkpoint whose files do not belong together. */
class ClipTest {

    private static final Path MODEL = Path.of(System.getProperty("freecp.testdata"), "golden", "models", "b16");

    @TempDir
    private Path folder;

    @Test
    void refusesATokenThatTheTextTowerHasNoRowFor() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(MODEL)) {
            for (Path file : files) Files.copy(file, folder.resolve(file.getFileName()));
        }
        try (ScalarOps ops = new ScalarOps(); Clip clip = Clip.open(folder, ops)) {
            int rows = clip.config().text().vocabulary();
            String vocabulary = Files.readString(folder.resolve("vocab.json"));
            Files.writeString(folder.resolve("vocab.json"), "{\"foreign\": " + rows + ", " + vocabulary.strip().substring(1));
            InputException refusal = assertThrows(InputException.class, () -> clip.tokenizer(Cleaning.PLAIN));
            assertTrue(refusal.getMessage().startsWith(folder + ": token 'foreign' has the id " + rows), refusal.getMessage());
            Files.writeString(folder.resolve("vocab.json"), vocabulary);
            assertEquals(clip.config().text().context(), clip.tokenizer(Cleaning.PLAIN).contextLength());
        }
    }
}
