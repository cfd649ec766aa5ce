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
    public Piece allocate(long bytes, long held) {
        device.bind();
        DevicePointer pointer = new DevicePointer();
        try {
            JCudaDriver.cuMemAlloc(pointer, bytes);
        } catch (CudaException e) {
            throw tooSmall(bytes, held, e);
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

    /** Says what would fit: weights have one size, a batch has the size that was asked for. */
    private DeviceException tooSmall(long bytes, long held, CudaException cause) {
        long[] memory = device.memory();
        String has = "%s has %,d MiB free of %,d".formatted(device.place(), memory[0] >> 20, memory[1] >> 20);
        String fits = held == 0 ? "%,d MiB more are needed for the model's weights; take --precision fp16, a smaller model, or a card with more memory".formatted((bytes >> 20) + 1)
            : "%,d MiB more are needed for a batch of windows; --memory %dM fits, if one window does".formatted((bytes >> 20) + 1, Math.max(1, (memory[0] + held) * 3 / 4 >> 20));
        return new DeviceException(has + ", and " + fits + " (" + cause.getMessage() + ")", cause);
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
