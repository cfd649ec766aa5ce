package dev.freecp.ops;

import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Memory of one backend: large pieces of a {@link Heap} that workspaces cut their tensors from and give back for the next, so that a picture
 * allocates nothing once the first of its size is done. Closing gives every piece back.
 */
public final class MemoryPool implements AutoCloseable {

    private static final Comparator<Piece> SMALLEST_FIRST = Comparator.comparingLong(Piece::bytes).thenComparing(Piece::number);

    private final Heap heap;
    private final DType activation;
    private final boolean traced;
    private final List<Piece> all = new ArrayList<>();
    private final List<Piece> free = new ArrayList<>();
    private final Set<Pieces> open = new LinkedHashSet<>();
    private final AtomicLong inUse = new AtomicLong();
    private final AtomicLong peak = new AtomicLong();
    private int number;
    private Footprint watched;
    private long held;
    private boolean closed;

    /** @param number in order of taking, so that pieces of one size are always handed out in one order */
    private record Piece(Heap.Piece memory, long bytes, int number) {
    }

    /** The pieces that a stretch of work wrote to: the one that its workspace stood in, and those it moved on to. */
    public static final class Footprint {
        private final Set<Piece> pieces = new LinkedHashSet<>();
    }

    /**
     * @param activation number type of {@link Workspace#activation}
     * @param traced     remember where each workspace was opened, for {@link #leaks}
     */
    public MemoryPool(Heap heap, DType activation, boolean traced) {
        this.heap = heap;
        this.activation = activation;
        this.traced = traced;
    }

    /** A workspace with nothing taken. */
    public synchronized Workspace workspace() {
        Pieces pieces = new Pieces(traced ? new Throwable("opened here") : null);
        open.add(pieces);
        return pieces.new Scope(null);
    }

    /** Bytes taken from the heap now, used or waiting for the next workspace. */
    public synchronized long heldBytes() {
        return held;
    }

    /** Most bytes that all workspaces together had in use at once so far. */
    public long peakBytes() {
        return peak.get();
    }

    /** Does work whose scratch is {@code workspace} and watches what it writes to. */
    public Footprint footprint(Workspace workspace, Runnable work) {
        Footprint footprint = new Footprint();
        footprint.pieces.add(((Pieces.Scope) workspace).current());
        watched = footprint;
        try {
            work.run();
        } finally {
            watched = null;
        }
        return footprint;
    }

    /** Whether work in {@code workspace} could now write where earlier work did: it stands in the same piece, and nobody holds the others. */
    public synchronized boolean isFree(Footprint footprint, Workspace workspace) {
        Pieces.Scope scope = (Pieces.Scope) workspace;
        Piece current = scope.current();
        return footprint.pieces.iterator().next() == current
            && footprint.pieces.stream().allMatch(piece -> piece == current || free.contains(piece) || scope.ahead().contains(piece));
    }

    /** For each workspace that is still open, where it was opened (or, if the pool is not traced, that it is). */
    public synchronized List<String> leaks() {
        return open.stream().map(Pieces::origin).toList();
    }

    @Override
    public synchronized void close() {
        closed = true;
        for (Piece piece : all) piece.memory.free();
        all.clear();
        free.clear();
        held = 0;
    }

    /** The smallest free piece that is large enough; if there is none, a new one instead of the free ones, or pictures that grow would add up. */
    private synchronized Piece take(long bytes) {
        if (closed) throw new IllegalStateException("the backend is closed");
        Optional<Piece> fitting = free.stream().filter(piece -> piece.bytes >= bytes).min(SMALLEST_FIRST);
        if (fitting.isPresent()) {
            free.remove(fitting.get());
            return fitting.get();
        }
        for (Piece small : free) {
            small.memory.free();
            held -= small.bytes;
        }
        all.removeAll(free);
        free.clear();
        long size = Math.max(bytes, heap.pieceBytes());
        Piece piece = new Piece(heap.allocate(size, Math.max(1, held)), size, number++);
        held += size;
        all.add(piece);
        return piece;
    }

    private synchronized void give(Pieces pieces) {
        open.remove(pieces);
        if (!closed) free.addAll(pieces.taken);
    }

    /** The pieces of one workspace, filled from front to back. */
    private final class Pieces {
        final List<Piece> taken = new ArrayList<>();
        final Throwable opened;
        int piece = -1;
        long used;
        long inUseHere;
        long peakInUse;

        Pieces(Throwable opened) {
            this.opened = opened;
        }

        String origin() {
            if (opened == null) return "a workspace of " + inUseHere + " bytes";
            List<String> frames = Arrays.stream(opened.getStackTrace()).filter(f -> !f.getClassName().startsWith("dev.freecp.ops.")).limit(6).map(Object::toString).toList();
            return "a workspace of " + inUseHere + " bytes, opened at " + String.join(" < ", frames);
        }

        Tensor cut(String name, Shape shape, DType type) {
            int stride = heap.stride(shape.cols(), type);
            long bytes = Math.max(1, (long) shape.rows() * stride) * type.bytes();
            long room = heap.room(bytes);
            while (piece < 0 || used + room > taken.get(piece).bytes) {
                if (piece + 1 == taken.size()) taken.add(take(room));
                piece++;
                used = 0;
                if (watched != null) watched.pieces.add(taken.get(piece));
            }
            Tensor tensor = new Tensor(name, shape, type, stride, heap.cut(taken.get(piece).memory.storage(), used, bytes));
            used += room;
            inUseHere += room;
            peakInUse = Math.max(peakInUse, inUseHere);
            peak.accumulateAndGet(inUse.addAndGet(room), Math::max);
            return tensor;
        }

        final class Scope implements Workspace {
            private final Scope outer;
            private final int pieceBefore = piece;
            private final long usedBefore = used;
            private final long inUseBefore = inUseHere;
            private boolean closed;

            Scope(Scope outer) {
                this.outer = outer;
            }

            /** The piece that the next tensor is cut from, if it has room. */
            Piece current() {
                return taken.get(piece);
            }

            /** Pieces that were taken before and that no tensor lies in now. */
            List<Piece> ahead() {
                return taken.subList(piece + 1, taken.size());
            }

            @Override
            public Tensor tensor(String name, Shape shape, DType type) {
                if (closed) throw new IllegalStateException(name + " " + shape + " wanted from a workspace that is closed");
                return cut(name, shape, type);
            }

            @Override
            public Tensor activation(String name, Shape shape) {
                return tensor(name, shape, activation);
            }

            @Override
            public Workspace scope() {
                return new Scope(this);
            }

            @Override
            public long peakBytes() {
                return peakInUse;
            }

            @Override
            public void close() {
                if (closed) return;
                closed = true;
                piece = pieceBefore;
                used = usedBefore;
                inUse.addAndGet(inUseBefore - inUseHere);
                inUseHere = inUseBefore;
                if (outer == null) give(Pieces.this);
            }
        }
    }
}
