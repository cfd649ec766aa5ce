package dev.freecp.cuda;

import dev.freecp.tensor.Storage;
import dev.freecp.tensor.Tensor;

/**
 * Memory of a GPU, which the host cannot read.
 *
 * @param address on the device
 * @param place   {@code cuda:0}
 */
record DeviceMemory(long address, long bytes, String place) implements Storage {

    @Override
    public Storage slice(long offset, long length) {
        if (offset < 0 || length < 0 || offset + length > bytes)
            throw new IndexOutOfBoundsException("bytes " + offset + " to " + (offset + length) + " of " + bytes + " on " + place);
        return new DeviceMemory(address + offset, length, place);
    }

    /** Device address of a tensor's first element. */
    static long addressOf(Tensor tensor) {
        if (tensor.storage() instanceof DeviceMemory memory) return memory.address;
        throw new IllegalArgumentException(tensor + " lives on " + tensor.storage().place() + ": upload it before a kernel reads it");
    }
}
