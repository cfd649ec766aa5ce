package dev.freecp.cuda;

import dev.freecp.ops.Heap;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Device memory of what lives as long as the backend: weights. Cut one after the other from a few large pieces. */
final class PermanentMemory implements AutoCloseable {

    private final Heap heap;
    private final List<Heap.Piece> pieces = new ArrayList<>();
    private long size;
    private long used;
    private long held;

    PermanentMemory(Heap heap) {
        this.heap = heap;
    }

    /** A tensor with undefined contents. */
    Tensor tensor(String name, Shape shape, DType type) {
        int stride = heap.stride(shape.cols(), type);
        long bytes = Math.max(1, (long) shape.rows() * stride) * type.bytes();
        long room = heap.room(bytes);
        if (pieces.isEmpty() || used + room > size) {
            size = room > heap.pieceBytes() / 4 ? room : heap.pieceBytes();           // a large table gets a piece of its own size
            pieces.add(heap.allocate(size, 0));
            used = 0;
            held += size;
        }
        Tensor tensor = new Tensor(name, shape, type, stride, heap.cut(pieces.getLast().storage(), used, bytes));
        used += room;
        return tensor;
    }

    /** Bytes taken from the device. */
    long heldBytes() {
        return held;
    }

    @Override
    public void close() {
        pieces.forEach(Heap.Piece::free);
        pieces.clear();
        used = size = held = 0;
    }
}
