package dev.freecp.cuda;

import static dev.freecp.cuda.EmulatedDevice.allocate;
import static dev.freecp.cuda.EmulatedDevice.bytes;
import static dev.freecp.cuda.EmulatedDevice.floats;
import static dev.freecp.cuda.EmulatedDevice.shorts;
import static dev.freecp.cuda.EmulatedDevice.synchronize;
import static dev.freecp.cuda.EmulatedDevice.upload;
import static dev.freecp.cuda.EmulatorTest.assertError;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import jcuda.Pointer;
import jcuda.cudaDataType;
import jcuda.driver.CUdeviceptr;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasComputeType;
import jcuda.jcublas.cublasGemmAlgo;
import jcuda.jcublas.cublasHandle;
import jcuda.jcublas.cublasOperation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The emulator's cuBLAS against sums in double, and its argument checks. Everything is column-major, as cuBLAS has it. */
class EmulatorBlasTest {

    private static final int N = cublasOperation.CUBLAS_OP_N, T = cublasOperation.CUBLAS_OP_T;
    private static final int COMPUTE_32F = cublasComputeType.CUBLAS_COMPUTE_32F, TF32 = cublasComputeType.CUBLAS_COMPUTE_32F_FAST_TF32;

    /** Stored numbers of one type, made from floats. */
    private enum Type {
        F32(cudaDataType.CUDA_R_32F), F16(cudaDataType.CUDA_R_16F), BF16(cudaDataType.CUDA_R_16BF);

        final int code;

        Type(int code) {
            this.code = code;
        }

        /** Half a step of the last bit, relative. */
        double rounding() {
            return this == F32 ? 0x1p-24 : this == F16 ? 0x1p-11 : 0x1p-8;
        }

        short bits(float value) {
            return this == F16 ? Float.floatToFloat16(value) : (short) (Float.floatToRawIntBits(value) >> 16);
        }

        float value(short bits) {
            return this == F16 ? Float.float16ToFloat(bits) : Float.intBitsToFloat(bits << 16);
        }

        /** What of the values can be stored without loss. */
        float[] exact(float[] values) {
            float[] kept = values.clone();
            if (this != F32) for (int i = 0; i < kept.length; i++) kept[i] = value(bits(kept[i]));
            return kept;
        }

        CUdeviceptr store(float[] values) {
            if (this == F32) return upload(values);
            short[] bits = new short[values.length];
            for (int i = 0; i < bits.length; i++) bits[i] = bits(values[i]);
            return upload(bits);
        }

        float[] fetch(CUdeviceptr address, int count) {
            if (this == F32) return floats(address, count);
            short[] bits = shorts(address, count);
            float[] values = new float[count];
            for (int i = 0; i < count; i++) values[i] = value(bits[i]);
            return values;
        }
    }

    private EmulatedDevice device;
    private cublasHandle handle;

    @BeforeEach
    void open() {
        Emulator.assumeAvailable();
        device = new EmulatedDevice();
        JCublas2.setExceptionsEnabled(true);
        handle = new cublasHandle();
        JCublas2.cublasCreate(handle);
    }

    @AfterEach
    void close() {
        if (device == null) return;
        JCublas2.cublasDestroy(handle);
        device.close();
    }

    static Stream<Arguments> products() {
        return Stream.of(new int[] {1, 1, 1}, new int[] {7, 5, 3}, new int[] {33, 31, 129}, new int[] {150, 200, 300})
            .flatMap(s -> Stream.of(new Type[] {Type.F32, Type.F32}, new Type[] {Type.F16, Type.F32}, new Type[] {Type.F16, Type.F16},
                    new Type[] {Type.BF16, Type.F32}, new Type[] {Type.BF16, Type.BF16})
                .flatMap(t -> Stream.of(new int[] {N, N}, new int[] {N, T}, new int[] {T, N}, new int[] {T, T})
                    .map(o -> Arguments.of(s[0], s[1], s[2], t[0], t[1], o[0], o[1]))));
    }

    /** C = 2 A B - C / 2 with gaps after every column; what lies in the gaps stays. */
    @ParameterizedTest
    @MethodSource
    void products(int m, int n, int k, Type in, Type out, int opA, int opB) {
        int lda = (opA == N ? m : k) + 3, ldb = (opB == N ? k : n) + 1, ldc = m + 2;
        float[] a = in.exact(random(lda * (opA == N ? k : m), 1)), b = in.exact(random(ldb * (opB == N ? n : k), 2)), c = out.exact(random(ldc * n, 3));
        CUdeviceptr result = out.store(c);
        gemm(opA, opB, m, n, k, 2, in.store(a), in, lda, in.store(b), in, ldb, -0.5f, result, out, ldc, COMPUTE_32F);
        float[] read = out.fetch(result, ldc * n);
        for (int j = 0; j < n; j++) {
            for (int i = 0; i < m; i++) {
                double expected = -0.5 * c[j * ldc + i], size = Math.abs(expected);
                for (int l = 0; l < k; l++) {
                    double term = 2.0 * a[opA == N ? l * lda + i : i * lda + l] * b[opB == N ? j * ldb + l : l * ldb + j];
                    expected += term;
                    size += Math.abs(term);
                }
                assertEquals(expected, read[j * ldc + i], size * k * 0x1p-24 + Math.abs(expected) * out.rounding() + 1e-7, i + ", " + j);
            }
            for (int i = m; i < ldc; i++) assertEquals(c[j * ldc + i], read[j * ldc + i]);
        }
    }

    @Test
    void zeroBetaDoesNotReadC() {
        CUdeviceptr c = allocate(4);
        gemm(N, N, 1, 1, 1, 1, upload(2f), Type.F32, 1, upload(3f), Type.F32, 1, 0, c, Type.F32, 1, COMPUTE_32F);
        assertEquals(6, floats(c, 1)[0]);
    }

    @Test
    void tf32RoundsItsInputsToTenBits() {
        float x = 1 + 0x1p-10f + 0x1p-11f + 0x1p-20f, rounded = 1 + 0x1p-9f;
        CUdeviceptr c = allocate(4);
        gemm(N, N, 1, 1, 1, 1, upload(x), Type.F32, 1, upload(1f), Type.F32, 1, 0, c, Type.F32, 1, COMPUTE_32F);
        assertEquals(x, floats(c, 1)[0]);
        gemm(N, N, 1, 1, 1, 1, upload(x), Type.F32, 1, upload(1f), Type.F32, 1, 0, c, Type.F32, 1, TF32);
        assertEquals(rounded, floats(c, 1)[0]);
    }

    @Test
    void batchesStepByTheirStrides() {
        CUdeviceptr a = upload(2, 3, 5), b = upload(7, 0, 11, 0, 13, 0), c = upload(0f, -1, 0, -1, 0, -1);
        JCublas2.cublasGemmStridedBatchedEx_new(handle, N, N, 1, 1, 1, scalar(1), a, Type.F32.code, 1, 1, b, Type.F32.code, 1, 2, scalar(0),
            c, Type.F32.code, 1, 2, 3, COMPUTE_32F, cublasGemmAlgo.CUBLAS_GEMM_DEFAULT);
        assertEquals("[14.0, -1.0, 33.0, -1.0, 65.0, -1.0]", Arrays.toString(floats(c, 6)));
    }

    @Test
    void singlePrecisionFormAgrees() {
        int m = 5, n = 6, k = 7;
        CUdeviceptr a = upload(random(m * k, 4)), b = upload(random(k * n, 5)), c = allocate(4 * m * n), d = allocate(4 * m * n);
        JCublas2.cublasSgemm(handle, N, N, m, n, k, scalar(1), a, m, b, k, scalar(0), c, m);
        gemm(N, N, m, n, k, 1, a, Type.F32, m, b, Type.F32, k, 0, d, Type.F32, m, COMPUTE_32F);
        assertEquals(Arrays.toString(floats(d, m * n)), Arrays.toString(floats(c, m * n)));
    }

    @Test
    void wrongArgumentsAreRefused() {
        CUdeviceptr x = upload(random(100, 6));
        Type f = Type.F32;
        assertError("CUBLAS_STATUS_INVALID_VALUE", () -> gemm(N, N, 5, 4, 3, 1, x, f, 4, x, f, 3, 0, x, f, 5, COMPUTE_32F));
        assertError("CUBLAS_STATUS_INVALID_VALUE", () -> gemm(T, N, 5, 4, 3, 1, x, f, 2, x, f, 3, 0, x, f, 5, COMPUTE_32F));
        assertError("CUBLAS_STATUS_INVALID_VALUE", () -> gemm(N, N, 5, 4, 3, 1, x, f, 5, x, f, 2, 0, x, f, 5, COMPUTE_32F));
        assertError("CUBLAS_STATUS_INVALID_VALUE", () -> gemm(N, N, 5, 4, 3, 1, x, f, 5, x, f, 3, 0, x, f, 4, COMPUTE_32F));
        assertError("CUBLAS_STATUS_INVALID_VALUE", () -> gemm(N, N, -1, 4, 3, 1, x, f, 5, x, f, 3, 0, x, f, 5, COMPUTE_32F));
        assertError("CUBLAS_STATUS_NOT_SUPPORTED", () -> gemm(N, N, 1, 1, 1, 1, x, Type.F16, 1, x, f, 1, 0, x, f, 1, COMPUTE_32F));
        assertError("CUBLAS_STATUS_NOT_SUPPORTED", () -> gemm(N, N, 1, 1, 1, 1, x, f, 1, x, f, 1, 0, x, Type.F16, 1, COMPUTE_32F));
        assertError("CUBLAS_STATUS_NOT_SUPPORTED", () -> gemm(N, N, 1, 1, 1, 1, x, Type.F16, 1, x, Type.F16, 1, 0, x, f, 1, TF32));
        assertError("CUBLAS_STATUS_NOT_SUPPORTED", () -> gemm(N, N, 1, 1, 1, 1, x, f, 1, x, f, 1, 0, x, f, 1, cublasComputeType.CUBLAS_COMPUTE_16F));
    }

    @Test
    void matricesBeyondTheirMemoryEndTheContext() {
        CUdeviceptr x = upload(random(16, 7)), small = upload(random(15, 8));
        gemm(N, N, 4, 4, 4, 1, x, Type.F32, 4, small, Type.F32, 4, 0, x, Type.F32, 4, COMPUTE_32F);
        assertError("CUDA_ERROR_ILLEGAL_ADDRESS", EmulatedDevice::synchronize);
        assertTrue(Emulator.lastMessage().startsWith("cuBLAS, matrix B: "), Emulator.lastMessage());
        Emulator.resetErrors();
        synchronize();
    }

    @Test
    void saysWhichVersionItIs() {
        int[] version = {0};
        JCublas2.cublasGetVersion(handle, version);
        assertEquals(12, version[0] / 10000);
        assertNotEquals(0, version[0] % 10000);
    }

    private void gemm(int opA, int opB, int m, int n, int k, float alpha, CUdeviceptr a, Type aType, int lda, CUdeviceptr b, Type bType, int ldb, float beta,
                      CUdeviceptr c, Type cType, int ldc, int compute) {
        JCublas2.cublasGemmEx_new(handle, opA, opB, m, n, k, scalar(alpha), a, aType.code, lda, b, bType.code, ldb, scalar(beta), c, cType.code, ldc, compute,
            cublasGemmAlgo.CUBLAS_GEMM_DEFAULT);
    }

    private static Pointer scalar(float value) {
        return Pointer.to(bytes(4).putFloat(0, value));
    }

    private static float[] random(int count, long seed) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) values[i] = (float) random.nextGaussian();
        return values;
    }
}
