package dev.freecp.cuda;

import static dev.freecp.cuda.EmulatedDevice.allocate;
import static dev.freecp.cuda.EmulatedDevice.bytes;
import static dev.freecp.cuda.EmulatedDevice.synchronize;
import static dev.freecp.cuda.EmulatorTest.assertError;
import static jcuda.driver.JCudaDriver.cuMemFree;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoH;
import static jcuda.driver.JCudaDriver.cuMemcpyHtoD;
import static jcuda.driver.JCudaDriver.cuMemsetD32Async;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUfunction;
import jcuda.driver.CUfunction_attribute;
import jcuda.driver.JCudaDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The emulator's driver refuses wrong ranges, sizes, modules and threads. */
class EmulatorLimitsTest {

    private EmulatedDevice device;

    @BeforeEach
    void open() {
        Emulator.assumeAvailable();
        device = new EmulatedDevice();
    }

    @AfterEach
    void close() {
        if (device != null) device.close();
    }

    @Test
    void copiesOutsideAnAllocationAreRefused() {
        int size = 400;
        CUdeviceptr y = allocate(size);
        ByteBuffer host = bytes(size + 4);
        assertInvalid(() -> cuMemcpyDtoH(Pointer.to(host), y, size + 4));
        assertInvalid(() -> cuMemcpyDtoH(Pointer.to(host), y.withByteOffset(4), size));
        assertInvalid(() -> cuMemcpyHtoD(y.withByteOffset(-4), Pointer.to(host), 4));
        assertInvalid(() -> JCudaDriver.cuMemcpyDtoDAsync(y, y.withByteOffset(size), 4, null));
        assertInvalid(() -> cuMemsetD32Async(y, 0, size / 4 + 1, null));
        cuMemFree(y);
        assertInvalid(() -> cuMemcpyDtoH(Pointer.to(host), y, 4));
        assertInvalid(() -> cuMemFree(y));
    }

    @Test
    void launchesBeyondTheDevicesLimitsAreRefused() {
        CUdeviceptr y = allocate(4);
        CUfunction writes = device.function(Probe.WRITES);
        assertInvalid(() -> launch(writes, new int[] {0, 1, 1}, new int[] {1, 1, 1}, 0, y, 0));
        assertInvalid(() -> launch(writes, new int[] {1, 65536, 1}, new int[] {1, 1, 1}, 0, y, 0));
        assertInvalid(() -> launch(writes, new int[] {1, 1, 65536}, new int[] {1, 1, 1}, 0, y, 0));
        assertInvalid(() -> launch(writes, new int[] {1, 1, 1}, new int[] {1025, 1, 1}, 0, y, 0));
        assertInvalid(() -> launch(writes, new int[] {1, 1, 1}, new int[] {32, 33, 1}, 0, y, 0));
        assertInvalid(() -> launch(writes, new int[] {1, 1, 1}, new int[] {1, 1, 65}, 0, y, 0));
        assertInvalid(() -> launch(device.function(Probe.NOTE_POSITION), new int[] {1, 1, 1}, new int[] {97, 1, 1}, 0, y));
        assertEquals("kernel note_position: threads a block 97, at most 96 and at least 1", Emulator.lastMessage());
        launch(writes, new int[] {65536, 1, 1}, new int[] {1, 1, 1}, 0, y, 0);
        synchronize();
    }

    @Test
    void muchDynamicSharedMemoryMustBeAskedFor() {
        int attribute = CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, normal = 48 << 10, most = 99 << 10;
        CUdeviceptr y = allocate(4);
        CUfunction writes = device.function(Probe.WRITES);
        int[] one = {1, 1, 1};
        launch(writes, one, one, normal, y, 0);
        assertInvalid(() -> launch(writes, one, one, normal + 1, y, 0));
        assertInvalid(() -> JCudaDriver.cuFuncSetAttribute(writes, attribute, most + 1));
        JCudaDriver.cuFuncSetAttribute(writes, attribute, most);
        launch(writes, one, one, most, y, 0);
        assertInvalid(() -> launch(writes, one, one, most + 1, y, 0));
    }

    @Test
    void memoryIsCountedAndRunsOut() {
        long bytes = Emulator.deviceBytes(), allocations = Emulator.allocations();
        CUdeviceptr y = allocate(1000);
        assertEquals(bytes + 1000, Emulator.deviceBytes());
        assertEquals(allocations + 1, Emulator.allocations());
        long[] free = {0}, total = {0};
        JCudaDriver.cuMemGetInfo(free, total);
        assertEquals(total[0] - bytes - 1000, free[0]);
        assertError("CUDA_ERROR_OUT_OF_MEMORY", () -> allocate(free[0] + 1));
        cuMemFree(y);
        assertEquals(bytes, Emulator.deviceBytes());
    }

    @Test
    void everyThreadNeedsItsOwnContext() throws InterruptedException {
        Throwable[] thrown = {null};
        Thread other = new Thread(() -> allocate(4));
        other.setUncaughtExceptionHandler((_, error) -> thrown[0] = error);
        other.start();
        other.join();
        assertEquals("CUDA_ERROR_INVALID_CONTEXT", thrown[0].getMessage());
    }

    @Test
    void modulesMustBeWhatTheirPtxDeclares() {
        String ptx = Probe.ptx("faults");
        assertError("CUDA_ERROR_INVALID_IMAGE", () -> EmulatedDevice.load(ptx.replace("// freecp faults", "")));
        assertError("CUDA_ERROR_NO_BINARY_FOR_GPU", () -> EmulatedDevice.load(ptx.replace("// freecp faults", "// freecp nothing")));
        assertError("CUDA_ERROR_NOT_FOUND", () -> EmulatedDevice.load(ptx.replace(".entry writes(", ".entry unwritten(")));
        assertError("CUDA_ERROR_INVALID_IMAGE", () -> EmulatedDevice.load(ptx.replace(".u64 writes_param_0", ".u32 writes_param_0")));
        assertEquals("kernel writes: its PTX has parameters of 4 4 bytes, its source 8 4", Emulator.lastMessage());
        assertError("CUDA_ERROR_INVALID_IMAGE", () -> EmulatedDevice.load(ptx.replace("\t.param .u64 diverges_param_0\n", "")));
    }

    @Test
    void ptxTooNewForDriverOrDeviceIsRefused() {
        String ptx = Probe.ptx("faults");
        assertError("CUDA_ERROR_UNSUPPORTED_PTX_VERSION", () -> EmulatedDevice.load(ptx.replace(".version 7.8", ".version 9.0")));
        assertError("CUDA_ERROR_INVALID_PTX", () -> EmulatedDevice.load(ptx.replace(".target sm_75", ".target sm_86")));
        EmulatedDevice.load(ptx.replace(".target sm_75", ".target sm_80"));
    }

    @Test
    void whatIsNotEmulatedSaysSo() {
        assertError("CUDA_ERROR_NOT_SUPPORTED", () -> JCudaDriver.cuStreamAttachMemAsync(null, new CUdeviceptr(), 0, 0));
    }

    private static void launch(CUfunction function, int[] blocks, int[] threads, int dynamicBytes, Object... arguments) {
        EmulatedDevice.launch(function, null, blocks, threads, dynamicBytes, arguments);
    }

    private static void assertInvalid(Executable call) {
        assertError("CUDA_ERROR_INVALID_VALUE", call);
    }
}
