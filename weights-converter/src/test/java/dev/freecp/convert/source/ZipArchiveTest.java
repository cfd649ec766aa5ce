package dev.freecp.convert.source;

import static dev.freecp.convert.source.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZipArchiveTest {

    private final ZipBytes zip = new ZipBytes();
    private final byte[] contents = new byte[5_000];

    ZipArchiveTest() {
        new Random(1).nextBytes(contents);
        Arrays.fill(contents, 0, 3_000, (byte) 7);
    }

    private ZipArchive open(byte[] bytes) {
        return ZipArchive.open(new Place(Path.of("some.pt")), MemorySegment.ofArray(bytes));
    }

    private byte[] read(ZipArchive archive, String name) {
        return archive.contents(archive.entry(name)).toArray(ValueLayout.JAVA_BYTE);
    }

    private void assertRead(byte[] bytes) {
        ZipArchive archive = open(bytes);
        assertEquals(List.of("a/one", "a/two"), archive.entries().stream().map(ZipDirectory.Entry::name).toList());
        assertArrayEquals(contents, read(archive, "a/one"));
        assertArrayEquals(contents, read(archive, "a/two"));
        assertNull(archive.entry("a/three"));
    }

    @Test
    void readsStoredAndDeflatedEntries() {
        zip.stored("a/one", contents);
        zip.deflated("a/two", contents);
        assertRead(zip.bytes());
    }

    @Test
    void readsSizesThatFollowTheirData() {
        zip.stored("a/one", contents).flags = 8;
        zip.deflated("a/two", contents).flags = 8;
        assertRead(zip.bytes());
    }

    @Test
    void readsZip64AndAComment() {
        zip.stored("a/one", contents).wide = true;
        zip.deflated("a/two", contents).wide = true;
        assertRead(zip.wideEnd().comment("PK\5\6 is how an end begins").bytes());
    }

    @Test
    void takesAChecksumOfZeroForNone() {
        zip.stored("a/one", contents).crc = 0;
        zip.deflated("a/two", contents).crc = 0;
        assertRead(zip.bytes());
    }

    @Test
    void refusesAWrongChecksumWhenTheEntryIsRead() {
        zip.stored("stored", contents).crc ^= 1;
        zip.deflated("deflated", contents).crc ^= 1;
        zip.stored("whole", contents);
        ZipArchive archive = open(zip.bytes());
        assertArrayEquals(contents, read(archive, "whole"));
        assertRefused(Refusal.Kind.MALFORMED, "'stored' is damaged", () -> read(archive, "stored"));
        assertRefused(Refusal.Kind.MALFORMED, "'deflated' is damaged", () -> read(archive, "deflated"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../pwned", "a/../../pwned", "/etc/passwd", "a\\..\\b", "C:/windows", "a/.."})
    void refusesNamesThatLeadOutside(String name) {
        zip.stored(name, contents);
        assertRefused(Refusal.Kind.UNSAFE, "outside of the archive", () -> open(zip.bytes()));
    }

    @Test
    void refusesTwoEntriesOfOneName() {
        zip.stored("a", contents);
        zip.stored("a", contents);
        assertRefused(Refusal.Kind.MALFORMED, "two entries called 'a'", () -> open(zip.bytes()));
    }

    @Test
    void refusesEntriesThatShareBytes() {
        byte[] inner = new byte[100];
        byte[] header = new ZipBytesHeader("b", 10).bytes();
        System.arraycopy(header, 0, inner, 20, header.length);
        zip.stored("a", inner);
        ZipBytes.Entry second = zip.stored("b", new byte[10]);
        second.headerAt = 30 + 1 + 20;
        assertRefused(Refusal.Kind.MALFORMED, "share bytes", () -> open(zip.bytes()));
    }

    /** A local header that lies in another entry's data. */
    private record ZipBytesHeader(String name, int size) {
        byte[] bytes() {
            ZipBytes alone = new ZipBytes();
            alone.stored(name, new byte[size]);
            return Arrays.copyOf(alone.bytes(), 30 + name.length());
        }
    }

    @Test
    void refusesWhatItCannotUnpack() {
        zip.stored("a", contents).flags = 1;
        assertRefused(Refusal.Kind.UNSUPPORTED, "encrypted", () -> open(zip.bytes()));
        ZipBytes other = new ZipBytes();
        other.stored("a", contents).method = 93;
        assertRefused(Refusal.Kind.UNSUPPORTED, "method 93", () -> open(other.bytes()));
    }

    @Test
    void refusesABombWhenItIsRead() {
        zip.deflated("zeros", new byte[8 << 20]);
        ZipArchive archive = open(zip.bytes());
        assertRefused(Refusal.Kind.TOO_LARGE, "'zeros' would grow", () -> read(archive, "zeros"));
    }

    @Test
    void refusesADirectoryThatLies() {
        zip.stored("a", contents);
        assertRefused(Refusal.Kind.MALFORMED, "entry 1 is none", () -> open(zip.countTooMany(1).bytes()));
        assertRefused(Refusal.Kind.MALFORMED, "goes on", () -> open(zip.countTooMany(-1).bytes()));
        ZipBytes beyond = new ZipBytes();
        beyond.stored("a", contents).headerAt = 1 << 30;
        assertRefused(Refusal.Kind.MALFORMED, "does not begin", () -> open(beyond.bytes()));
    }

    @Test
    void refusesDeflatedDataOfAnotherSize() {
        byte[] bytes = deflatedOf(contents.length + 1L);
        assertRefused(Refusal.Kind.MALFORMED, "does not unpack to", () -> read(open(bytes), "a"));
        byte[] fewer = deflatedOf(contents.length - 1L);
        assertRefused(Refusal.Kind.MALFORMED, "does not unpack to", () -> read(open(fewer), "a"));
    }

    private byte[] deflatedOf(long size) {
        ZipBytes lying = new ZipBytes();
        lying.deflated("a", contents).size = size;
        return lying.bytes();
    }

    @Test
    void refusesEveryTruncation() {
        zip.stored("a", Arrays.copyOf(contents, 50));
        byte[] whole = zip.bytes();
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertRefused(Refusal.Kind.MALFORMED, "cut short", () -> open(cut));
        }
    }
}
