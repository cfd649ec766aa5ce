package dev.freecp.cuda;

import dev.freecp.error.DeviceException;
import dev.freecp.tensor.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import jcuda.CudaException;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;

/**
 * A stream of a GPU, on which everything runs in order, with the kernels used so far. One thread at a time may use it; the context moves with it. Several
 * streams of one GPU share its context.
 */
final class CudaDevice implements AutoCloseable {

    private final CudaContext context;
    private final CUstream stream = new CUstream();
    private final Arena arena = Arena.ofShared();
    private final KernelArguments arguments = new KernelArguments(arena);
    private final Map<String, Kernel> kernels = new HashMap<>();
    private final Staging staging;
    private boolean capturing;
    private boolean closed;

    /**
     * Opens a GPU. The libraries have been loaded before.
     *
     * @param index of the device, from 0
     */
    CudaDevice(int index) {
        this(new CudaContext(index));
    }

    private CudaDevice(CudaContext context) {
        this.context = context;
        context.take();
        bind();
        JCudaDriver.cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING);
        staging = new Staging(this);
    }

    /** Another stream of the same GPU, for another thread. */
    CudaDevice beside() {
        return new CudaDevice(context);
    }

    /** {@code cuda:0}. */
    String place() {
        return context.place();
    }

    /** The card's own name. */
    String name() {
        return context.name();
    }

    /** {@code 9.0} for Hopper. */
    String computeCapability() {
        return context.computeCapability();
    }

    /** A value of {@link CUdevice_attribute}. */
    int attribute(int attribute) {
        return context.attribute(attribute);
    }

    DeviceLimits limits() {
        return context.limits();
    }

    CUstream stream() {
        return stream;
    }

    KernelArguments arguments() {
        return arguments;
    }

    Staging staging() {
        return staging;
    }

    /** Free and total bytes of the card, whoever uses them. */
    long[] memory() {
        bind();
        long[] free = new long[1], total = new long[1];
        JCudaDriver.cuMemGetInfo(free, total);
        return new long[] {free[0], total[0]};
    }

    /** Makes the GPU's context current in this thread, as is asked for before every call. */
    void bind() {
        context.bind();
    }

    /** The kernel {@code name} of a family that is compiled once. */
    Kernel kernel(String family, String name) {
        return kernels.computeIfAbsent(family + ":" + name, _ -> new Kernel(this, context.function(family, name)));
    }

    /** The kernel {@code name} of a family that is compiled for each type of activations. */
    Kernel kernel(String family, DType type, String name) {
        return kernel(family + "." + type.name().toLowerCase(Locale.ROOT), name);
    }

    /** Whether the card is new enough for a module. */
    boolean runs(String moduleName) {
        return PtxModules.computeCapability(moduleName) <= 10 * attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR)
            + attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
    }

    /** Loads a module, as the first use of its kernels would. */
    void loadModule(String moduleName) {
        context.loadModule(moduleName);
    }

    /** Whether what is put on the stream goes to a graph and is not done yet. */
    boolean isCapturing() {
        return capturing;
    }

    void capturing(boolean now) {
        capturing = now;
    }

    /** Waits until everything on the stream is done. */
    void synchronize() {
        bind();
        driver("work", () -> JCudaDriver.cuStreamSynchronize(stream));
    }

    /** A failure of the driver, which may be an earlier launch's, in words. */
    private void driver(String what, Runnable calls) {
        try {
            calls.run();
        } catch (CudaException e) {
            throw new DeviceException(what + " on " + place() + " failed: " + e.getMessage(), e);
        }
    }

    /** Copies host memory to the device, in order with everything on the stream; {@code from} may be changed at once after the call. */
    void upload(long to, MemorySegment from) {
        driver("a copy of " + from.byteSize() + " bytes to memory", () -> staging.upload(to, from));
    }

    /** Copies device memory to the host and waits for it. */
    void download(MemorySegment to, long from) {
        driver("a copy of " + to.byteSize() + " bytes from memory", () -> staging.download(to, from));
    }

    @Override
    public void close() {
        if (closed) return;
        closed = true;
        bind();
        staging.close();
        JCudaDriver.cuStreamDestroy(stream);
        context.give();
        arena.close();
    }
}
