package dev.freecp.cuda;

import dev.freecp.error.DeviceException;
import jcuda.CudaException;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.JCudaDriver;

/** Launches of a stream, captured once and handed to the driver again as one: the GPU does not wait for the host between them. */
final class CudaGraph implements AutoCloseable {

    private final CudaDevice device;
    private final CUgraph graph = new CUgraph();
    private final CUgraphExec executable = new CUgraphExec();

    private CudaGraph(CudaDevice device) {
        this.device = device;
    }

    /**
     * Captures what {@code work} puts on the device's stream; nothing of it is done yet.
     *
     * @param work launches kernels only: it has run before, so that neither modules nor memory are fetched, and copies nothing from or to the host
     * @throws DeviceException if it does more than that
     */
    static CudaGraph capture(CudaDevice device, Runnable work) {
        CudaGraph captured = new CudaGraph(device);
        device.bind();
        try {
            JCudaDriver.cuStreamBeginCapture(device.stream(), CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL);
            device.capturing(true);
            try {
                work.run();
            } finally {
                device.capturing(false);
                JCudaDriver.cuStreamEndCapture(device.stream(), captured.graph);
            }
            JCudaDriver.cuGraphInstantiate(captured.executable, captured.graph, 0);
        } catch (CudaException e) {
            throw new DeviceException("work on " + device.place() + " cannot be captured in a graph: " + e.getMessage(), e);
        }
        return captured;
    }

    /** Puts everything on the stream again. */
    void launch() {
        device.bind();
        try {
            JCudaDriver.cuGraphLaunch(executable, device.stream());
        } catch (CudaException e) {
            throw new DeviceException("a graph on " + device.place() + " cannot be launched: " + e.getMessage(), e);
        }
    }

    /** The driver keeps what is still being done until it is done. */
    @Override
    public void close() {
        device.bind();
        JCudaDriver.cuGraphExecDestroy(executable);
        JCudaDriver.cuGraphDestroy(graph);
    }
}
