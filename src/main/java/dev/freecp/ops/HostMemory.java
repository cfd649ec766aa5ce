package dev.freecp.ops;

import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Storage;
import dev.freecp.tensor.Tensor;
import dev.freecp.weights.Floats;
import java.lang.foreign.Arena;

/**
 * Native memory of a backend on the host: what lives as long as the backend (weights), and workspaces. Closing frees everything; a tensor used after
 * that fails, it never reads freed memory.
 */
public final class HostMemory implements AutoCloseable {

    /** Rows of at least this many floats are padded. */
    private static final int PADDED_FROM = 64;

    private final Arena arena = Arena.ofShared();
    private final MemoryPool pool = new MemoryPool(new Native(), DType.F32, false);

    /** The host's native memory; each piece is an arena of its own, so that using one that was given back fails. */
    private static final class Native implements Heap {

        private static final long PIECE_BYTES = 16L << 20;

        @Override
        public Piece allocate(long bytes, long held) {
            Arena arena = Arena.ofShared();
            try {
                Storage storage = new Storage.Host(arena.allocate(bytes, Tensor.ALIGNMENT_BYTES));
                return new Piece() {
                    @Override
                    public Storage storage() {
                        return storage;
                    }

                    @Override
                    public void free() {
                        arena.close();
                    }
                };
            } catch (OutOfMemoryError e) {
                arena.close();
                throw e;
            }
        }

        @Override
        public long pieceBytes() {
            return PIECE_BYTES;
        }

        @Override
        public int alignmentBytes() {
            return Tensor.ALIGNMENT_BYTES;
        }

        @Override
        public int stride(int cols, DType type) {
            return HostMemory.stride(cols);
        }
    }

    /** Dense, zeroed, alive until {@link #close()}. */
    public synchronized Tensor permanent(String name, Shape shape, DType type) {
        return Tensor.allocate(arena, name, shape, type, shape.cols());
    }

    /** A float32 copy of a host tensor of any float type, alive until {@link #close()}. */
    public Tensor resident(Tensor host) {
        Tensor copy = permanent(host.name(), host.shape(), DType.F32);
        Floats.copy(host, copy);
        return copy;
    }

    /** A workspace with nothing taken. */
    public Workspace workspace() {
        return pool.workspace();
    }

    /**
     * Distance of rows: whole cache lines, and for rows of a multiple of 1 KiB one line more, because rows a power of two apart share their cache
     * sets (six rows of 1024 floats read together would evict each other).
     */
    public static int stride(int cols) {
        if (cols < PADDED_FROM) return cols;
        int lines = (cols + 15) / 16 * 16;
        return lines % 256 == 0 ? lines + 16 : lines;
    }

    @Override
    public synchronized void close() {
        if (arena.scope().isAlive()) arena.close();
        pool.close();
    }
}
