package dev.freecp.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import dev.freecp.ops.MemoryPool;
import dev.freecp.ops.Workspace;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Assumptions;

/**
 * A device for tests of single kernels: tensors in pairs, one on the device in a type of activations and one on the host with the same numbers for
 * ScalarOps. What a launcher does to the first must come close to what the reference does to the second, and nothing beside the elements may change: not the
 * gaps between rows, not what lies behind.
 */
final class Card implements AutoCloseable {

    private static final int GUARD_BYTES = 512;

    /**
     * A tensor twice.
     *
     * @param device what kernels work on
     * @param host   float32, with the numbers that the device's type can hold
     */
    record Pair(Tensor device, Tensor host) {
    }

    /** Who multiplies matrices. */
    enum Library { CUBLAS, OWN }

    private record Guarded(Pair pair, Tensor behind, byte[] before) {
    }

    private final CudaDevice device;
    private final Transfers transfers;
    private final MemoryPool pool;
    private final Workspace memory;
    private final Random random;
    private final List<Guarded> all = new ArrayList<>();
    private CublasHandle cublas;

    private Card(long seed) {
        NativeLibraries.loadDriver();
        device = new CudaDevice(0);
        transfers = new Transfers(device);
        pool = new MemoryPool(new DeviceHeap(device), DType.F32, true);
        memory = pool.workspace();
        random = new Random(seed);
    }

    /** The first device, or the emulator, where threads and blocks then run in a random order; where there is neither the test is skipped. */
    static Card open(long seed) {
        Gpu.assumeAvailable();
        if (!Gpu.isReal()) Emulator.order(Emulator.Order.RANDOM, (int) seed);
        return new Card(seed);
    }

    CudaDevice device() {
        return device;
    }

    MemoryPool pool() {
        return pool;
    }

    /** A library for matrix products; where the machine has no cuBLAS, a test of it is skipped. */
    Blas blas(Library library, boolean tf32) {
        if (library == Library.OWN) return new OwnBlas(device);
        if (NativeLibraries.loadCublas(Gpu.libraries(true), Integer.MAX_VALUE).isEmpty()) Assumptions.abort("no cuBLAS on this machine");
        if (cublas == null) cublas = new CublasHandle(device, new DeviceHeap(device));
        return new Cublas(cublas, new Epilogue(device), tf32);
    }

    /** f(x), x normally distributed. */
    Pair of(String name, Shape shape, DType type, DoubleUnaryOperator f) {
        float[] values = new float[Math.toIntExact(shape.count())];
        for (int i = 0; i < values.length; i++) values[i] = (float) f.applyAsDouble(random.nextGaussian());
        Tensor tensor = memory.tensor(name, shape, type), behind = memory.tensor("behind", Shape.of("byte", GUARD_BYTES), DType.U8);
        device.upload(DeviceMemory.addressOf(behind), MemorySegment.ofArray(filled(GUARD_BYTES)));
        device.upload(DeviceMemory.addressOf(tensor), MemorySegment.ofArray(filled(Math.toIntExact(tensor.storage() instanceof DeviceMemory m ? m.bytes() : 0))));
        transfers.upload(tensor, values);
        Pair pair = new Pair(tensor, Tensor.of(name, shape, transfers.download(tensor)));
        all.add(new Guarded(pair, behind, bytes(tensor)));
        return pair;
    }

    /** Normally distributed. */
    Pair in(String name, Shape shape, DType type) {
        return of(name, shape, type, x -> x);
    }

    /** NaN everywhere. */
    Pair out(String name, Shape shape, DType type) {
        return of(name, shape, type, _ -> Double.NaN);
    }

    /** Numbers on the device now. */
    float[] download(Pair pair) {
        return transfers.download(pair.device);
    }

    /** A host tensor's bytes on the device. */
    Tensor copy(Tensor host) {
        Tensor tensor = memory.tensor(host.name(), host.shape(), host.type());
        transfers.copy(tensor, host);
        return tensor;
    }

    /**
     * Every pair is alike, within the rounding of the device's type and these of float32 sums, and nothing else has been written. Inputs, which neither side
     * changes, are alike to the bit.
     */
    void check(float atol, float rtol) {
        for (Guarded one : all) {
            Tensor tensor = one.pair.device;
            float[] expected = one.pair.host.toFloats(), actual = transfers.download(tensor);
            for (int i = 0; i < expected.length; i++) {
                float allowed = atol + (rtol + rounding(tensor.type())) * Math.abs(expected[i]);
                boolean same = Float.isNaN(expected[i]) && Float.isNaN(actual[i]);
                if (!same && !(Math.abs(expected[i] - actual[i]) <= allowed)) fail(tensor + "[" + i + "] is " + actual[i] + ", the reference has " + expected[i]);
            }
            assertGapsUntouched(tensor, one.before);
            assertEquals(MemorySegment.ofArray(filled(GUARD_BYTES)).mismatch(MemorySegment.ofArray(bytes(one.behind))), -1, "written behind " + tensor);
        }
    }

    private void assertGapsUntouched(Tensor tensor, byte[] before) {
        byte[] after = bytes(tensor);
        long row = (long) tensor.stride() * tensor.type().bytes(), used = (long) tensor.cols() * tensor.type().bytes(), end = tensor.rows() * row;
        for (int i = 0; i < after.length; i++)
            if (i >= end || i % row >= used) assertEquals(before[i], after[i], tensor + ": byte " + i + " is between or behind its rows");
    }

    /** Largest relative error of rounding to a type. */
    static float rounding(DType type) {
        return switch (type) {
            case F16 -> 0x1p-11f;
            case BF16 -> 0x1p-8f;
            default -> 0;
        };
    }

    private static byte[] filled(int bytes) {
        byte[] filled = new byte[bytes];
        Arrays.fill(filled, (byte) 0x5a);
        return filled;
    }

    private byte[] bytes(Tensor tensor) {
        DeviceMemory storage = (DeviceMemory) tensor.storage();
        byte[] bytes = new byte[Math.toIntExact(storage.bytes())];
        device.download(MemorySegment.ofArray(bytes), storage.address());
        return bytes;
    }

    @Override
    public void close() {
        memory.close();
        pool.close();
        if (cublas != null) cublas.close();
        device.close();
    }
}
