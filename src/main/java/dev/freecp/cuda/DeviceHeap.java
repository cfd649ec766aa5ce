package dev.freecp.cuda;

import dev.freecp.error.DeviceException;
import dev.freecp.ops.Heap;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Storage;
import jcuda.CudaException;
import jcuda.driver.JCudaDriver;

/** Memory of one GPU. */
final class DeviceHeap implements Heap {

    /** A piece is a thousandth of the card's memory at least, but no more than this: enough for a small model's every need. */
    private static final long LARGEST_PIECE_BYTES = 64L << 20;

    /** What the driver gives anyway, and more than any kernel's widest access. */
    private static final int ALIGNMENT_BYTES = 256;

    /** Rows of at least this many elements are padded. */
    private static final int PADDED_FROM = 64;

    /** Elements: rows then begin at multiples of 16 bytes, the widest load of a thread, in 16-bit types too. */
    private static final int ROW_ALIGNMENT = 8;

    private final CudaDevice device;
    private final long pieceBytes;

    DeviceHeap(CudaDevice device) {
        this.device = device;
        this.pieceBytes = Math.min(LARGEST_PIECE_BYTES, device.memory()[1] >> 10);
    }

    @Override
    public Piece allocate(long bytes) {
        device.bind();
        DevicePointer pointer = new DevicePointer();
        try {
            JCudaDriver.cuMemAlloc(pointer, bytes);
        } catch (CudaException e) {
            long[] memory = device.memory();
            throw new DeviceException("%s has %,d MiB free of %,d, and %,d MiB more are needed; take a smaller --memory, --precision fp16, or a smaller model (%s)"
                .formatted(device.place(), memory[0] >> 20, memory[1] >> 20, (bytes >> 20) + 1, e.getMessage()), e);
        }
        Storage storage = new DeviceMemory(pointer.address(), bytes, device.place());
        return new Piece() {
            @Override
            public Storage storage() {
                return storage;
            }

            @Override
            public void free() {
                device.bind();
                JCudaDriver.cuMemFree(pointer);
            }
        };
    }

    @Override
    public long pieceBytes() {
        return pieceBytes;
    }

    @Override
    public int alignmentBytes() {
        return ALIGNMENT_BYTES;
    }

    @Override
    public int stride(int cols, DType type) {
        return cols < PADDED_FROM ? cols : (cols + ROW_ALIGNMENT - 1) / ROW_ALIGNMENT * ROW_ALIGNMENT;
    }
}
