package dev.freecp.cuda;

import java.lang.foreign.MemorySegment;
import jcuda.Pointer;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.JCudaDriver;

/**
 * Pinned host memory between pageable memory and the device, in slots used in turn: while the device copies some, the host fills the next. There are enough of
 * them that the small tables of a picture never wait for kernels before them. Pinned once, because pinning takes longer than most copies.
 */
final class Staging implements AutoCloseable {

    private static final int SLOTS = 16;
    private static final long SLOT_BYTES = 512 << 10;

    private final CudaDevice device;
    private final Pointer pointer = new Pointer();
    private final MemorySegment memory;
    private final CUevent[] copied = new CUevent[SLOTS];
    private int next;

    /** The device's context is current. */
    Staging(CudaDevice device) {
        this.device = device;
        JCudaDriver.cuMemHostAlloc(pointer, SLOTS * SLOT_BYTES, 0);
        memory = MemorySegment.ofBuffer(pointer.getByteBuffer(0, SLOTS * SLOT_BYTES));
        for (int slot = 0; slot < SLOTS; slot++) JCudaDriver.cuEventCreate(copied[slot] = new CUevent(), CUevent_flags.CU_EVENT_DISABLE_TIMING);
    }

    /** Returns as soon as {@code from} has been read, which is before the device has it. */
    void upload(long to, MemorySegment from) {
        device.bind();
        for (long done = 0; done < from.byteSize(); done += SLOT_BYTES) {
            long bytes = Math.min(SLOT_BYTES, from.byteSize() - done), slot = next * SLOT_BYTES;
            JCudaDriver.cuEventSynchronize(copied[next]);                                   // the device has read what lay here before
            MemorySegment.copy(from, done, memory, slot, bytes);
            JCudaDriver.cuMemcpyHtoDAsync(DevicePointer.to(to + done), pointer.withByteOffset(slot), bytes, device.stream());
            JCudaDriver.cuEventRecord(copied[next], device.stream());
            next = (next + 1) % SLOTS;
        }
    }

    /** Returns when {@code to} holds the numbers; uses all slots as one. */
    void download(MemorySegment to, long from) {
        device.bind();
        for (long done = 0; done < to.byteSize(); done += SLOTS * SLOT_BYTES) {
            long bytes = Math.min(SLOTS * SLOT_BYTES, to.byteSize() - done);
            for (CUevent event : copied) JCudaDriver.cuEventSynchronize(event);             // uploads may still be read from here
            JCudaDriver.cuMemcpyDtoHAsync(pointer, DevicePointer.to(from + done), bytes, device.stream());
            device.synchronize();
            MemorySegment.copy(memory, 0, to, done, bytes);
        }
    }

    @Override
    public void close() {
        for (CUevent event : copied) JCudaDriver.cuEventDestroy(event);
        JCudaDriver.cuMemFreeHost(pointer);
    }
}
