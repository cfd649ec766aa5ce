package dev.freecp.report.export;

import dev.freecp.segment.Vocabulary;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * NumPy's files, version 1.0, of (height, width) numbers: labels in the smallest unsigned type that holds all of the vocabulary, confidences as
 * float32. Numbers begin at a multiple of 64 bytes, so that the files can be mapped.
 */
final class NpyFormat implements PictureFormat {

    private static final String LABELS = ".labels.npy", CONFIDENCE = ".confidence.npy";
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
    private static final int ALIGNMENT = 64;

    /** Puts the number of a pixel into a row. */
    private interface Cell {
        void put(ByteBuffer row, int at);
    }

    @Override
    public String name() {
        return "npy";
    }

    @Override
    public String mediaType() {
        return "application/octet-stream";
    }

    @Override
    public boolean hasRegions() {
        return false;
    }

    @Override
    public List<String> endings(Vocabulary vocabulary) {
        return List.of(LABELS, CONFIDENCE);
    }

    @Override
    public Map<String, Content> files(ExportPicture picture) {
        Map<String, Content> files = new LinkedHashMap<>();
        files.put(picture.name() + LABELS, out -> labels(out, picture));
        files.put(picture.name() + CONFIDENCE, out -> write(out, "<f4", Float.BYTES, picture, (row, at) -> row.putFloat(picture.confidence()[at])));
        return files;
    }

    private static void labels(OutputStream out, ExportPicture picture) throws IOException {
        int[] labels = picture.labels().labels();
        int count = picture.vocabulary().labelNames().size();
        if (count <= 1 << Byte.SIZE) write(out, "|u1", Byte.BYTES, picture, (row, at) -> row.put((byte) labels[at]));
        else if (count <= 1 << Short.SIZE) write(out, "<u2", Short.BYTES, picture, (row, at) -> row.putShort((short) labels[at]));
        else write(out, "<u4", Integer.BYTES, picture, (row, at) -> row.putInt(labels[at]));
    }

    private static void write(OutputStream out, String type, int bytes, ExportPicture picture, Cell cell) throws IOException {
        out.write(header(type, picture.height(), picture.width()));
        ByteBuffer row = ByteBuffer.allocate(Math.multiplyExact(picture.width(), bytes)).order(ByteOrder.LITTLE_ENDIAN);
        for (int y = 0; y < picture.height(); y++) {
            row.clear();
            for (int x = 0; x < picture.width(); x++) cell.put(row, y * picture.width() + x);
            out.write(row.array());
        }
    }

    private static byte[] header(String type, int height, int width) {
        String facts = "{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + height + ", " + width + "), }";
        int before = MAGIC.length + Short.BYTES, length = Math.ceilDiv(before + facts.length() + 1, ALIGNMENT) * ALIGNMENT;
        String text = facts + " ".repeat(length - before - facts.length() - 1) + "\n";
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN).put(MAGIC).putShort((short) text.length())
            .put(text.getBytes(StandardCharsets.US_ASCII)).array();
    }
}
