package dev.freecp.convert.source;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Zip files written by hand, so that each of their numbers can be a lie. */
final class ZipBytes {

    private static final int DESCRIPTOR = 8;

    /** One entry, and what to say about it. */
    static final class Entry {
        final String name;
        final byte[] packed;
        long size;
        int flags;
        int method;
        long crc;
        long headerAt = -1;
        boolean wide;

        private Entry(String name, byte[] packed, byte[] contents, int method) {
            this.name = name;
            this.packed = packed;
            this.size = contents.length;
            this.method = method;
            CRC32 sum = new CRC32();
            sum.update(contents);
            crc = sum.getValue();
        }
    }

    private final List<Entry> entries = new ArrayList<>();
    private String comment = "";
    private int countedTooMany;
    private boolean wideEnd;

    Entry stored(String name, byte[] contents) {
        return add(new Entry(name, contents, contents, 0));
    }

    Entry deflated(String name, byte[] contents) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        deflater.setInput(contents);
        deflater.finish();
        byte[] packed = new byte[contents.length + 100];
        int length = deflater.deflate(packed);
        deflater.end();
        return add(new Entry(name, Arrays.copyOf(packed, length), contents, 8));
    }

    ZipBytes comment(String text) {
        comment = text;
        return this;
    }

    ZipBytes countTooMany(int more) {
        countedTooMany = more;
        return this;
    }

    /** Writes the zip64 end record, and leaves the old one at its maximum. */
    ZipBytes wideEnd() {
        wideEnd = true;
        return this;
    }

    byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream directory = new ByteArrayOutputStream();
        for (Entry entry : entries) {
            long at = entry.headerAt >= 0 ? entry.headerAt : out.size();
            boolean later = (entry.flags & DESCRIPTOR) != 0;
            byte[] name = entry.name.getBytes(StandardCharsets.UTF_8);
            put(out, 0x04034b50, 4, 20, 2, entry.flags, 2, entry.method, 2, 0, 4, later ? 0 : entry.crc, 4);
            put(out, later ? 0 : entry.packed.length, 4, later ? 0 : entry.size, 4, name.length, 2, 0, 2);
            out.writeBytes(name);
            out.writeBytes(entry.packed);
            if (later) put(out, 0x08074b50, 4, entry.crc, 4, entry.packed.length, 4, entry.size, 4);
            put(directory, 0x02014b50, 4, 20, 2, 20, 2, entry.flags, 2, entry.method, 2, 0, 4, entry.crc, 4);
            long unsaid = 0xffffffffL;
            put(directory, entry.wide ? unsaid : entry.packed.length, 4, entry.wide ? unsaid : entry.size, 4, name.length, 2);
            put(directory, entry.wide ? 28 : 0, 2, 0, 2, 0, 2, 0, 2, 0, 4, entry.wide ? unsaid : at, 4);
            directory.writeBytes(name);
            if (entry.wide) put(directory, 1, 2, 24, 2, entry.size, 8, entry.packed.length, 8, at, 8);
        }
        long start = out.size();
        int count = entries.size() + countedTooMany;
        out.writeBytes(directory.toByteArray());
        if (wideEnd) {
            long end = out.size();
            put(out, 0x06064b50, 4, 44, 8, 45, 2, 45, 2, 0, 4, 0, 4, count, 8, count, 8, directory.size(), 8, start, 8);
            put(out, 0x07064b50, 4, 0, 4, end, 8, 1, 4);
        }
        put(out, 0x06054b50, 4, 0, 4, wideEnd ? 0xffff : count, 2, wideEnd ? 0xffff : count, 2);
        put(out, wideEnd ? 0xffffffffL : directory.size(), 4, wideEnd ? 0xffffffffL : start, 4, comment.length(), 2);
        out.writeBytes(comment.getBytes(StandardCharsets.US_ASCII));
        return out.toByteArray();
    }

    private Entry add(Entry entry) {
        entries.add(entry);
        return entry;
    }

    /** Pairs of value and width. */
    private static void put(ByteArrayOutputStream out, long... pairs) {
        for (int i = 0; i < pairs.length; i += 2) out.writeBytes(PickleBytes.le(pairs[i], (int) pairs[i + 1]));
    }
}
