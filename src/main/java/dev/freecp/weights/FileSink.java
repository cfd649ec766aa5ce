package dev.freecp.weights;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Writes a new file from front to back. Pieces, wherever they lie and however small, are gathered into blocks; while one block is on its way to the
 * disk the next is filled. Where the file system can, blocks go past the page cache: a file must be on the disk before it takes its name, and finding
 * gigabytes of pages for it first can take longer than the disk does.
 */
final class FileSink implements AutoCloseable {

    /** A multiple of the unit in which file systems write past the cache, like {@link #ALIGNMENT}; large enough to keep a disk busy. */
    static final int BLOCK_BYTES = 1 << 22;
    private static final int ALIGNMENT = 1 << 16;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path file;
    private final FileChannel cached;
    /** Past the cache; null until the first block is full, and {@link #cached} where there is no way past it. */
    private FileChannel direct;
    private final Arena arena = Arena.ofShared();
    private MemorySegment filling = arena.allocate(BLOCK_BYTES, ALIGNMENT);
    private int filled;
    /** The block before, null if there is none, and its way to the disk. */
    private MemorySegment leaving;
    private Future<?> left;
    private long position;
    private final ExecutorService writer = Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("weights-writer").factory());

    private FileSink(Path file, FileChannel cached) {
        this.file = file;
        this.cached = cached;
    }

    /** @throws IOException if {@code file} exists, or cannot be made */
    static FileSink create(Path file) throws IOException {
        return new FileSink(file, FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
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
            if (filled == BLOCK_BYTES) send();
            int piece = (int) Math.min(length - done, BLOCK_BYTES - filled);
            MemorySegment.copy(source, offset + done, filling, filled, piece);
            filled += piece;
            done += piece;
        }
    }

    /** Writes what is left, and waits until all of the file is on the disk. */
    void finish() throws IOException {
        await();
        write(cached, filling.asSlice(0, filled), position);
        cached.force(true);
    }

    /** Hands the full block to the writer and takes up the one that has left. */
    private void send() throws IOException {
        if (direct == null) direct = pastTheCache();
        await();
        MemorySegment block = filling, next = leaving == null ? arena.allocate(BLOCK_BYTES, ALIGNMENT) : leaving;
        long at = position;
        left = writer.submit(() -> {
            writeBlock(block, at);
            return null;
        });
        leaving = block;
        filling = next;
        position += BLOCK_BYTES;
        filled = 0;
    }

    private FileChannel pastTheCache() {
        try {
            // By name, because not every Java platform has this class, and the compiler warns of each mention of it.
            OpenOption past = (OpenOption) Class.forName("com.sun.nio.file.ExtendedOpenOption").getField("DIRECT").get(null);
            if (ALIGNMENT % Files.getFileStore(file).getBlockSize() == 0) return FileChannel.open(file, StandardOpenOption.WRITE, past);
        } catch (IOException | UnsupportedOperationException | ReflectiveOperationException _) {
            // Not on this file system or platform; then as any file is written.
        }
        return cached;
    }

    private void writeBlock(MemorySegment block, long at) throws IOException {
        try {
            write(direct, block, at);
        } catch (IOException e) {
            if (direct == cached) throw e;
            write(cached, block, at);
        }
    }

    private static void write(FileChannel channel, MemorySegment bytes, long at) throws IOException {
        ByteBuffer buffer = bytes.asByteBuffer();
        while (buffer.hasRemaining()) channel.write(buffer, at + buffer.position());
    }

    private void await() throws IOException {
        if (left == null) return;
        try {
            left.get();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while writing");
        }
    }

    /** Without {@link #finish} the file is left as far as it came. */
    @Override
    public void close() throws IOException {
        writer.close();
        arena.close();
        if (direct != null) direct.close();
        cached.close();
    }
}
