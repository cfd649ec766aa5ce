package dev.freecp.evaluate.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.error.InputException;
import dev.freecp.image.LabelMap;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MatFileTest {

    /** {@code savemat} of SciPy 1.17.1: uint16 LabelMap = [0 284 360; 2 458 459], deflated. */
    static final byte[] DEFLATED = Base64.getDecoder().decode(
        "TUFUTEFCIDUuMCBNQVQtZmlsZSBQbGF0Zm9ybTogcG9zaXggICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg"
        + "ICAgICAgICAgICAgICAgICAgICAgICAgICAAAAAAAAAAAAABSU0PAAAAOwAAAHic42NgYPAAYjYg5gBibgYIYIXymYCYGYgZoXyfxKTUHN/EAhYgmweskolB"
        + "hvEUYwbjaZASBgCNKwW4");

    private static final int[] LABELS = {0, 284, 360, 2, 458, 459};

    @TempDir
    Path folder;
    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("2008_000002.mat");
    }

    @Test
    void readsADeflatedMatrix() throws IOException {
        LabelMap map = read(DEFLATED);
        assertEquals(2, map.height());
        assertEquals(3, map.width());
        assertArrayEquals(LABELS, map.labels());
    }

    @Test
    void readsAPlainMatrixInEitherByteOrder() throws IOException {
        for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
            ByteBuffer values = ByteBuffer.allocate(12).order(order);
            for (int value : new int[] {0, 2, 284, 458, 360, 459}) values.putShort((short) value);
            assertArrayEquals(LABELS, read(plain(order, "LabelMap", 4, values.array())).labels());
        }
    }

    /** MATLAB stores a matrix of small numbers in bytes, whatever its class. */
    @Test
    void readsValuesStoredNarrow() throws IOException {
        assertArrayEquals(new int[] {1, 3, 5, 2, 4, 255}, read(plain(ByteOrder.LITTLE_ENDIAN, "LabelMap", 2, new byte[] {1, 2, 3, 4, 5, (byte) 255})).labels());
    }

    @Test
    void refusesAFileWithoutTheMatrix() {
        refuses("has no matrix LabelMap", plain(ByteOrder.LITTLE_ENDIAN, "Labels", 2, new byte[6]));
    }

    @Test
    void refusesHdf5() {
        byte[] file = new byte[200];
        Arrays.fill(file, (byte) 'H');
        refuses("save it with -v7", file);
    }

    @Test
    void refusesAMatrixOfFewerValuesThanItsSize() {
        refuses("LabelMap is said to be 2 x 3, which its 5 bytes do not fill", plain(ByteOrder.LITTLE_ENDIAN, "LabelMap", 2, new byte[5]));
        refuses("this MATLAB file cannot be read or is broken", plain(ByteOrder.LITTLE_ENDIAN, "LabelMap", 4, new byte[6]));
    }

    @Test
    void refusesTruncatedFiles() {
        for (int length : new int[] {0, 100, 128, 130, 140, DEFLATED.length - 1}) {
            InputException refusal = assertThrows(InputException.class, () -> read(Arrays.copyOf(DEFLATED, length)));
            assertTrue(refusal.getMessage().startsWith(file + ": "), refusal.getMessage());
        }
    }

    private LabelMap read(byte[] bytes) throws IOException {
        Files.write(file, bytes);
        return MatFile.labelMap(file);
    }

    private void refuses(String problem, byte[] bytes) {
        String message = assertThrows(InputException.class, () -> read(bytes)).getMessage();
        assertTrue(message.startsWith(file + ": ") && message.contains(problem), message);
    }

    /** A file of one 2 x 3 matrix, not deflated. */
    private static byte[] plain(ByteOrder order, String name, int type, byte[] values) {
        ByteBuffer out = ByteBuffer.allocate(400).order(order);
        out.position(124);
        out.putShort((short) 0x0100).putShort((short) ('M' << 8 | 'I'));
        int tag = out.position();
        out.putInt(14).putInt(0);
        out.putInt(6).putInt(8).putInt(11).putInt(0);
        out.putInt(5).putInt(8).putInt(2).putInt(3);
        padded(out, 1, name.getBytes(StandardCharsets.US_ASCII));
        padded(out, type, values);
        out.putInt(tag + 4, out.position() - tag - 8);
        return Arrays.copyOf(out.array(), out.position());
    }

    private static void padded(ByteBuffer out, int type, byte[] data) {
        out.putInt(type).putInt(data.length).put(data);
        out.position(out.position() + 7 & ~7);
    }
}
