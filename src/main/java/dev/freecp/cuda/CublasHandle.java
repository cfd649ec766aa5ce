package dev.freecp.cuda;

import dev.freecp.error.DeviceException;
import dev.freecp.ops.Heap;
import dev.freecp.tensor.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jcuda.CudaException;
import jcuda.Pointer;
import jcuda.cudaDataType;
import jcuda.driver.CUdevice_attribute;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasGemmAlgo;
import jcuda.jcublas.cublasHandle;
import jcuda.jcublas.cublasMath;
import jcuda.jcublas.cublasOperation;
import jcuda.jcublas.cublasPointerMode;
import jcuda.runtime.cudaStream_t;

/** cuBLAS on a device's stream, with memory of its own, so that no product allocates any. The library has been loaded before. */
final class CublasHandle implements AutoCloseable {

    /** NVIDIA's recommendation: from compute capability 9.0 on, and before. */
    private static final long WORKSPACE_BYTES = 32L << 20, SMALL_WORKSPACE_BYTES = 4L << 20;

    private final CudaDevice device;
    private final cublasHandle handle = new cublasHandle();
    private final Heap.Piece workspace;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment alpha = arena.allocate(ValueLayout.JAVA_FLOAT);
    private final MemorySegment beta = arena.allocate(ValueLayout.JAVA_FLOAT);
    private final Pointer alphaPointer = Pointer.to(alpha.asByteBuffer());
    private final Pointer betaPointer = Pointer.to(beta.asByteBuffer());
    private boolean closed;

    CublasHandle(CudaDevice device, Heap heap) {
        this.device = device;
        device.bind();
        JCublas2.setExceptionsEnabled(true);
        try {
            JCublas2.cublasCreate(handle);
        } catch (CudaException e) {
            throw new DeviceException("cuBLAS does not start on " + device.place() + ": " + e.getMessage(), e);
        }
        long bytes = device.attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR) >= 9 ? WORKSPACE_BYTES : SMALL_WORKSPACE_BYTES;
        workspace = heap.allocate(bytes, 0);
        JCublas2.cublasSetStream(handle, new cudaStream_t(device.stream()));               // before the workspace, which it would take away
        JCublas2.cublasSetWorkspace(handle, DevicePointer.to(((DeviceMemory) workspace.storage()).address()), bytes);
        JCublas2.cublasSetPointerMode(handle, cublasPointerMode.CUBLAS_POINTER_MODE_HOST);
        // float32 stays float32 unless a call asks for less, and sums that are split up stay float32 while they are put together
        JCublas2.cublasSetMathMode(handle, cublasMath.CUBLAS_DEFAULT_MATH | cublasMath.CUBLAS_MATH_DISALLOW_REDUCED_PRECISION_REDUCTION);
    }

    /** {@code cuBLAS 12.6}. */
    String name() {
        int[] version = new int[1];
        JCublas2.cublasGetVersion(handle, version);
        return "cuBLAS " + version[0] / 10000 + "." + version[0] % 10000 / 100;
    }

    /**
     * Puts a product on the stream. cuBLAS knows columns first; read that way, a row-major matrix is its transpose with the same distance of rows. So it is
     * asked for c^T = b^T a^T, where b is turned once more if the product wants b transposed.
     *
     * @param computeType of {@link jcuda.jcublas.cublasComputeType}
     */
    void multiply(Product p, int computeType) {
        Matrix c = p.c(), a = p.a(), b = p.b();
        device.bind();
        alpha.set(ValueLayout.JAVA_FLOAT, 0, p.alpha());
        beta.set(ValueLayout.JAVA_FLOAT, 0, p.beta());
        try {
            int turn = p.transposed() ? cublasOperation.CUBLAS_OP_T : cublasOperation.CUBLAS_OP_N;
            JCublas2.cublasGemmStridedBatchedEx_new(handle, turn, cublasOperation.CUBLAS_OP_N,
                c.cols(), c.rows(), a.cols(), alphaPointer,
                DevicePointer.to(b.address()), dataType(b.type()), b.stride(), b.step(),
                DevicePointer.to(a.address()), dataType(a.type()), a.stride(), a.step(), betaPointer,
                DevicePointer.to(c.address()), dataType(c.type()), c.stride(), c.step(), p.count(), computeType, cublasGemmAlgo.CUBLAS_GEMM_DEFAULT);
        } catch (CudaException e) {
            throw new DeviceException("cuBLAS on " + device.place() + ", " + p.count() + " products " + c + " = " + a + " times " + b
                + (p.transposed() ? " transposed" : "") + ": " + e.getMessage(), e);
        }
    }

    private static int dataType(DType type) {
        return switch (type) {
            case F32 -> cudaDataType.CUDA_R_32F;
            case F16 -> cudaDataType.CUDA_R_16F;
            case BF16 -> cudaDataType.CUDA_R_16BF;
            default -> throw new IllegalArgumentException("there are no matrix products of " + type);
        };
    }

    @Override
    public void close() {
        if (closed) return;
        closed = true;
        device.synchronize();                                                               // the workspace may still be in use
        JCublas2.cublasDestroy(handle);
        workspace.free();
        arena.close();
    }
}
