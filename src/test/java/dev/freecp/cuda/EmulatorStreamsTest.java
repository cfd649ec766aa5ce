package dev.freecp.cuda;

import static dev.freecp.cuda.EmulatedDevice.allocate;
import static dev.freecp.cuda.EmulatedDevice.bytes;
import static dev.freecp.cuda.EmulatedDevice.floats;
import static dev.freecp.cuda.EmulatedDevice.synchronize;
import static dev.freecp.cuda.EmulatedDevice.upload;
import static dev.freecp.cuda.EmulatorTest.assertError;
import static jcuda.driver.JCudaDriver.cuEventCreate;
import static jcuda.driver.JCudaDriver.cuEventQuery;
import static jcuda.driver.JCudaDriver.cuEventRecord;
import static jcuda.driver.JCudaDriver.cuEventSynchronize;
import static jcuda.driver.JCudaDriver.cuGraphDestroy;
import static jcuda.driver.JCudaDriver.cuGraphExecDestroy;
import static jcuda.driver.JCudaDriver.cuGraphInstantiate;
import static jcuda.driver.JCudaDriver.cuGraphLaunch;
import static jcuda.driver.JCudaDriver.cuMemAlloc;
import static jcuda.driver.JCudaDriver.cuMemFree;
import static jcuda.driver.JCudaDriver.cuMemHostAlloc;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoH;
import static jcuda.driver.JCudaDriver.cuMemcpyHtoD;
import static jcuda.driver.JCudaDriver.cuMemcpyHtoDAsync;
import static jcuda.driver.JCudaDriver.cuMemsetD32Async;
import static jcuda.driver.JCudaDriver.cuStreamBeginCapture;
import static jcuda.driver.JCudaDriver.cuStreamCreate;
import static jcuda.driver.JCudaDriver.cuStreamEndCapture;
import static jcuda.driver.JCudaDriver.cuStreamSynchronize;
import static jcuda.driver.JCudaDriver.cuStreamWaitEvent;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.Stream;
import jcuda.CudaException;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUevent;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The emulator's streams: work waits until somebody waits for it, and stream capture is strict. */
class EmulatorStreamsTest {

    private static final int NON_BLOCKING = CUstream_flags.CU_STREAM_NON_BLOCKING;
    private static final int N = 100;

    private EmulatedDevice device;
    private CUdeviceptr units;

    @BeforeEach
    void open() {
        Emulator.assumeAvailable();
        device = new EmulatedDevice();
        units = ones();
    }

    @AfterEach
    void close() {
        if (device != null) device.close();
    }

    @Test
    void workRunsWhenItIsWaitedFor() {
        CUstream stream = stream(NON_BLOCKING);
        long before = Emulator.launches();
        CUdeviceptr y = ones();
        add(stream, y, 2);
        assertEquals(before, Emulator.launches());
        cuStreamSynchronize(stream);
        assertEquals(before + 1, Emulator.launches());
        assertEquals(3, floats(y, N)[N - 1]);
    }

    @Test
    void aCopyWithoutAWaitReadsWhatWasThereBefore() {
        CUstream stream = stream(NON_BLOCKING);
        CUdeviceptr y = ones();
        add(stream, y, 2);
        assertEquals(1, floats(y, N)[0], "the legacy stream does not wait for this one");
        cuStreamSynchronize(stream);
        assertEquals(3, floats(y, N)[0]);
    }

    @Test
    void theLegacyStreamWaitsForBlockingStreams() {
        CUdeviceptr y = ones();
        add(stream(CUstream_flags.CU_STREAM_DEFAULT), y, 2);
        assertEquals(3, floats(y, N)[0]);
    }

    @Test
    void aBlockingStreamWaitsForTheLegacyStream() {
        CUstream stream = stream(CUstream_flags.CU_STREAM_DEFAULT);
        CUdeviceptr y = ones();
        cuMemsetD32Async(y, 0, N, null);
        add(stream, y, 2);
        cuStreamSynchronize(stream);
        assertEquals(2, floats(y, N)[0]);
    }

    @Test
    void aMissingWaitBetweenStreamsShows() {
        CUstream writer = stream(NON_BLOCKING), reader = stream(NON_BLOCKING);
        CUdeviceptr x = allocate(4 * N), y = ones(), late = ones();
        CUevent written = event();
        cuMemsetD32Async(x, Float.floatToRawIntBits(5), N, writer);
        cuEventRecord(written, writer);
        axpy(reader, y, x, 1);
        cuStreamSynchronize(reader);
        assertTrue(Float.isNaN(floats(y, N)[0]), "read before it was written");
        cuStreamWaitEvent(reader, written, 0);
        axpy(reader, late, x, 1);
        cuStreamSynchronize(reader);
        assertEquals(6, floats(late, N)[0]);
    }

    @Test
    void eventsAreReachedWhenTheWorkBeforeThemIsDone() {
        CUstream stream = stream(NON_BLOCKING);
        CUevent early = event(), late = event();
        CUdeviceptr y = ones();
        cuEventRecord(early, stream);
        add(stream, y, 2);
        cuEventRecord(late, stream);
        add(stream, y, 2);
        assertError("CUDA_ERROR_NOT_READY", () -> cuEventQuery(late));
        long before = Emulator.launches();
        cuEventSynchronize(late);
        assertEquals(CUresult.CUDA_SUCCESS, cuEventQuery(late));
        assertEquals(before + 1, Emulator.launches(), "and no more than that has run");
        float[] milliseconds = {-1};
        JCudaDriver.cuEventElapsedTime(milliseconds, early, late);
        assertTrue(milliseconds[0] >= 0);
    }

    /** Nothing but the questions lets the work go on. */
    @Test
    void askingOftenEnoughIsWaiting() {
        CUstream stream = stream(NON_BLOCKING);
        CUevent done = event();
        add(stream, ones(), 2);
        cuEventRecord(done, stream);
        int questions = 1;
        while (!isReached(done)) questions++;
        assertTrue(questions > 1 && questions < 10, questions + " questions");
    }

    private static boolean isReached(CUevent event) {
        try {
            return cuEventQuery(event) == CUresult.CUDA_SUCCESS;
        } catch (CudaException notReady) {
            return false;
        }
    }

    @Test
    void pinnedMemoryIsReadWhenTheCopyRuns() {
        CUstream stream = stream(NON_BLOCKING);
        Pointer pinned = new Pointer();
        cuMemHostAlloc(pinned, 4, 0);
        ByteBuffer values = pinned.getByteBuffer(0, 4).order(ByteOrder.nativeOrder());
        assertTrue(Float.isNaN(values.getFloat(0)));
        values.putFloat(0, 1);
        CUdeviceptr x = allocate(4);
        cuMemcpyHtoDAsync(x, pinned, 4, stream);
        values.putFloat(0, 2);
        cuStreamSynchronize(stream);
        assertEquals(2, floats(x, 1)[0], "overwritten too early");
        JCudaDriver.cuMemFreeHost(pinned);
    }

    @Test
    void pageableMemoryIsReadAtTheCall() {
        CUstream stream = stream(NON_BLOCKING);
        ByteBuffer values = bytes(4).putFloat(0, 1);
        CUdeviceptr x = allocate(4);
        cuMemcpyHtoDAsync(x, Pointer.to(values), 4, stream);
        values.putFloat(0, 2);
        cuStreamSynchronize(stream);
        assertEquals(1, floats(x, 1)[0]);
    }

    @Test
    void freeingMemoryWaitsForWhatUsesIt() {
        CUdeviceptr y = ones(), x = ones();
        axpy(stream(NON_BLOCKING), y, x, 4);
        cuMemFree(x);
        assertEquals(5, floats(y, N)[0]);
    }

    @Test
    void freedMemoryIsNaN() {
        CUdeviceptr y = ones(), x = ones();
        cuMemFree(x);
        axpy(null, y, x, 4);
        assertTrue(Float.isNaN(floats(y, N)[N - 1]));
    }

    @Test
    void aGraphRepeatsWhatWasCaptured() {
        CUstream stream = stream(NON_BLOCKING);
        CUdeviceptr y = ones();
        cuStreamBeginCapture(stream, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_GLOBAL);
        add(stream, y, 2);
        add(stream, y, 3);
        CUgraph graph = new CUgraph();
        cuStreamEndCapture(stream, graph);
        CUgraphExec executable = new CUgraphExec();
        cuGraphInstantiate(executable, graph, 0);
        cuGraphDestroy(graph);
        cuStreamSynchronize(stream);
        assertEquals(1, floats(y, N)[0], "capturing runs nothing");
        for (int i = 0; i < 3; i++) cuGraphLaunch(executable, stream);
        cuGraphExecDestroy(executable);
        cuStreamSynchronize(stream);
        assertEquals(1 + 3 * 5, floats(y, N)[0]);
    }

    static Stream<Arguments> forbiddenWhileCapturing() {
        CUdeviceptr memory = new CUdeviceptr();
        return Stream.of(
            Arguments.of("cuStreamSynchronize", (Call) (stream, _) -> cuStreamSynchronize(stream)),
            Arguments.of("cuStreamQuery", (Call) (stream, _) -> JCudaDriver.cuStreamQuery(stream)),
            Arguments.of("cuCtxSynchronize", (Call) (_, _) -> synchronize()),
            Arguments.of("cuMemAlloc", (Call) (_, _) -> cuMemAlloc(memory, 4)),
            Arguments.of("cuMemFree", (Call) (_, y) -> cuMemFree(y)),
            Arguments.of("cuMemcpyHtoD", (Call) (_, y) -> cuMemcpyHtoD(y, Pointer.to(bytes(4)), 4)),
            Arguments.of("cuMemcpyDtoH", (Call) (_, y) -> cuMemcpyDtoH(Pointer.to(bytes(4)), y, 4)),
            Arguments.of("cuMemcpyHtoDAsync of pageable memory", (Call) (stream, y) -> cuMemcpyHtoDAsync(y, Pointer.to(bytes(4)), 4, stream)));
    }

    private interface Call { void on(CUstream stream, CUdeviceptr memory); }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void forbiddenWhileCapturing(String name, Call call) {
        CUstream stream = stream(NON_BLOCKING);
        CUdeviceptr y = ones();
        cuStreamBeginCapture(stream, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL);
        add(stream, y, 2);
        assertError("CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED", () -> call.on(stream, y));
        assertError("CUDA_ERROR_STREAM_CAPTURE_INVALIDATED", () -> add(stream, y, 2));
        assertError("CUDA_ERROR_STREAM_CAPTURE_INVALIDATED", () -> cuStreamEndCapture(stream, new CUgraph()));
        add(stream, y, 2);
        cuStreamSynchronize(stream);
        assertEquals(3, floats(y, N)[0], "the stream is usable again");
    }

    private static CUdeviceptr ones() {
        float[] ones = new float[N];
        Arrays.fill(ones, 1);
        return upload(ones);
    }

    private static CUstream stream(int flags) {
        CUstream stream = new CUstream();
        cuStreamCreate(stream, flags);
        return stream;
    }

    private static CUevent event() {
        CUevent event = new CUevent();
        cuEventCreate(event, 0);
        return event;
    }

    /** y += amount, on all of y. */
    private void add(CUstream stream, CUdeviceptr y, float amount) {
        axpy(stream, y, units, amount);
    }

    private void axpy(CUstream stream, CUdeviceptr y, CUdeviceptr x, float a) {
        EmulatedDevice.launch(device.function(Probe.AXPY), stream, new int[] {(N + 31) / 32, 1, 1}, new int[] {32, 1, 1}, 0, y, x, a, N);
    }
}
