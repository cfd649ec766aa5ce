package dev.freecp.convert.source;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The central directory of a zip file, read without believing it: counts and places must be true, every entry must agree with its local header, and
 * no two may have a name or a byte in common. Written here because the JDK's reader looks entries up by name and so never sees such lies.
 *
 * <p>The format: APPNOTE.TXT 6.3.10 with zip64; one file, no encryption, stored or deflated.
 */
final class ZipDirectory {

    /**
     * One file in the archive.
     *
     * @param method 0 stored, 8 deflated
     * @param start  byte of the archive where its packed bytes begin
     */
    record Entry(String name, int method, long crc, long packed, long size, long start) {
    }

    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    static final int STORED = 0;
    static final int DEFLATED = 8;

    private static final int LOCAL = 0x04034b50;
    private static final int CENTRAL = 0x02014b50;
    private static final int END = 0x06054b50;
    private static final int END_64 = 0x06064b50;
    private static final int LOCATOR_64 = 0x07064b50;
    private static final int END_BYTES = 22;
    private static final int MAX_COMMENT = 0xffff;
    private static final long WIDE = 0xffffffffL;
    private static final int ENCRYPTED = 1 | 1 << 6 | 1 << 13;
    private static final int SIZES_FOLLOW = 1 << 3;
    private static final int MAX_ENTRIES = 100_000;

    private final Place place;
    private final MemorySegment file;
    private final List<Span> spans = new ArrayList<>();

    /** Bytes of the archive that an entry takes, its local header included. */
    private record Span(String name, long begin, long end) {
    }

    /** Where the directory lies. */
    private record Bounds(long count, long start, long size) {
    }

    private ZipDirectory(Place place, MemorySegment file) {
        this.place = place;
        this.file = file;
    }

    /**
     * The entries, in the directory's order.
     *
     * @throws Refusal at the first lie
     */
    static List<Entry> read(Place place, MemorySegment file) {
        return new ZipDirectory(place, file).entries();
    }

    private List<Entry> entries() {
        Bounds bounds = bounds();
        List<Entry> entries = new ArrayList<>();
        Set<String> names = new HashSet<>();
        long at = bounds.start;
        for (long i = 0; i < bounds.count; i++) {
            if (bounds.start + bounds.size - at < 46 || i32(at) != CENTRAL) {
                throw place.malformed("its zip directory declares " + bounds.count + " entries, but entry " + i + " is none");
            }
            long next = at + 46 + u16(at + 28) + u16(at + 30) + u16(at + 32);
            if (next > bounds.start + bounds.size) throw place.malformed("its zip directory is cut short in entry " + i);
            Entry entry = entry(at, bounds.start);
            if (!names.add(entry.name)) throw place.malformed("holds two entries called '" + entry.name + "'");
            entries.add(entry);
            at = next;
        }
        if (at != bounds.start + bounds.size) throw place.malformed("its zip directory goes on after its " + bounds.count + " entries");
        requireApart();
        return entries;
    }

    private Bounds bounds() {
        long end = findEnd();
        long count = u16(end + 10);
        long size = u32(end + 12);
        long start = u32(end + 16);
        if (u16(end + 4) != u16(end + 6) || u16(end + 8) != count) throw place.unsupported("is part of a zip archive in several files");
        long before = end;
        if (end >= 20 && i32(end - 20) == LOCATOR_64) {
            long wide = i64(end - 20 + 8);
            if (wide < 0 || wide > end - 20 - 56 || i32(wide) != END_64) throw place.malformed("its zip64 end record is not where it should be");
            count = widened(count, 0xffff, i64(wide + 32));
            size = widened(size, WIDE, i64(wide + 40));
            start = widened(start, WIDE, i64(wide + 48));
            before = wide;
        }
        if (size < 0 || start < 0 || start > before || size > before - start) {
            throw place.malformed("its zip directory of " + size + " bytes at byte " + start + " does not fit into a file of " + file.byteSize() + " bytes");
        }
        if (count > MAX_ENTRIES) throw place.tooLarge("declares " + count + " zip entries, more than " + MAX_ENTRIES);
        return new Bounds(count, start, size);
    }

    private long widened(long narrow, long sentinel, long wide) {
        if (narrow != sentinel && narrow != wide) throw place.malformed("its two zip end records contradict each other");
        return wide;
    }

    /** The last end record whose comment reaches to the end of the file. */
    private long findEnd() {
        long lowest = Math.max(0, file.byteSize() - END_BYTES - MAX_COMMENT);
        for (long at = file.byteSize() - END_BYTES; at >= lowest; at--) {
            if (i32(at) == END && at + END_BYTES + u16(at + 20) == file.byteSize()) return at;
        }
        throw place.malformed("is a zip archive without its end: it was cut short; download or copy it again");
    }

    private Entry entry(long at, long directory) {
        String name = name(at + 46, u16(at + 28));
        requireInside(name);
        int flags = u16(at + 8);
        int method = u16(at + 10);
        if ((flags & ENCRYPTED) != 0) throw place.unsupported("entry '" + name + "' is encrypted");
        if (method != STORED && method != DEFLATED) throw place.unsupported("entry '" + name + "' is packed by method " + method);

        long extra = at + 46 + u16(at + 28);
        Wide wide = new Wide(extra, extra + u16(at + 30), name);
        long size = wide.next(u32(at + 24));
        long packed = wide.next(u32(at + 20));
        long header = wide.next(u32(at + 42));
        if (size < 0 || packed < 0 || header < 0) throw place.malformed("entry '" + name + "' has an impossible size or place");
        if (method == STORED && packed != size) throw place.malformed("entry '" + name + "' is stored, but " + packed + " bytes should be " + size);
        long start = start(name, at, header, directory);
        if (packed > directory - start) throw place.malformed("entry '" + name + "' declares " + packed + " bytes, " + (directory - start) + " are there");
        spans.add(new Span(name, header, start + packed));
        return new Entry(name, method, u32(at + 16), packed, size, start);
    }

    /** Compares the local header with the directory and returns where the data behind it begins. */
    private long start(String name, long central, long header, long directory) {
        if (header > directory - 30 || i32(header) != LOCAL) throw place.malformed("entry '" + name + "' does not begin at byte " + header);
        long start = header + 30 + u16(header + 26) + u16(header + 28);
        if (start > directory) throw place.malformed("entry '" + name + "' is cut short");
        boolean sizesFollow = (u16(header + 6) & SIZES_FOLLOW) != 0;
        boolean agrees = u16(header + 8) == u16(central + 10) && u16(header + 6) == u16(central + 8)
            && u16(header + 26) == u16(central + 28)
            && MemorySegment.mismatch(file, header + 30, header + 30 + u16(header + 26), file, central + 46, central + 46 + u16(central + 28)) < 0
            && (sizesFollow || u32(header + 14) == u32(central + 16) && sameSize(header + 18, central + 20) && sameSize(header + 22, central + 24));
        if (!agrees) throw place.malformed("entry '" + name + "' is described in two ways");
        return start;
    }

    /** Either may leave the size to its zip64 field. */
    private boolean sameSize(long local, long central) {
        return u32(local) == WIDE || u32(central) == WIDE || u32(local) == u32(central);
    }

    private void requireApart() {
        spans.sort(Comparator.comparingLong(Span::begin).thenComparingLong(Span::end));
        for (int i = 1; i < spans.size(); i++) {
            if (spans.get(i).begin < spans.get(i - 1).end) {
                throw place.malformed("entries '" + spans.get(i - 1).name + "' and '" + spans.get(i).name + "' share bytes");
            }
        }
    }

    private void requireInside(String name) {
        boolean outside = name.startsWith("/") || name.contains("\\") || name.indexOf(0) >= 0 || name.matches("[A-Za-z]:.*")
            || Arrays.asList(name.split("/", -1)).contains("..");
        if (outside) throw place.unsafe("entry '" + name + "' names a place outside of the archive");
    }

    private String name(long at, int length) {
        byte[] bytes = file.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }

    private int u16(long at) {
        return file.get(SHORT, at) & 0xffff;
    }

    private int i32(long at) {
        return file.get(INT, at);
    }

    private long u32(long at) {
        return i32(at) & WIDE;
    }

    private long i64(long at) {
        return file.get(LONG, at);
    }

    /** The zip64 field of an entry: the wide forms of those numbers, in order, that the directory left at their maximum. */
    private final class Wide {

        private final String name;
        private long at;
        private long end;

        Wide(long extra, long extraEnd, String name) {
            this.name = name;
            while (extraEnd - extra >= 4) {
                int kind = u16(extra);
                long body = extra + 4;
                extra = body + u16(extra + 2);
                if (extra > extraEnd) throw place.malformed("entry '" + name + "' has a broken extra field");
                if (kind == 1) {
                    at = body;
                    end = extra;
                }
            }
        }

        long next(long narrow) {
            if (narrow != WIDE) return narrow;
            if (end - at < 8) throw place.malformed("entry '" + name + "' lacks its zip64 sizes");
            at += 8;
            return i64(at - 8);
        }
    }
}
