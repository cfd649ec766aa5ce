package dev.freecp.image;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What the chunks of a PNG file say beyond its pixels.
 *
 * @param orientation EXIF orientation, 1 if the file says nothing
 */
record PngHeader(int orientation) {

    private static final int SIGNATURE_BYTES = 8;
    private static final int CHUNK_FRAME_BYTES = 12;   // length, type, checksum

    /**
     * Walks over all chunks to the end chunk.
     *
     * @throws dev.freecp.error.InputException if the file ends before its end chunk
     */
    static PngHeader parse(String name, byte[] bytes) {
        int orientation = 1;
        int at = SIGNATURE_BYTES;
        while (bytes.length - at >= CHUNK_FRAME_BYTES) {
            int length = ByteBuffer.wrap(bytes).getInt(at);
            if (length < 0 || length > bytes.length - at - CHUNK_FRAME_BYTES) break;
            String type = new String(bytes, at + 4, 4, StandardCharsets.ISO_8859_1);
            if (type.equals("eXIf")) orientation = Exif.orientation(bytes, at + 8, at + 8 + length);
            if (type.equals("IEND")) return new PngHeader(orientation);
            at += CHUNK_FRAME_BYTES + length;
        }
        throw Pictures.truncated(name, "PNG");
    }
}
