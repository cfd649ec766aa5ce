package dev.freecp.cuda;

import static dev.freecp.cuda.EmulatedDevice.allocate;
import static dev.freecp.cuda.EmulatedDevice.floats;
import static dev.freecp.cuda.EmulatedDevice.ints;
import static dev.freecp.cuda.EmulatedDevice.synchronize;
import static dev.freecp.cuda.EmulatedDevice.upload;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.cuda.Emulator.Order;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import jcuda.CudaException;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUfunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How the emulator runs threads, and that it notices each of the faults in kernels/emulator/test/faults.cu. */
class EmulatorTest {

    private static final int THREADS = 64;

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

    @ParameterizedTest
    @EnumSource
    void everyThreadRunsOnceWhateverTheOrder(Order order) {
        Emulator.order(order, 7);
        int blocks = 2 * 3 * 4, threads = 5 * 3 * 6;
        CUdeviceptr y = allocate(4L * blocks * threads);
        EmulatedDevice.launch(device.function(Probe.NOTE_POSITION), null, new int[] {2, 3, 4}, new int[] {5, 3, 6}, 0, y);
        assertArrayEquals(IntStream.range(0, blocks * threads).map(i -> i / threads * 1000 + i % threads).toArray(), ints(y, blocks * threads));
    }

    @Test
    void threadsRunInTheChosenOrder() {
        Emulator.threads(1);
        assertArrayEquals(IntStream.range(0, 2 * THREADS).toArray(), tickets(Order.FORWARD, 0));
        assertArrayEquals(IntStream.range(0, 2 * THREADS).map(i -> 2 * THREADS - 1 - i).toArray(), tickets(Order.REVERSE, 0));
        int[] random = tickets(Order.RANDOM, 1);
        assertArrayEquals(random, tickets(Order.RANDOM, 1));
        assertNotEquals(IntStream.of(random).boxed().toList(), IntStream.of(tickets(Order.RANDOM, 2)).boxed().toList());
        Emulator.threads(Runtime.getRuntime().availableProcessors());
    }

    private int[] tickets(Order order, int seed) {
        Emulator.order(order, seed);
        CUdeviceptr y = allocate(8 * THREADS), counter = upload(0.0f);
        EmulatedDevice.launch(device.function(Probe.TAKE_TICKET), null, new int[] {2, 1, 1}, new int[] {THREADS, 1, 1}, 0, y, counter);
        return ints(y, 2 * THREADS);
    }

    @Test
    void atomicsCountEveryThreadOfManyBlocks() {
        CUdeviceptr counter = upload(0.0f), y = allocate(4 * 500 * THREADS);
        EmulatedDevice.launch(device.function(Probe.TAKE_TICKET), null, new int[] {500, 1, 1}, new int[] {THREADS, 1, 1}, 0, y, counter);
        assertEquals(500 * THREADS, ints(counter, 1)[0]);
    }

    @ParameterizedTest
    @EnumSource
    void aBarrierMakesSharedMemoryVisible(Order order) {
        assertArrayEquals(reversedThreads(), exchanged(order, 1));
    }

    @ParameterizedTest
    @EnumSource
    void aMissingBarrierShows(Order order) {
        assertTrue(hasNaN(exchanged(order, 0)));
    }

    /** The same for a barrier that somebody takes out of a source. */
    @Test
    void aKernelWithABarrierRemovedIsNoticed(@TempDir Path folder) throws IOException {
        Path kernels = Files.createDirectory(folder.resolve("kernels")), modules = folder.resolve("modules");
        String source = Files.readString(Emulator.TEST_KERNELS.resolve("faults.cu"));
        Files.writeString(kernels.resolve("faults.cu"), source.replaceFirst(Pattern.quote("if (with_barrier) __syncthreads();"), ""));
        Emulator.buildModules(kernels, modules);
        Emulator.modules(modules);
        CUdeviceptr y = allocate(4 * THREADS);
        try {
            CUfunction mutant = EmulatedDevice.function(EmulatedDevice.load(Probe.ptx("faults")), Probe.EXCHANGE);
            EmulatedDevice.launch(mutant, null, new int[] {1, 1, 1}, new int[] {THREADS, 1, 1}, 0, y, 1);
        } finally {
            Emulator.usualModules();
        }
        assertTrue(hasNaN(floats(y, THREADS)));
        assertFalse(hasNaN(exchanged(Order.FORWARD, 1)));
    }

    private float[] exchanged(Order order, int withBarrier) {
        Emulator.order(order, 3);
        CUdeviceptr y = allocate(4 * THREADS);
        device.launch(Probe.EXCHANGE, THREADS, y, withBarrier);
        return floats(y, THREADS);
    }

    private static float[] reversedThreads() {
        float[] expected = new float[THREADS];
        for (int i = 0; i < THREADS; i++) expected[i] = THREADS - 1 - i;
        return expected;
    }

    /** Without the second barrier a warp may overwrite its sum before the other has read it. */
    @Test
    void aMissingBarrierBetweenReadAndWriteShowsInSomeOrder() {
        boolean shown = false;
        for (Order order : Order.values()) {
            Emulator.order(order, 1);
            CUdeviceptr y = allocate(4 * THREADS);
            device.launch(Probe.SUM_TWICE, THREADS, y, 1);
            for (float sum : floats(y, THREADS)) assertEquals(3 * THREADS, sum);
            device.launch(Probe.SUM_TWICE, THREADS, y, 0);
            for (float sum : floats(y, THREADS)) shown |= sum != 3 * THREADS;
        }
        assertTrue(shown);
    }

    @Test
    void unwrittenMemoryIsNaN() {
        assertTrue(Float.isNaN(floats(allocate(400), 100)[99]));
        CUdeviceptr y = allocate(4 * THREADS);
        for (int launch = 0; launch < 2; launch++) {
            device.launch(Probe.READS_UNWRITTEN_SHARED, THREADS, y);
            float[] sums = floats(y, THREADS);
            assertTrue(Float.isNaN(sums[0]), "static shared memory");
            assertTrue(Float.isNaN(sums[1]), "dynamic shared memory");
            assertEquals(2.0f, sums[2]);
        }
    }

    @Test
    void anAsynchronousCopyLandsAtTheWaitForItsGroup() {
        float[] x = {1, 2, 3, 4, 5, 6, 7, 8}, zeroFilled = {1, 2, 3, 4, 5, 6, 0, 0}, firstGroup = {1, 2, 3, 4};
        assertArrayEquals(zeroFilled, copied(x, 0));
        float[] tooEarly = copied(x, 1);
        assertArrayEquals(firstGroup, Arrays.copyOf(tooEarly, 4));
        for (int i = 4; i < 8; i++) assertTrue(Float.isNaN(tooEarly[i]));
        assertTrue(Float.isNaN(copied(x, 2)[0]));
    }

    private float[] copied(float[] x, int pending) {
        CUdeviceptr y = allocate(32);
        device.launch(Probe.COPIES_ASYNC, 1, y, upload(x), pending);
        return floats(y, 8);
    }

    @Test
    void reportsDivergentBarriers() {
        assertFails("kernel diverges, block (0, 0, 0), divergent __syncthreads: thread (0, 0, 0) waits at ",
            () -> device.launch(Probe.DIVERGES, THREADS, allocate(256)));
    }

    @Test
    void reportsDeadlocks() {
        assertFails("kernel half_waits_elsewhere, block (0, 0, 0), deadlock: ", () -> device.launch(Probe.HALF_WAITS_ELSEWHERE, THREADS, allocate(256)));
    }

    @Test
    void reportsLanesAtDifferentWarpOperations() {
        assertFails("kernel mixes_operations, block (0, 0, 0), thread ", () -> device.launch(Probe.MIXES_OPERATIONS, THREADS, allocate(256)));
        assertTrue(Emulator.lastMessage().endsWith("lanes of one mask are at different warp operations"), Emulator.lastMessage());
    }

    @Test
    void afterAFailedLaunchEveryCallFails() {
        assertFails("kernel diverges", () -> device.launch(Probe.DIVERGES, THREADS, allocate(256)));
        assertError("CUDA_ERROR_LAUNCH_FAILED", () -> allocate(4));
        Emulator.resetErrors();
        allocate(4);
    }

    @Test
    void lanesThatLeftHaveNothingToGive() {
        CUdeviceptr y = allocate(4 * THREADS);
        device.launch(Probe.READS_LANES_THAT_LEFT, 32, y);
        float[] read = floats(y, 20);
        for (int lane = 0; lane < 20; lane++) {
            assertEquals((lane ^ 16) < 20, read[lane] == 1.0f, "lane " + lane);
            assertEquals((lane ^ 16) >= 20, Float.isNaN(read[lane]), "lane " + lane);
        }
    }

    @Test
    void shufflesAndVotesAreThoseOfAWarp() {
        CUdeviceptr y = allocate(4 * 6 * 32);
        device.launch(Probe.SHUFFLES, 32, y);
        int[] read = ints(y, 6 * 32);
        IntUnaryOperator[] expected = {
            lane -> lane ^ 5, lane -> lane % 8 + 3 < 8 ? lane + 3 : lane, lane -> lane % 8 >= 3 ? lane - 3 : lane, lane -> lane / 8 * 8 + 9 % 8,
            _ -> 0b01001001_00100100_10010010_01001001, _ -> 31};
        for (int i = 0; i < read.length; i++) assertEquals(expected[i / 32].applyAsInt(i % 32), read[i], i / 32 + ", lane " + i % 32);
    }

    private static boolean hasNaN(float[] values) {
        for (float value : values) if (Float.isNaN(value)) return true;
        return false;
    }

    /** The launch is accepted, then fails when it runs, with a message that begins so. */
    private static void assertFails(String message, Executable launch) {
        assertError("CUDA_ERROR_LAUNCH_FAILED", () -> {
            launch.execute();
            synchronize();
        });
        assertTrue(Emulator.lastMessage().startsWith(message), Emulator.lastMessage());
    }

    static void assertError(String name, Executable call) {
        CudaException error = assertThrows(CudaException.class, call);
        assertFalse(error.getMessage().isEmpty());
        assertEquals(name, error.getMessage());
    }
}
