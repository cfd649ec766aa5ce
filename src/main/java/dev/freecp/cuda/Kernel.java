package dev.freecp.cuda;

import dev.freecp.error.DeviceException;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;
import jcuda.CudaException;
import jcuda.driver.JCudaDriver;

/** A {@code __global__} function on a stream. */
final class Kernel {

    private final CudaDevice device;
    private final KernelFunction function;

    Kernel(CudaDevice device, KernelFunction function) {
        this.device = device;
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
            function.allow(shared);
            JCudaDriver.cuLaunchKernel(function.function(), grid.x(), grid.y(), grid.z(), grid.blockX(), grid.blockY(), grid.blockZ(), shared, device.stream(),
                device.arguments().of(arguments), null);
        } catch (CudaException e) {
            throw new DeviceException(describe(grid, shared, arguments) + ": " + e.getMessage(), e);
        }
    }

    private String describe(Grid grid, int shared, Object... arguments) {
        return "kernel " + function.name() + " of " + function.module() + " on " + device.place() + ", " + grid + ", " + shared + " bytes of shared memory, arguments "
            + Arrays.stream(arguments).map(Objects::toString).collect(Collectors.joining(", "));
    }

    @Override
    public String toString() {
        return function.module() + ":" + function.name();
    }
}
