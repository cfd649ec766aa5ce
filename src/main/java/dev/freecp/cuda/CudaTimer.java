package dev.freecp.cuda;

import dev.freecp.error.DeviceException;
import dev.freecp.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.JCudaDriver;

/** Times work on a GPU by events on its stream. Where work is warmed up, and how often it is repeated, is its caller's business. */
public final class CudaTimer {

    private final CudaDevice device;

    CudaTimer(CudaDevice device) {
        this.device = device;
    }

    /**
     * Milliseconds of each of {@code repeats} calls, as they come one after the other. Where the host is slower than the GPU its pace is in them.
     *
     * @param work puts call i on the stream
     */
    public double[] calls(int repeats, IntConsumer work) {
        device.bind();
        List<CUevent> events = new ArrayList<>();
        try {
            events.add(record());
            for (int i = 0; i < repeats; i++) {
                work.accept(i);
                events.add(record());
            }
            device.synchronize();
            double[] milliseconds = new double[repeats];
            float[] elapsed = new float[1];
            for (int i = 0; i < repeats; i++) {
                JCudaDriver.cuEventElapsedTime(elapsed, events.get(i), events.get(i + 1));
                milliseconds[i] = elapsed[0];
            }
            return milliseconds;
        } finally {
            events.forEach(JCudaDriver::cuEventDestroy);
        }
    }

    /**
     * Milliseconds of each of {@code repeats} replays of {@code work} as a graph, in which the GPU never waits for the host between launches.
     *
     * @param work launches kernels only: it has run before, so that neither modules nor memory are fetched, and copies nothing from or to the host
     * @throws DeviceException if it does more than that
     */
    public double[] replays(int repeats, Runnable work) {
        try (CudaGraph graph = CudaGraph.capture(device, work)) {
            graph.launch();                                                                 // the first one brings the graph to the device
            return calls(repeats, _ -> graph.launch());
        }
    }

    /** Puts a copy of all bytes of x into y, of the same size, on the stream: what memory can do. */
    public void copy(Tensor y, Tensor x) {
        device.bind();
        long bytes = (long) x.rows() * x.stride() * x.type().bytes();
        JCudaDriver.cuMemcpyDtoDAsync(DevicePointer.to(DeviceMemory.addressOf(y)), DevicePointer.to(DeviceMemory.addressOf(x)), bytes, device.stream());
    }

    /** Waits until everything is done. */
    public void synchronize() {
        device.synchronize();
    }

    private CUevent record() {
        CUevent event = new CUevent();
        JCudaDriver.cuEventCreate(event, CUevent_flags.CU_EVENT_DEFAULT);
        JCudaDriver.cuEventRecord(event, device.stream());
        return event;
    }
}
