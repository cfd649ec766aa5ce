package dev.freecp.cuda;

import jcuda.driver.CUdeviceptr;

/** A device pointer that tells its address, which JCuda keeps to itself. */
final class DevicePointer extends CUdeviceptr {

    /** Where the driver's allocation lies. */
    long address() {
        return getNativePointer() + getByteOffset();
    }

    /** A pointer to {@code address}. */
    static CUdeviceptr to(long address) {
        return new CUdeviceptr().withByteOffset(address);
    }
}
