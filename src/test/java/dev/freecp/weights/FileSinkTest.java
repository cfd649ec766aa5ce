package dev.freecp.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileSinkTest {

    private static final int BLOCK = FileSink.BLOCK_BYTES;

    @TempDir
    Path folder;

    /** Lengths around the blocks, in pieces that fit no block. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 4 * BLOCK + 4097})
    void piecesLieOneAfterTheOther(int length) throws IOException {
        byte[] expected = new byte[length];
        new Random(length).nextBytes(expected);
        Path file = folder.resolve("file");
        try (FileSink sink = FileSink.create(file)) {
            MemorySegment bytes = MemorySegment.ofArray(expected);
            int piece = 1;
            for (int done = 0; done < length; done += piece, piece = piece * 7 % 3_000_017) sink.put(bytes, done, Math.min(piece, length - done));
            sink.finish();
        }
        assertArrayEquals(expected, Files.readAllBytes(file));
    }

    @Test
    void aPieceMayBeLongerThanABlock() throws IOException {
        byte[] expected = new byte[3 * BLOCK + 5];
        new Random(3).nextBytes(expected);
        Path file = folder.resolve("file");
        try (FileSink sink = FileSink.create(file)) {
            sink.put(expected);
            sink.finish();
        }
        assertArrayEquals(expected, Files.readAllBytes(file));
    }

    @Test
    void leavesAFileThatIsThereAlone() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "mine");
        assertThrows(FileAlreadyExistsException.class, () -> FileSink.create(file));
        assertEquals("mine", Files.readString(file));
    }
}
