package dev.freecp.cuda;

import dev.freecp.error.DeviceException;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;
import jcuda.CudaException;
import jcuda.driver.CUfunction;
import jcuda.driver.CUfunction_attribute;
import jcuda.driver.JCudaDriver;

/** One {@code __global__} function of a loaded module. */
final class Kernel {

    /** Dynamic shared memory that every kernel may have without asking. */
    private static final int SHARED_UNASKED = 48 << 10;

    private final CudaDevice device;
    private final String module;
    private final String name;
    private final CUfunction function;
    private int sharedAllowed = SHARED_UNASKED;

    Kernel(CudaDevice device, String module, String name, CUfunction function) {
        this.device = device;
        this.module = module;
        this.name = name;
        this.function = function;
    }

    /** Launches without dynamic shared memory. */
    void launch(Grid grid, Object... arguments) {
        launchShared(grid, 0, arguments);
    }

    /**
     * Puts the kernel on the device's stream. A grid without blocks comes from a tensor without rows, and is done at once.
     *
     * @param shared    bytes of dynamic shared memory
     * @param arguments in the kernel's order: tensors (their address), null (the null pointer), long, int, float
     * @throws DeviceException naming kernel, grid, block and arguments, if the launch goes beyond the device's limits or fails
     */
    void launchShared(Grid grid, int shared, Object... arguments) {
        if (grid.isEmpty()) return;
        device.bind();
        device.limits().check(grid, shared).ifPresent(fault -> {
            throw new DeviceException(describe(grid, shared, arguments) + ": " + fault);
        });
        try {
            if (shared > sharedAllowed) {
                JCudaDriver.cuFuncSetAttribute(function, CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, shared);
                sharedAllowed = shared;
            }
            JCudaDriver.cuLaunchKernel(function, grid.x(), grid.y(), grid.z(), grid.blockX(), grid.blockY(), grid.blockZ(), shared, device.stream(),
                device.arguments().of(arguments), null);
        } catch (CudaException e) {
            throw new DeviceException(describe(grid, shared, arguments) + ": " + e.getMessage(), e);
        }
    }

    private String describe(Grid grid, int shared, Object... arguments) {
        return "kernel " + name + " of " + module + " on " + device.place() + ", " + grid + ", " + shared + " bytes of shared memory, arguments "
            + Arrays.stream(arguments).map(Objects::toString).collect(Collectors.joining(", "));
    }

    @Override
    public String toString() {
        return module + ":" + name;
    }
}
