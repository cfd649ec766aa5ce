package dev.freecp.ops;

import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Storage;
import dev.freecp.tensor.Tensor;
import dev.freecp.weights.Floats;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Native memory of a backend on the host: what lives as long as the backend (weights), and large pieces that workspaces cut their tensors from and
 * give back for the next. Closing frees everything; a tensor used after that fails, it never reads freed memory.
 */
public final class HostMemory implements AutoCloseable {

    /** Pieces are at least this large, so that a small model needs one. */
    private static final long PIECE_BYTES = 16L << 20;

    /** Rows of at least this many floats are padded. */
    private static final int PADDED_FROM = 64;

    private final Arena arena = Arena.ofShared();
    private final List<Piece> all = new ArrayList<>();
    private final List<Piece> free = new ArrayList<>();

    /** Memory that one workspace at a time cuts tensors from. */
    private record Piece(Arena arena, MemorySegment memory) {

        static Piece of(long bytes) {
            Arena arena = Arena.ofShared();
            try {
                return new Piece(arena, arena.allocate(bytes, Tensor.ALIGNMENT_BYTES));
            } catch (OutOfMemoryError e) {
                arena.close();
                throw e;
            }
        }

        long bytes() {
            return memory.byteSize();
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
        return new Pieces().new Scope(null);
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
        for (Piece piece : all) piece.arena.close();
        all.clear();
        free.clear();
    }

    /** The smallest free piece that is large enough; if there is none, a new one instead of the free ones, or pictures that grow would add up. */
    private synchronized Piece take(long bytes) {
        if (!arena.scope().isAlive()) throw new IllegalStateException("the backend is closed");
        Optional<Piece> fitting = free.stream().filter(piece -> piece.bytes() >= bytes).min(Comparator.comparingLong(Piece::bytes));
        if (fitting.isPresent()) {
            free.remove(fitting.get());
            return fitting.get();
        }
        for (Piece small : free) small.arena.close();
        all.removeAll(free);
        free.clear();
        Piece piece = Piece.of(Math.max(bytes, PIECE_BYTES));
        all.add(piece);
        return piece;
    }

    private synchronized void give(List<Piece> pieces) {
        if (arena.scope().isAlive()) free.addAll(pieces);
    }

    /** The pieces of one workspace, filled from front to back. */
    private final class Pieces {
        final List<Piece> pieces = new ArrayList<>();
        int piece = -1;
        long used;
        long inUse;
        long peak;

        MemorySegment cut(long bytes) {
            long aligned = (bytes + Tensor.ALIGNMENT_BYTES - 1) / Tensor.ALIGNMENT_BYTES * Tensor.ALIGNMENT_BYTES;
            while (piece < 0 || used + aligned > pieces.get(piece).bytes()) {
                if (piece + 1 == pieces.size()) pieces.add(take(aligned));
                piece++;
                used = 0;
            }
            MemorySegment memory = pieces.get(piece).memory.asSlice(used, aligned);
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
                return new Tensor(name, shape, DType.F32, stride, new Storage.Host(memory));
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
