package dev.freecp.cuda;

import java.lang.foreign.MemorySegment;
import jcuda.Pointer;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.JCudaDriver;

/**
 * Pinned host memory between pageable memory and the device, in two halves: while the device copies one, the host fills the other. Pinned once, because
 * pinning takes longer than most copies.
 */
final class Staging implements AutoCloseable {

    private static final long HALF_BYTES = 4L << 20;

    private final CudaDevice device;
    private final Pointer pointer = new Pointer();
    private final MemorySegment memory;
    private final CUevent[] copied = {new CUevent(), new CUevent()};
    private int half;

    /** The device's context is current. */
    Staging(CudaDevice device) {
        this.device = device;
        JCudaDriver.cuMemHostAlloc(pointer, 2 * HALF_BYTES, 0);
        memory = MemorySegment.ofBuffer(pointer.getByteBuffer(0, 2 * HALF_BYTES));
        for (CUevent event : copied) JCudaDriver.cuEventCreate(event, CUevent_flags.CU_EVENT_DISABLE_TIMING);
    }

    /** Returns as soon as {@code from} has been read, which is before the device has it. */
    void upload(long to, MemorySegment from) {
        device.bind();
        for (long done = 0; done < from.byteSize(); done += HALF_BYTES) {
            long bytes = Math.min(HALF_BYTES, from.byteSize() - done);
            JCudaDriver.cuEventSynchronize(copied[half]);                              // the device has read what lay here before
            MemorySegment.copy(from, done, memory, half * HALF_BYTES, bytes);
            JCudaDriver.cuMemcpyHtoDAsync(DevicePointer.to(to + done), pointer.withByteOffset(half * HALF_BYTES), bytes, device.stream());
            JCudaDriver.cuEventRecord(copied[half], device.stream());
            half = 1 - half;
        }
    }

    /** Returns when {@code to} holds the numbers. */
    void download(MemorySegment to, long from) {
        device.bind();
        for (long done = 0; done < to.byteSize(); done += HALF_BYTES) {
            long bytes = Math.min(HALF_BYTES, to.byteSize() - done);
            JCudaDriver.cuEventSynchronize(copied[half]);
            JCudaDriver.cuMemcpyDtoHAsync(pointer.withByteOffset(half * HALF_BYTES), DevicePointer.to(from + done), bytes, device.stream());
            JCudaDriver.cuEventRecord(copied[half], device.stream());
            device.synchronize();
            MemorySegment.copy(memory, half * HALF_BYTES, to, done, bytes);
            half = 1 - half;
        }
    }

    @Override
    public void close() {
        for (CUevent event : copied) JCudaDriver.cuEventDestroy(event);
        JCudaDriver.cuMemFreeHost(pointer);
    }
}
