package dev.freecp.cuda;

import dev.freecp.error.DeviceException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;
import jcuda.CudaException;
import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.JCudaDriver;

/** A GPU with its context and the kernels loaded so far, for all the streams that work on it; the last of them to close gives it back. Safe for many threads. */
final class CudaContext {

    private final int index;
    private final CUdevice device = new CUdevice();
    private final CUcontext context = new CUcontext();
    private final Map<String, CUmodule> modules = new HashMap<>();
    private final Map<String, KernelFunction> functions = new HashMap<>();
    private final DeviceLimits limits;
    private int users;

    /** Opens a GPU; see {@link CudaDevice#CudaDevice(int)}. */
    CudaContext(int index) {
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
        limits = new DeviceLimits(attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK),
            attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Y), attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN));
    }

    /** One user more. */
    synchronized void take() {
        users++;
    }

    /** One user less; the last one closes everything. */
    synchronized void give() {
        if (--users > 0) return;
        bind();
        for (CUmodule module : modules.values()) JCudaDriver.cuModuleUnload(module);
        JCudaDriver.cuDevicePrimaryCtxRelease(device);
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

    /**
     * Makes the context current in this thread. Cheap, and asked for before every call: the driver remembers it for each thread of the operating system, where
     * another device may have been used, or a virtual thread may not have been before.
     */
    void bind() {
        JCudaDriver.cuCtxSetCurrent(context);
    }

    /** The kernel {@code name} of a module, which is loaded at its first use. */
    synchronized KernelFunction function(String moduleName, String name) {
        return functions.computeIfAbsent(moduleName + ":" + name, _ -> find(moduleName, name));
    }

    private KernelFunction find(String moduleName, String name) {
        CUmodule module = module(moduleName);
        CUfunction function = new CUfunction();
        try {
            JCudaDriver.cuModuleGetFunction(function, module, name);
        } catch (CudaException e) {
            throw new DeviceException("kernel " + name + " is not in " + moduleName + ".ptx: " + e.getMessage(), e);
        }
        return new KernelFunction(moduleName, name, function);
    }

    /** Loads a module, as the first use of its kernels would. */
    synchronized void loadModule(String moduleName) {
        module(moduleName);
    }

    private CUmodule module(String moduleName) {
        bind();
        return modules.computeIfAbsent(moduleName, this::load);
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
}
