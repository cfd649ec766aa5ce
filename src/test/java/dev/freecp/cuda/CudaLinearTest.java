package dev.freecp.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.freecp.cuda.Card.Library;
import dev.freecp.cuda.Card.Pair;
import dev.freecp.error.UsageException;
import dev.freecp.ops.Activation;
import dev.freecp.ops.Linear;
import dev.freecp.ops.ScalarOps;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Linear maps with 16-bit weights, and how weights come to the device. */
class CudaLinearTest {

    private static final String LIBRARIES_AND_TYPES = "dev.freecp.cuda.MatrixProductTest#everyLibraryAndType";

    private final ScalarOps scalar = new ScalarOps();

    private static Shape matrix(int rows, int cols) {
        return Shape.of("row col", rows, cols);
    }

    /** A linear map on the device and, with the numbers that went there, on the host. */
    private record Maps(CudaLinear kernels, Linear device, Linear host) {

        static Maps of(Card card, PermanentMemory permanent, Library library, DType type, int out, int in, boolean bias) {
            CudaLinear kernels = new CudaLinear(card.device(), card.pool(), permanent, type, card.blas(library, false), card.blas(library, false));
            Random random = new Random(40);
            Tensor w = Tensor.allocate(Arena.ofAuto(), "w", matrix(out, in), DType.F32, in), b = bias ? Tensor.of("b", Shape.of("out", out), new float[out]) : null;
            for (int o = 0; o < out; o++) for (int i = 0; i < in; i++) w.set(o, i, (float) random.nextGaussian());
            if (bias) for (int o = 0; o < out; o++) b.set(0, o, (float) random.nextGaussian());
            Linear device = kernels.linear(w, b);
            Tensor stored = Tensor.of("w", w.shape(), new Transfers(card.device()).download(device.weight()));
            return new Maps(kernels, device, new Linear("w", out, in, stored, b));
        }
    }

    @ParameterizedTest
    @MethodSource(LIBRARIES_AND_TYPES)
    void linear(Library library, DType type) {
        for (int[] size : new int[][] {{1, 1, 1}, {7, 31, 33}, {65, 130, 70}, {197, 64, 96}}) {
            for (Activation activation : Activation.values()) {
                for (DType result : new DType[] {type, DType.F32}) {
                    try (Card card = Card.open(41); PermanentMemory permanent = new PermanentMemory(new DeviceHeap(card.device()))) {
                        Maps maps = Maps.of(card, permanent, library, type, size[2], size[1], activation != Activation.GELU);
                        Pair x = card.in("x", matrix(size[0], size[1]), type), y = card.out("y", matrix(size[0], size[2]), result);
                        maps.kernels.linear(y.device(), x.device(), maps.device, activation);
                        scalar.linear(y.host(), x.host(), maps.host, activation);
                        // cuBLAS stores the sum before the bias comes: a 16-bit result is rounded twice, and the first may be the larger
                        float twice = Card.rounding(result) * 6 * (float) Math.sqrt(size[1] + 1);
                        card.check(1e-6f * size[1] + (library == Library.CUBLAS ? twice : 0), 2e-6f);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource(LIBRARIES_AND_TYPES)
    void linearAdd(Library library, DType type) {
        for (int[] size : new int[][] {{1, 1, 1}, {7, 31, 33}, {65, 130, 70}}) {
            try (Card card = Card.open(42); PermanentMemory permanent = new PermanentMemory(new DeviceHeap(card.device()))) {
                Maps maps = Maps.of(card, permanent, library, type, size[2], size[1], true);
                Pair x = card.in("x", matrix(size[0], size[1]), type), y = card.of("y", matrix(size[0], size[2]), DType.F32, v -> 10 * v);
                maps.kernels.linearAdd(y.device(), x.device(), maps.device);
                scalar.linearAdd(y.host(), x.host(), maps.host);
                card.check(1e-6f * size[1], 1e-6f);
            }
        }
    }

    /** Each x becomes the nearest number of the weights' type: here they are such numbers already. */
    @ParameterizedTest
    @EnumSource(Library.class)
    void takesFloat32Too(Library library) {
        for (DType type : new DType[] {DType.F16, DType.BF16}) {
            try (Card card = Card.open(43); PermanentMemory permanent = new PermanentMemory(new DeviceHeap(card.device()))) {
                Maps maps = Maps.of(card, permanent, library, type, 70, 75, true);
                Pair x = card.of("x", matrix(9, 75), DType.F32, v -> Math.rint(8 * v)), y = card.out("y", matrix(9, 70), DType.F32);
                maps.kernels.linear(y.device(), x.device(), maps.device, Activation.NONE);
                scalar.linear(y.host(), x.host(), maps.host, Activation.NONE);
                card.check(2e-4f, 1e-6f);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Library.class)
    void similaritiesStayFloat32BesideRoundedTowers(Library library) {
        try (Card card = Card.open(44); PermanentMemory permanent = new PermanentMemory(new DeviceHeap(card.device()))) {
            CudaLinear kernels = new CudaLinear(card.device(), card.pool(), permanent, DType.F32, card.blas(library, true), card.blas(library, false));
            Pair f = card.in("f", matrix(31, 70), DType.F32), u = card.in("u", matrix(17, 70), DType.F32), z = card.out("z", matrix(31, 17), DType.F32);
            kernels.similarity(z.device(), f.device(), u.device(), 100);
            scalar.similarity(z.host(), f.host(), u.host(), 100);
            card.check(1e-6f * 70 * 100, 1e-6f);
        }
    }

    /** Halfway between two neighbours, a little more, and a little less: for float16, then for bfloat16. */
    @Test
    void roundsWeightsToTheNearestEven() {
        double[] numbers = {1 + 0x1p-11, 1 + 0x3p-11, 1 + 0x1.8p-11, 1 + 0x0.8p-11, -0x1p-25, 0x1.8p-24, 1 + 0x1p-8, 1 + 0x3p-8, 1 + 0x1.8p-8, 1 + 0x0.8p-8, 0, -0.0};
        float[] halves = {1, 1 + 0x4p-11f, 1 + 0x2p-11f, 1, -0.0f, 0x1p-23f, 1 + 0x1p-8f, 1 + 0x3p-8f, 1 + 0x1.8p-8f, 1 + 0x0.8p-8f, 0, -0.0f};
        float[] bfloats = {1, 1, 1, 1, -0x1p-25f, 0x1.8p-24f, 1, 1 + 0x4p-8f, 1 + 0x2p-8f, 1, 0, -0.0f};
        Tensor weight = Tensor.allocate(Arena.ofAuto(), "w", matrix(1, numbers.length), DType.F64, numbers.length);
        for (int i = 0; i < numbers.length; i++) weight.segment().setAtIndex(ValueLayout.JAVA_DOUBLE, i, numbers[i]);
        assertArrayEquals(halves, uploaded(weight, DType.F16));
        assertArrayEquals(bfloats, uploaded(weight, DType.BF16));
    }

    /** More rows than go up at a time, of a length that the device pads, from every type that a file may have. */
    @Test
    void bringsLargeWeightsUpInPieces() {
        int rows = 4100, cols = 71;
        for (DType type : new DType[] {DType.F16, DType.BF16, DType.F32}) {
            Tensor weight = Tensor.allocate(Arena.ofAuto(), "w", Shape.of("out in height", rows, 1, cols), type, cols);
            float[] expected = new float[rows * cols];
            for (int i = 0; i < expected.length; i++) {
                float v = expected[i] = i % 251 - 100;
                if (type == DType.F32) weight.segment().setAtIndex(ValueLayout.JAVA_FLOAT, i, v);
                else weight.segment().setAtIndex(ValueLayout.JAVA_SHORT, i, type == DType.F16 ? Float.floatToFloat16(v) : Rounding.bfloat16(v));
            }
            for (DType onDevice : new DType[] {DType.F32, DType.F16, DType.BF16}) assertArrayEquals(expected, uploaded(weight, onDevice), type + " to " + onDevice);
        }
    }

    @Test
    void refusesWeightsThatFloat16CannotHold() {
        Tensor weight = Tensor.of("visual.proj", matrix(2, 2), 1, 65504, -65520, 3);
        String said = assertThrows(UsageException.class, () -> uploaded(weight, DType.F16)).getMessage();
        assertEquals("visual.proj holds -65520.0, and float16 ends at 65504: take --precision bf16", said);
        assertArrayEquals(new float[] {1, 65536, -65536, 3}, uploaded(weight, DType.BF16));
    }

    private static float[] uploaded(Tensor weight, DType type) {
        try (Card card = Card.open(45); PermanentMemory permanent = new PermanentMemory(new DeviceHeap(card.device()))) {
            Blas blas = card.blas(Library.OWN, false);
            Linear linear = new CudaLinear(card.device(), card.pool(), permanent, type, blas, blas).linear(weight, null);
            return new Transfers(card.device()).download(linear.weight());
        }
    }
}
