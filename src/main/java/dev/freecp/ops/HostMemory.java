package dev.freecp.ops;

import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Storage;
import dev.freecp.tensor.Tensor;
import dev.freecp.weights.Floats;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Native memory of a backend on the host: what lives as long as the backend (weights), and large pieces that workspaces cut their tensors from and give
 * back for the next. Closing frees everything; a tensor used after that fails, it never reads freed memory.
 */
public final class HostMemory implements AutoCloseable {

    /** Pieces are at least this large, so that a small model needs one. */
    private static final long PIECE_BYTES = 16L << 20;

    /** Rows of at least this many floats are padded. */
    private static final int PADDED_FROM = 64;

    private final Arena arena = Arena.ofShared();
    private final Deque<MemorySegment> free = new ArrayDeque<>();
    private final boolean poison;

    public HostMemory() {
        this(false);
    }

    /** @param poison fills every new tensor with NaN, so that a test sees what is read before it is written */
    public HostMemory(boolean poison) {
        this.poison = poison;
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
        return new Pieces().new Scope(null);
    }

    /**
     * Distance of rows: whole cache lines, and for rows of a multiple of 1 KiB one line more, because rows a power of two apart share their cache sets
     * (six rows of 1024 floats read together would evict each other).
     */
    public static int stride(int cols) {
        if (cols < PADDED_FROM) return cols;
        int lines = (cols + 15) / 16 * 16;
        return lines % 256 == 0 ? lines + 16 : lines;
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) arena.close();
    }

    private synchronized MemorySegment take(long bytes) {
        for (MemorySegment piece : free) {
            if (piece.byteSize() < bytes) continue;
            free.remove(piece);
            return piece;
        }
        return arena.allocate(Math.max(bytes, PIECE_BYTES), Tensor.ALIGNMENT_BYTES);
    }

    private synchronized void give(List<MemorySegment> pieces) {
        free.addAll(pieces);
    }

    /** The pieces of one workspace, filled from front to back. */
    private final class Pieces {
        final List<MemorySegment> pieces = new ArrayList<>();
        int piece = -1;
        long used;
        long inUse;
        long peak;

        MemorySegment cut(long bytes) {
            long aligned = (bytes + Tensor.ALIGNMENT_BYTES - 1) / Tensor.ALIGNMENT_BYTES * Tensor.ALIGNMENT_BYTES;
            while (piece < 0 || used + aligned > pieces.get(piece).byteSize()) {
                if (piece + 1 == pieces.size()) pieces.add(take(aligned));
                piece++;
                used = 0;
            }
            MemorySegment memory = pieces.get(piece).asSlice(used, aligned);
            used += aligned;
            inUse += aligned;
            peak = Math.max(peak, inUse);
            return memory;
        }

        final class Scope implements Workspace {
            private final Scope outer;
            private final int pieceBefore = piece;
            private final long usedBefore = used;
            private final long inUseBefore = inUse;
            private boolean closed;

            Scope(Scope outer) {
                this.outer = outer;
            }

            @Override
            public Tensor tensor(String name, Shape shape) {
                if (closed) throw new IllegalStateException(name + " " + shape + " wanted from a workspace that is closed");
                int stride = stride(shape.cols());
                MemorySegment memory = cut(Math.max(1, (long) shape.rows() * stride) * Float.BYTES);
                Tensor tensor = new Tensor(name, shape, DType.F32, stride, new Storage.Host(memory));
                if (poison) memory.fill((byte) 0xff);                                       // every float32 of ones is a NaN
                return tensor;
            }

            @Override
            public Workspace scope() {
                return new Scope(this);
            }

            @Override
            public long peakBytes() {
                return peak;
            }

            @Override
            public void close() {
                if (closed) return;
                closed = true;
                piece = pieceBefore;
                used = usedBefore;
                inUse = inUseBefore;
                if (outer == null) give(pieces);
            }
        }
    }
}
