package dev.freecp.convert.source;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The bytes of a pickle, read from front to back; whatever they declare is compared with what is left before anything is allocated. */
final class PickleInput {

    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int MAX_LINE = 1 << 20;

    private final Place place;
    private final MemorySegment bytes;
    private final Budget budget;
    private long position;
    private long opcodeAt;

    PickleInput(Place place, MemorySegment bytes, long start, Budget budget) {
        this.place = place;
        this.bytes = bytes;
        this.position = start;
        this.budget = budget;
    }

    long position() {
        return position;
    }

    /** Byte of the opcode being carried out. */
    long opcodeAt() {
        return opcodeAt;
    }

    int opcode() {
        opcodeAt = position;
        if (position == bytes.byteSize()) throw malformed("the pickle ends without STOP");
        return u8();
    }

    int u8() {
        return bytes.get(ValueLayout.JAVA_BYTE, take(1)) & 0xff;
    }

    int u16() {
        return bytes.get(SHORT, take(2)) & 0xffff;
    }

    int i32() {
        return bytes.get(INT, take(4));
    }

    long u32() {
        return i32() & 0xffffffffL;
    }

    /** A length; those beyond 2^63 come out negative and are refused by whoever takes that many bytes. */
    long i64() {
        return bytes.get(LONG, take(8));
    }

    /** Pickle's one big-endian number. */
    double f64() {
        return bytes.get(DOUBLE, take(8));
    }

    byte[] bytes(long length) {
        long at = take(length);
        budget.bytes(length);
        return bytes.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE);
    }

    void requireLeft(long length) {
        if (length < 0 || length > bytes.byteSize() - position) {
            throw malformed("declares " + Long.toUnsignedString(length) + " bytes, " + (bytes.byteSize() - position) + " are left");
        }
    }

    String utf8(long length) {
        return utf8(bytes(length));
    }

    /** Text of Python 2, which knew no encoding: UTF-8 where it is that, else one character a byte. */
    String oldText(long length) {
        byte[] text = bytes(length);
        try {
            return decode(text);
        } catch (CharacterCodingException e) {
            return new String(text, StandardCharsets.ISO_8859_1);
        }
    }

    /** The text up to the next line end, which is passed over. */
    String line(int maxLength) {
        long end = position;
        long bound = Math.min(bytes.byteSize(), position + Math.min(maxLength, MAX_LINE) + 1L);
        while (end < bound && bytes.get(ValueLayout.JAVA_BYTE, end) != '\n') end++;
        if (end == bytes.byteSize()) throw malformed("a line without an end");
        if (end == bound) throw place.tooLarge("byte " + opcodeAt + ": a line of more than " + maxLength + " characters");
        String line = utf8(end - position);
        position++;
        return line;
    }

    String line() {
        return line(MAX_LINE);
    }

    /** For what is wrong with the opcode being carried out. */
    Refusal malformed(String reason) {
        return place.malformed("byte " + opcodeAt + ": " + reason);
    }

    private String utf8(byte[] text) {
        try {
            return decode(text);
        } catch (CharacterCodingException e) {
            throw malformed("text that is not UTF-8");
        }
    }

    private static String decode(byte[] text) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString();
    }

    private long take(long length) {
        requireLeft(length);
        long at = position;
        position += length;
        return at;
    }
}
