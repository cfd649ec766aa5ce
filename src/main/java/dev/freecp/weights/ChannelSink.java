package dev.freecp.weights;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;

/**
 * Gathers pieces wherever they lie into writes of a megabyte: rows of a few bytes must not become system calls. Large pieces are written from where
 * they lie.
 */
final class ChannelSink {

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final long DIRECT_BYTES = 1 << 24;

    private final WritableByteChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
    private final MemorySegment memory = MemorySegment.ofBuffer(buffer);
    private int filled;

    ChannelSink(WritableByteChannel channel) {
        this.channel = channel;
    }

    /** Eight bytes, little-endian. */
    void putLong(long value) throws IOException {
        byte[] bytes = new byte[Long.BYTES];
        MemorySegment.ofArray(bytes).set(LONG, 0, value);
        put(bytes);
    }

    void put(byte[] bytes) throws IOException {
        put(MemorySegment.ofArray(bytes), 0, bytes.length);
    }

    void put(MemorySegment source, long offset, long length) throws IOException {
        if (length >= memory.byteSize() && source.isNative()) {
            flush();
            for (long done = 0; done < length; done += DIRECT_BYTES) write(source.asSlice(offset + done, Math.min(DIRECT_BYTES, length - done)).asByteBuffer());
            return;
        }
        for (long done = 0; done < length; ) {
            if (filled == memory.byteSize()) flush();
            int piece = (int) Math.min(length - done, memory.byteSize() - filled);
            MemorySegment.copy(source, offset + done, memory, filled, piece);
            filled += piece;
            done += piece;
        }
    }

    void flush() throws IOException {
        buffer.position(0).limit(filled);
        write(buffer);
        filled = 0;
        buffer.clear();
    }

    private void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) channel.write(bytes);
    }
}
