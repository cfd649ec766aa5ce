package dev.freecp.bench.peer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A message in the wire format of protocol buffers, put together field by field. Large values stay where they are until they are written, so a model's weights
 * are not copied. Source: protobuf.dev, "Encoding".
 */
final class Protobuf {

    private static final int VARINT = 0, LENGTH = 2, FIXED32 = 5;

    private final List<MemorySegment> pieces = new ArrayList<>();
    private long size;

    Protobuf integer(int field, long value) {
        ByteArrayOutputStream bytes = key(field, VARINT);
        varint(bytes, value);
        return piece(bytes);
    }

    Protobuf real(int field, float value) {
        ByteArrayOutputStream bytes = key(field, FIXED32);
        for (int bits = Float.floatToRawIntBits(value), i = 0; i < Float.BYTES; i++) bytes.write(bits >>> 8 * i);
        return piece(bytes);
    }

    Protobuf text(int field, String value) {
        return bytes(field, MemorySegment.ofArray(value.getBytes(StandardCharsets.UTF_8)));
    }

    Protobuf bytes(int field, MemorySegment value) {
        length(field, value.byteSize());
        return piece(value);
    }

    Protobuf message(int field, Protobuf value) {
        length(field, value.size);
        pieces.addAll(value.pieces);
        size += value.size;
        return this;
    }

    void write(WritableByteChannel channel) throws IOException {
        for (MemorySegment piece : pieces) {
            var buffer = piece.asByteBuffer();
            while (buffer.hasRemaining()) channel.write(buffer);
        }
    }

    private void length(int field, long bytes) {
        ByteArrayOutputStream front = key(field, LENGTH);
        varint(front, bytes);
        piece(front);
    }

    private Protobuf piece(ByteArrayOutputStream bytes) {
        return piece(MemorySegment.ofArray(bytes.toByteArray()));
    }

    private Protobuf piece(MemorySegment bytes) {
        pieces.add(bytes);
        size += bytes.byteSize();
        return this;
    }

    private static ByteArrayOutputStream key(int field, int wireType) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        varint(bytes, (long) field << 3 | wireType);
        return bytes;
    }

    /** Seven bits a byte, the lowest first; the highest bit says that more follow. */
    private static void varint(ByteArrayOutputStream bytes, long value) {
        long rest = value;
        for (; (rest & ~0x7fL) != 0; rest >>>= 7) bytes.write((int) (rest & 0x7f | 0x80));
        bytes.write((int) rest);
    }
}
