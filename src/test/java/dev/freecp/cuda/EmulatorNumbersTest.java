package dev.freecp.cuda;

import static dev.freecp.cuda.EmulatedDevice.allocate;
import static dev.freecp.cuda.EmulatedDevice.floats;
import static dev.freecp.cuda.EmulatedDevice.shorts;
import static dev.freecp.cuda.EmulatedDevice.upload;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.cuda.Emulator.Order;
import java.util.Random;
import jcuda.driver.CUdeviceptr;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The shim's half types against Java's, and its tensor core against sums in double. */
class EmulatorNumbersTest {

    private EmulatedDevice device;

    @BeforeEach
    void open() {
        Emulator.assumeAvailable();
        device = new EmulatedDevice();
        Emulator.order(Order.FORWARD, 0);
    }

    @AfterEach
    void close() {
        if (device == null) return;
        Emulator.order(Order.FORWARD, 0);
        device.close();
    }

    @Test
    void everyHalfBecomesJavasFloat() {
        short[] halves = allShorts();
        CUdeviceptr y = allocate(4 << 16);
        device.launch(Probe.HALF_TO_FLOAT, 256, y, upload(halves), 1 << 16);
        float[] read = floats(y, 1 << 16);
        for (int i = 0; i < read.length; i++) assertEquals(Float.float16ToFloat(halves[i]), read[i], Integer.toHexString(i));
    }

    @Test
    void floatsBecomeTheNearestHalfAsInJava() {
        float[] x = floatsAroundHalves();
        CUdeviceptr y = allocate(2L * x.length);
        device.launch(Probe.FLOAT_TO_HALF, 256, y, upload(x), x.length);
        short[] read = shorts(y, x.length);
        for (int i = 0; i < x.length; i++) {
            if (Float.isNaN(x[i])) assertTrue(Float.isNaN(Float.float16ToFloat(read[i])));
            else assertEquals(Float.floatToFloat16(x[i]), read[i], Float.toHexString(x[i]));
        }
    }

    /** Every half, the middle between it and the next, and the floats next to that. */
    private static float[] floatsAroundHalves() {
        float[] x = new float[4 << 16];
        for (int i = 0; i < 1 << 16; i++) {
            float half = Float.float16ToFloat((short) i), middle = (half + Float.float16ToFloat((short) (i + 1))) / 2;
            x[4 * i] = half;
            x[4 * i + 1] = middle;
            x[4 * i + 2] = Math.nextUp(middle);
            x[4 * i + 3] = Math.nextDown(middle);
        }
        return x;
    }

    @Test
    void bfloat16IsTheUpperHalfOfAFloat() {
        CUdeviceptr y = allocate(4 << 16);
        device.launch(Probe.BFLOAT16_TO_FLOAT, 256, y, upload(allShorts()), 1 << 16);
        float[] read = floats(y, 1 << 16);
        for (int i = 0; i < read.length; i++) assertEquals(Float.intBitsToFloat(i << 16), read[i]);
    }

    @Test
    void floatsBecomeTheNearestBfloat16() {
        float[] x = new float[1 << 16];
        Random random = new Random(5);
        for (int i = 0; i < x.length; i++) x[i] = Float.intBitsToFloat(i < 4096 ? i << 20 | 0x8000 | i % 3 - 1 & 0xffff : random.nextInt());
        CUdeviceptr y = allocate(2L * x.length);
        device.launch(Probe.FLOAT_TO_BFLOAT16, 256, y, upload(x), x.length);
        short[] read = shorts(y, x.length);
        for (int i = 0; i < x.length; i++) {
            float rounded = Float.intBitsToFloat(read[i] << 16);
            if (Float.isNaN(x[i])) assertTrue(Float.isNaN(rounded));
            else assertEquals(nearestBfloat16(x[i]), rounded, Float.toHexString(x[i]));
        }
    }

    /** By distance in double; of two equally near the one with an even last bit. */
    private static float nearestBfloat16(float x) {
        int down = Float.floatToRawIntBits(x) & 0xffff0000;
        float low = Float.intBitsToFloat(down), high = Float.intBitsToFloat(down + 0x10000);
        if (Float.isInfinite(x)) return x;
        double highValue = Float.isInfinite(high) ? Math.copySign(0x1p128, high) : high;
        double toLow = Math.abs((double) x - low), toHigh = Math.abs(highValue - x);
        return toLow < toHigh || toLow == toHigh && (down >> 16 & 1) == 0 ? low : high;
    }

    private static short[] allShorts() {
        short[] all = new short[1 << 16];
        for (int i = 0; i < all.length; i++) all[i] = (short) i;
        return all;
    }

    @Test
    void tensorCoreTilesMultiplyHalves() {
        checkTile(Probe.MULTIPLY_TILE_F16, Float::floatToFloat16, Float::float16ToFloat);
    }

    @Test
    void tensorCoreTilesMultiplyBfloat16() {
        checkTile(Probe.MULTIPLY_TILE_BF16, v -> (short) (Float.floatToRawIntBits(v) >> 16), v -> Float.intBitsToFloat(v << 16));
    }

    private interface Narrow { short of(float v); }

    private interface Widen { float of(short v); }

    private void checkTile(Probe probe, Narrow narrow, Widen widen) {
        Random random = new Random(11);
        short[] a = new short[16 * 16], b = new short[16 * 8];
        float[] d = new float[16 * 8];
        for (int i = 0; i < a.length; i++) a[i] = narrow.of((float) random.nextGaussian());
        for (int i = 0; i < b.length; i++) b[i] = narrow.of((float) random.nextGaussian());
        for (int i = 0; i < d.length; i++) d[i] = (float) random.nextGaussian();
        CUdeviceptr sums = upload(d);
        device.launch(probe, 32, sums, upload(a), upload(b));
        float[] read = floats(sums, d.length);
        for (int i = 0; i < 16; i++) for (int j = 0; j < 8; j++) {
            double expected = d[i * 8 + j];
            for (int k = 0; k < 16; k++) expected += (double) widen.of(a[i * 16 + k]) * widen.of(b[k * 8 + j]);
            assertEquals(expected, read[i * 8 + j], 1e-5, i + ", " + j);
        }
    }
}
