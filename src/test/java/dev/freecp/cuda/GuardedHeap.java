package dev.freecp.cuda;

import dev.freecp.ops.Heap;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Storage;

/**
 * The emulator's device memory with everything out of bounds but the tensors cut from it, each with a gap behind: under AddressSanitizer a kernel that leaves
 * its tensor ends the process, though the next tensor lies in the same allocation.
 */
final class GuardedHeap implements Heap {

    private static final int GAP_BYTES = 256;

    private final CudaDevice device;
    private final Heap heap;

    GuardedHeap(CudaDevice device) {
        this.device = device;
        this.heap = new DeviceHeap(device);
    }

    @Override
    public Piece allocate(long bytes, long held) {
        Piece piece = heap.allocate(bytes, held);
        Emulator.poison(((DeviceMemory) piece.storage()).address(), bytes);
        return piece;
    }

    @Override
    public long room(long bytes) {
        return heap.room(bytes + GAP_BYTES);
    }

    /** Waits first: work of the stream may still use what lay here before, and would run into the new tensor's gap. */
    @Override
    public Storage cut(Storage piece, long offset, long bytes) {
        device.synchronize();
        DeviceMemory memory = (DeviceMemory) piece.slice(offset, room(bytes));
        Emulator.unpoison(memory.address(), bytes);
        Emulator.poison(memory.address() + bytes, memory.bytes() - bytes);
        return memory;
    }

    @Override
    public long pieceBytes() {
        return heap.pieceBytes();
    }

    @Override
    public int alignmentBytes() {
        return heap.alignmentBytes();
    }

    @Override
    public int stride(int cols, DType type) {
        return heap.stride(cols, type);
    }
}
