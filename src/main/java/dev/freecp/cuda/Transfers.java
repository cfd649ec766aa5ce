package dev.freecp.cuda;

import dev.freecp.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Copies of numbers between the host and tensors of a device, with the change of type on the host. */
final class Transfers {

    private final CudaDevice device;

    Transfers(CudaDevice device) {
        this.device = device;
    }

    /** Fills y (F32, F16 or BF16) from dense row-major values, rounded to nearest even. */
    void upload(Tensor y, float[] values) {
        if (values.length != y.shape().count()) throw new IllegalArgumentException(y + ": got " + values.length + " values");
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(bytes(y), Long.BYTES);
            for (int row = 0; row < y.rows(); row++) Rounding.storeRow(memory, y, row, values, row * y.cols());
            device.upload(DeviceMemory.addressOf(y), memory);
        }
    }

    /** Dense row-major float32 values of x (F32, F16 or BF16). */
    float[] download(Tensor x) {
        float[] values = new float[Math.toIntExact(x.shape().count())];
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(bytes(x), Long.BYTES);
            device.download(memory, DeviceMemory.addressOf(x));
            for (int row = 0; row < x.rows(); row++) {
                long at = x.offset(row, 0);
                int to = row * x.cols();
                switch (x.type()) {
                    case F32 -> MemorySegment.copy(memory, ValueLayout.JAVA_FLOAT, at, values, to, x.cols());
                    case F16 -> {
                        for (int c = 0; c < x.cols(); c++) values[to + c] = Float.float16ToFloat(memory.get(ValueLayout.JAVA_SHORT, at + 2L * c));
                    }
                    case BF16 -> {
                        for (int c = 0; c < x.cols(); c++) values[to + c] = Float.intBitsToFloat(memory.get(ValueLayout.JAVA_SHORT, at + 2L * c) << 16);
                    }
                    default -> throw new IllegalArgumentException(x + ": " + x.type() + " are not floats");
                }
            }
        }
        return values;
    }

    /** Copies a host tensor's bytes to a device tensor of the same type, row by row where their strides differ. */
    void copy(Tensor to, Tensor from) {
        if (to.stride() == from.stride()) {
            device.upload(DeviceMemory.addressOf(to), from.segment().asSlice(0, bytes(from)));
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(bytes(to), Long.BYTES);
            long row = (long) from.cols() * from.type().bytes();
            for (int r = 0; r < from.rows(); r++) MemorySegment.copy(from.segment(), from.offset(r, 0), memory, to.offset(r, 0), row);
            device.upload(DeviceMemory.addressOf(to), memory);
        }
    }

    /** From the first element to the last, gaps between rows included. */
    private static long bytes(Tensor tensor) {
        return tensor.rows() == 0 ? 0 : tensor.offset(tensor.rows() - 1, tensor.cols());
    }
}
