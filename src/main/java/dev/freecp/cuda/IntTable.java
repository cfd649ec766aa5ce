package dev.freecp.cuda;

import dev.freecp.ops.Workspace;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/** Whole numbers that the host works out and a kernel reads: token numbers, rows, groups, taps. */
final class IntTable {

    private IntTable() {
    }

    /** A dense int32 copy on the device, alive as long as {@code scratch}. One table a launch: every upload waits for the one before the last. */
    static Tensor upload(CudaDevice device, Workspace scratch, String name, int... values) {
        Tensor table = scratch.tensor(name, Shape.of("entry", values.length), DType.I32);
        device.upload(DeviceMemory.addressOf(table), MemorySegment.ofArray(values));
        return table;
    }
}
