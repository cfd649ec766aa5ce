package dev.freecp.cuda;

import dev.freecp.error.DeviceException;
import dev.freecp.tensor.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import jcuda.CudaException;
import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;

/**
 * A GPU with its context, one stream that everything runs on in order, and the kernels loaded so far. One thread at a time may use it; the context moves
 * with it.
 */
final class CudaDevice implements AutoCloseable {

    private final int index;
    private final CUdevice device = new CUdevice();
    private final CUcontext context = new CUcontext();
    private final CUstream stream = new CUstream();
    private final Arena arena = Arena.ofShared();
    private final KernelArguments arguments = new KernelArguments(arena);
    private final Map<String, CUmodule> modules = new HashMap<>();
    private final Map<String, Kernel> kernels = new HashMap<>();
    private final DeviceLimits limits;
    private final Staging staging;
    private boolean capturing;
    private boolean closed;

    /**
     * Opens a GPU. The libraries have been loaded before.
     *
     * @param index of the device, from 0
     */
    CudaDevice(int index) {
        this.index = index;
        JCudaDriver.setExceptionsEnabled(true);
        try {
            JCudaDriver.cuInit(0);
            JCudaDriver.cuDeviceGet(device, index);
            JCudaDriver.cuDevicePrimaryCtxRetain(context, device);
        } catch (CudaException e) {
            throw new DeviceException(place() + " cannot be opened: " + e.getMessage(), e);
        }
        bind();
        JCudaDriver.cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING);
        limits = new DeviceLimits(attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK),
            attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Y), attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN));
        staging = new Staging(this);
    }

    /** {@code cuda:0}. */
    String place() {
        return "cuda:" + index;
    }

    /** The card's own name. */
    String name() {
        byte[] name = new byte[256];
        JCudaDriver.cuDeviceGetName(name, name.length, device);
        int end = 0;
        while (end < name.length && name[end] != 0) end++;
        return new String(name, 0, end);
    }

    /** {@code 9.0} for Hopper. */
    String computeCapability() {
        return attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR) + "."
            + attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
    }

    /** A value of {@link CUdevice_attribute}. */
    int attribute(int attribute) {
        int[] value = new int[1];
        JCudaDriver.cuDeviceGetAttribute(value, attribute, device);
        return value[0];
    }

    DeviceLimits limits() {
        return limits;
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

    /**
     * Makes the context current in this thread. Cheap, and asked for before every call: the driver remembers it for each thread of the operating system, where
     * another device may have been used, or a virtual thread may not have been before.
     */
    void bind() {
        JCudaDriver.cuCtxSetCurrent(context);
    }

    /** The kernel {@code name} of a family that is compiled once. */
    Kernel kernel(String family, String name) {
        return kernels.computeIfAbsent(family + ":" + name, _ -> find(family, name));
    }

    /** The kernel {@code name} of a family that is compiled for each type of activations. */
    Kernel kernel(String family, DType type, String name) {
        return kernel(family + "." + type.name().toLowerCase(Locale.ROOT), name);
    }

    private Kernel find(String moduleName, String name) {
        bind();
        CUmodule module = modules.computeIfAbsent(moduleName, this::load);
        CUfunction function = new CUfunction();
        try {
            JCudaDriver.cuModuleGetFunction(function, module, name);
        } catch (CudaException e) {
            throw new DeviceException("kernel " + name + " is not in " + moduleName + ".ptx: " + e.getMessage(), e);
        }
        return new Kernel(this, moduleName, name, function);
    }

    private CUmodule load(String moduleName) {
        byte[] ptx = PtxModules.read(moduleName);
        CUmodule module = new CUmodule();
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment text = scratch.allocate(ptx.length + 1);                       // ends with a zero byte
            MemorySegment.copy(ptx, 0, text, ValueLayout.JAVA_BYTE, 0, ptx.length);
            JCudaDriver.cuModuleLoadDataEx(module, Pointer.to(text.asByteBuffer()), 0, new int[0], Pointer.to(new int[0]));
        } catch (CudaException e) {
            throw new DeviceException(moduleName + ".ptx cannot be loaded on " + place() + " (" + name() + ", compute capability " + computeCapability()
                + "): " + e.getMessage() + "; kernels need compute capability 7.5 and a driver for CUDA 11.8 at least", e);
        }
        return module;
    }

    /** Whether the card is new enough for a module. */
    boolean runs(String moduleName) {
        return PtxModules.computeCapability(moduleName) <= 10 * attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR)
            + attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
    }

    /** Loads a module, as the first use of its kernels would. */
    void loadModule(String moduleName) {
        bind();
        modules.computeIfAbsent(moduleName, this::load);
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
        for (CUmodule module : modules.values()) JCudaDriver.cuModuleUnload(module);
        JCudaDriver.cuStreamDestroy(stream);
        JCudaDriver.cuDevicePrimaryCtxRelease(device);
        arena.close();
    }
}
