package dev.freecp.convert.source;

import dev.freecp.convert.source.ZipDirectory.Entry;
import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The entries of a zip file: stored ones as they lie in the mapped file, deflated ones unpacked, both compared with their checksum when they are
 * first read.
 */
final class ZipArchive {

    private static final int CHUNK = 1 << 20;
    /** Deflate reaches 1032; weights reach 2, and small runs of zeros do not matter. */
    private static final long MAX_RATIO = 200;
    private static final long SMALL = 1 << 20;

    private final Place place;
    private final MemorySegment file;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Set<Entry> verified = new HashSet<>();
    /** One unpacked entry is kept: tensors that share a storage mostly follow each other. */
    private Entry lastEntry;
    private MemorySegment lastContents;

    private ZipArchive(Place place, MemorySegment file) {
        this.place = place;
        this.file = file;
        for (Entry entry : ZipDirectory.read(place, file)) entries.put(entry.name(), entry);
    }

    /** @throws Refusal if the directory or any entry's header lies */
    static ZipArchive open(Place place, MemorySegment file) {
        return new ZipArchive(place, file);
    }

    /** In the directory's order. */
    Collection<Entry> entries() {
        return Collections.unmodifiableCollection(entries.values());
    }

    /** The entry called {@code name}, or null. */
    Entry entry(String name) {
        return entries.get(name);
    }

    /** @throws Refusal if unpacking would give so much from so little that it must be meant to harm */
    void requireSane(Entry entry) {
        if (entry.size() > SMALL && entry.size() / MAX_RATIO > entry.packed()) {
            throw place.tooLarge("entry '" + entry.name() + "' would grow from " + entry.packed() + " to " + entry.size() + " bytes");
        }
    }

    /**
     * The unpacked bytes. Safe for many threads.
     *
     * @throws Refusal if they are not what the directory says
     */
    synchronized MemorySegment contents(Entry entry) {
        if (entry.method() == ZipDirectory.STORED) {
            MemorySegment contents = file.asSlice(entry.start(), entry.size());
            if (!verified.contains(entry)) verify(entry, contents);
            return contents;
        }
        if (entry != lastEntry) {
            lastContents = null;
            lastContents = inflate(entry);
            lastEntry = entry;
        }
        return lastContents;
    }

    /** A checksum of 0 means that the writer computed none ({@code torch.serialization.set_crc32_options(False)}). */
    private void verify(Entry entry, MemorySegment contents) {
        CRC32 crc = new CRC32();
        for (long at = 0; at < contents.byteSize() && entry.crc() != 0; at += CHUNK) crc.update(chunk(contents, at).asByteBuffer());
        if (crc.getValue() != entry.crc()) throw place.malformed("entry '" + entry.name() + "' is damaged: its checksum is wrong; download or copy it again");
        verified.add(entry);
    }

    private MemorySegment inflate(Entry entry) {
        requireSane(entry);
        MemorySegment packed = file.asSlice(entry.start(), entry.packed());
        MemorySegment unpacked = OffHeap.allocate(place, entry.size());
        byte[] beyond = new byte[1];
        Inflater inflater = new Inflater(true);
        try {
            long in = 0, out = 0;
            while (!inflater.finished()) {
                if (inflater.needsInput()) {
                    if (in == packed.byteSize()) throw broken(entry);
                    MemorySegment chunk = chunk(packed, in);
                    inflater.setInput(chunk.asByteBuffer());
                    in += chunk.byteSize();
                }
                int count = out < entry.size() ? inflater.inflate(chunk(unpacked, out).asByteBuffer()) : inflater.inflate(beyond);
                out += count;
                if (out > entry.size() || count == 0 && inflater.needsDictionary()) throw broken(entry);
            }
            if (out != entry.size() || in - inflater.getRemaining() != entry.packed()) throw broken(entry);
        } catch (DataFormatException e) {
            throw broken(entry);
        } finally {
            inflater.end();
        }
        verify(entry, unpacked);
        return unpacked;
    }

    private Refusal broken(Entry entry) {
        return place.malformed("entry '" + entry.name() + "' does not unpack to the " + entry.size() + " bytes that it declares");
    }

    private static MemorySegment chunk(MemorySegment whole, long at) {
        return whole.asSlice(at, Math.min(CHUNK, whole.byteSize() - at));
    }
}
