package dev.freecp.image;

import dev.freecp.error.InputException;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/** Writes the few kinds of PNG the engine needs. No time, no text, one filter: the same pixels always give the same bytes. */
final class PngWriter {

    /** Colour types of the PNG specification. */
    enum Kind {
        GREY8(8, 0, 1), GREY16(16, 0, 2), RGB8(8, 2, 3), INDEXED8(8, 3, 1);

        final int bits, colorType, pixelBytes;

        Kind(int bits, int colorType, int pixelBytes) {
            this.bits = bits;
            this.colorType = colorType;
            this.pixelBytes = pixelBytes;
        }
    }

    /** Fills a row with {@code width * pixelBytes} bytes, 16-bit samples high byte first. */
    interface Rows {
        void fill(int y, byte[] row);
    }

    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final byte FILTER_NONE = 0;
    private static final byte FILTER_UP = 2;

    private PngWriter() {}

    /** Writes a file that is either whole or not there: it takes its name only once it is complete. */
    static void write(Path path, Kind kind, int height, int width, byte[] palette, Rows rows) {
        Path part = path.resolveSibling(path.getFileName() + ".part");
        try {
            try (OutputStream out = Files.newOutputStream(part)) {
                write(out, kind, height, width, palette, rows);
            }
            Files.move(part, path, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            part.toFile().delete();
            String reason = e.getClass().getSimpleName();
            throw new InputException(path + ": cannot be written (" + reason + "); does the folder exist, and is there room?", e);
        }
    }

    /** @param palette three bytes a colour, only for {@link Kind#INDEXED8}; else null */
    static void write(OutputStream out, Kind kind, int height, int width, byte[] palette, Rows rows) throws IOException {
        out.write(SIGNATURE);
        var header = new ByteArrayOutputStream();
        var data = new DataOutputStream(header);
        data.writeInt(width);
        data.writeInt(height);
        data.write(new byte[] {(byte) kind.bits, (byte) kind.colorType, 0, 0, 0});
        chunk(out, "IHDR", header.toByteArray());
        if (palette != null) chunk(out, "PLTE", palette);
        chunk(out, "IDAT", compress(kind, height, width, rows));
        chunk(out, "IEND", new byte[0]);
    }

    /** Stores the one sample of pixel {@code x}, high byte first. */
    static void sample(Kind kind, byte[] row, int x, int value) {
        if (kind.pixelBytes == 1) {
            row[x] = (byte) value;
        } else {
            row[2 * x] = (byte) (value >> 8);
            row[2 * x + 1] = (byte) value;
        }
    }

    /** Neighbouring rows of pictures are alike, so they are stored as differences; differences of indices would only be noise. */
    private static byte[] compress(Kind kind, int height, int width, Rows rows) throws IOException {
        var compressed = new ByteArrayOutputStream();
        byte filter = kind == Kind.INDEXED8 ? FILTER_NONE : FILTER_UP;
        byte[] row = new byte[width * kind.pixelBytes];
        byte[] above = new byte[row.length];
        byte[] filtered = new byte[row.length];
        var deflater = new Deflater();
        try (var zip = new DeflaterOutputStream(compressed, deflater)) {
            for (int y = 0; y < height; y++) {
                rows.fill(y, row);
                zip.write(filter);
                for (int i = 0; i < row.length; i++) filtered[i] = (byte) (filter == FILTER_UP ? row[i] - above[i] : row[i]);
                zip.write(filtered);
                byte[] last = above;
                above = row;
                row = last;
            }
        } finally {
            deflater.end();
        }
        return compressed.toByteArray();
    }

    private static void chunk(OutputStream out, String type, byte[] content) throws IOException {
        var chunk = new DataOutputStream(out);
        byte[] typeBytes = type.getBytes(StandardCharsets.US_ASCII);
        var checksum = new CRC32();
        checksum.update(typeBytes);
        checksum.update(content);
        chunk.writeInt(content.length);
        chunk.write(typeBytes);
        chunk.write(content);
        chunk.writeInt((int) checksum.getValue());
    }
}
