package dev.freecp.weights;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;

/** Gathers pieces of any size, wherever they lie, into writes of a megabyte: rows of a few bytes must not become system calls. */
final class ChannelSink {

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

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
        while (buffer.hasRemaining()) channel.write(buffer);
        filled = 0;
        buffer.clear();
    }
}
