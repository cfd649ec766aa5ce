package dev.freecp.cuda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/** A context on the emulator with the kernels of its own tests, and the few calls that those tests repeat. JCuda's calls throw on errors. */
final class EmulatedDevice implements AutoCloseable {

    private final CUcontext context = new CUcontext();
    private final Map<String, CUmodule> modules = new HashMap<>();

    EmulatedDevice() {
        Emulator.load();
        JCudaDriver.setExceptionsEnabled(true);
        JCudaDriver.cuInit(0);
        CUdevice device = new CUdevice();
        JCudaDriver.cuDeviceGet(device, 0);
        JCudaDriver.cuCtxCreate(context, 0, device);
        for (Probe probe : Probe.values()) modules.computeIfAbsent(probe.module, name -> load(Probe.ptx(name)));
    }

    @Override
    public void close() {
        JCudaDriver.cuCtxDestroy(context);
    }

    static CUmodule load(String ptx) {
        CUmodule module = new CUmodule();
        JCudaDriver.cuModuleLoadData(module, (ptx + "\0").getBytes(StandardCharsets.US_ASCII));
        return module;
    }

    CUfunction function(Probe probe) {
        return function(modules.get(probe.module), probe);
    }

    static CUfunction function(CUmodule module, Probe probe) {
        CUfunction function = new CUfunction();
        JCudaDriver.cuModuleGetFunction(function, module, probe.kernel);
        return function;
    }

    /** One block of threads along x, with dynamic shared memory of a float each, on the legacy stream. */
    void launch(Probe probe, int threads, Object... arguments) {
        launch(function(probe), null, new int[] {1, 1, 1}, new int[] {threads, 1, 1}, 4 * threads, arguments);
    }

    static void launch(CUfunction function, CUstream stream, int[] blocks, int[] threads, int dynamicBytes, Object... arguments) {
        Pointer[] parameters = new Pointer[arguments.length];
        for (int i = 0; i < arguments.length; i++) {
            parameters[i] = switch (arguments[i]) {
                case CUdeviceptr address -> Pointer.to(address);
                case Integer number -> Pointer.to(bytes(4).putInt(0, number));
                case Float number -> Pointer.to(bytes(4).putFloat(0, number));
                default -> throw new IllegalArgumentException(arguments[i].toString());
            };
        }
        JCudaDriver.cuLaunchKernel(function, blocks[0], blocks[1], blocks[2], threads[0], threads[1], threads[2], dynamicBytes, stream,
            Pointer.to(parameters), null);
    }

    static void synchronize() {
        JCudaDriver.cuCtxSynchronize();
    }

    static CUdeviceptr allocate(long bytes) {
        CUdeviceptr address = new CUdeviceptr();
        JCudaDriver.cuMemAlloc(address, bytes);
        return address;
    }

    static CUdeviceptr upload(ByteBuffer values) {
        CUdeviceptr address = allocate(values.capacity());
        JCudaDriver.cuMemcpyHtoD(address, Pointer.to(values), values.capacity());
        return address;
    }

    static CUdeviceptr upload(float... values) {
        ByteBuffer bytes = bytes(4 * values.length);
        bytes.asFloatBuffer().put(values);
        return upload(bytes);
    }

    static CUdeviceptr upload(short... values) {
        ByteBuffer bytes = bytes(2 * values.length);
        bytes.asShortBuffer().put(values);
        return upload(bytes);
    }

    /** Waits for the legacy stream and for streams that it waits for. */
    static ByteBuffer download(CUdeviceptr address, int bytes) {
        ByteBuffer values = bytes(bytes);
        JCudaDriver.cuMemcpyDtoH(Pointer.to(values), address, bytes);
        return values;
    }

    static float[] floats(CUdeviceptr address, int count) {
        float[] values = new float[count];
        download(address, 4 * count).asFloatBuffer().get(values);
        return values;
    }

    static int[] ints(CUdeviceptr address, int count) {
        int[] values = new int[count];
        download(address, 4 * count).asIntBuffer().get(values);
        return values;
    }

    static short[] shorts(CUdeviceptr address, int count) {
        short[] values = new short[count];
        download(address, 2 * count).asShortBuffer().get(values);
        return values;
    }

    static ByteBuffer bytes(int count) {
        return ByteBuffer.allocateDirect(count).order(ByteOrder.nativeOrder());
    }
}
