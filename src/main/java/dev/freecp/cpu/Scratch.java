package dev.freecp.cpu;

import dev.freecp.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Memory for intermediate results inside one operation, kept between operations and grown when one needs more: one piece a worker and one for all. */
final class Scratch implements AutoCloseable {

    private final Piece[] own;
    private final Piece shared = new Piece();

    Scratch(int workers) {
        own = new Piece[workers];
        for (int i = 0; i < workers; i++) own[i] = new Piece();
    }

    /** At least {@code floats} floats that only this worker touches, undefined contents, valid until the worker asks again. */
    MemorySegment of(int worker, long floats) {
        return own[worker].atLeast(floats * Float.BYTES);
    }

    /** At least {@code floats} floats for all workers, asked for by the calling thread before they start. */
    MemorySegment shared(long floats) {
        return shared.atLeast(floats * Float.BYTES);
    }

    @Override
    public void close() {
        for (Piece piece : own) piece.close();
        shared.close();
    }

    private static final class Piece {
        private Arena arena;
        private MemorySegment memory = MemorySegment.NULL;

        MemorySegment atLeast(long bytes) {
            if (memory.byteSize() < bytes) {
                close();
                arena = Arena.ofShared();
                memory = arena.allocate(bytes, Tensor.ALIGNMENT_BYTES);
            }
            return memory;
        }

        void close() {
            if (arena != null) arena.close();
            arena = null;
            memory = MemorySegment.NULL;
        }
    }
}
