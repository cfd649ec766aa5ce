package dev.freecp.ops;

import dev.freecp.tensor.DType;
import dev.freecp.tensor.Storage;

/** Where a {@link MemoryPool} takes its pieces from: the host's native memory or a device's. */
public interface Heap {

    /** A piece of memory, aligned for any tensor; its contents are undefined. */
    interface Piece {

        /** The whole piece. */
        Storage storage();

        /** Gives the piece back; what was cut from it must not be used any more. */
        void free();
    }

    /**
     * @param held what the caller holds of this heap already for intermediate results, 0 for weights: decides what a message advises
     * @throws dev.freecp.error.DeviceException if a device has not that much left
     * @throws OutOfMemoryError                 if the host has not
     */
    Piece allocate(long bytes, long held);

    /** Pieces that intermediate results are cut from are at least this large, so that a small model needs one. */
    long pieceBytes();

    /** Tensors begin at multiples of this. */
    int alignmentBytes();

    /** What a tensor of {@code bytes} takes of a piece, so that the next may begin behind it. */
    default long room(long bytes) {
        return (bytes + alignmentBytes() - 1) / alignmentBytes() * alignmentBytes();
    }

    /** The part of a piece that a tensor of {@code bytes} gets, from {@code offset} on: all of its {@link #room}. */
    default Storage cut(Storage piece, long offset, long bytes) {
        return piece.slice(offset, room(bytes));
    }

    /** Distance of rows of {@code cols} elements, in elements: what reads best. */
    int stride(int cols, DType type);
}
