package dev.freecp.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.JCudaDriver;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** AddressSanitizer sees what kernels write outside their memory. It ends the process, so each case is a JVM of its own. */
class EmulatorSanitizerTest {

    /** What a kernel does, and what the sanitizer says of it; nothing if all is well. */
    enum Case {
        WITHIN_MEMORY(null) {
            @Override
            void run(EmulatedDevice device) {
                Block y = new Block(400);
                device.launch(Probe.WRITES, 1, y, 99);
                device.launch(Probe.WRITES_SHARED, 64, y, 63);
                Emulator.poison(y.address(), 200);
                Emulator.unpoison(y.address(), 200);
                device.launch(Probe.WRITES, 1, y, 0);
            }
        },
        BEYOND_AN_ALLOCATION("heap-buffer-overflow") {
            @Override
            void run(EmulatedDevice device) {
                device.launch(Probe.WRITES, 1, EmulatedDevice.allocate(400), 100);
            }
        },
        BEFORE_AN_ALLOCATION("heap-buffer-overflow") {
            @Override
            void run(EmulatedDevice device) {
                device.launch(Probe.WRITES, 1, EmulatedDevice.allocate(400), -1);
            }
        },
        INTO_A_GUARDED_GAP("use-after-poison") {
            @Override
            void run(EmulatedDevice device) {
                Block block = new Block(1024);
                Emulator.poison(block.address() + 512, 64);
                device.launch(Probe.WRITES, 1, block, 128);
            }
        },
        BEYOND_DYNAMIC_SHARED_MEMORY("heap-buffer-overflow") {
            @Override
            void run(EmulatedDevice device) {
                device.launch(Probe.WRITES_SHARED, 32, new CUdeviceptr(), 32);
            }
        },
        BEYOND_STATIC_SHARED_MEMORY("out of bounds for type") {
            @Override
            void run(EmulatedDevice device) {
                device.launch(Probe.WRITES_SHARED, 128, EmulatedDevice.allocate(4), 64);
            }
        },
        MISALIGNED("misaligned address") {
            @Override
            void run(EmulatedDevice device) {
                device.launch(Probe.WRITES, 1, EmulatedDevice.allocate(400).withByteOffset(2), 0);
            }
        };

        private final String finding;

        Case(String finding) {
            this.finding = finding;
        }

        abstract void run(EmulatedDevice device);
    }

    @ParameterizedTest
    @EnumSource
    void findsWhatKernelsWriteOutsideTheirMemory(Case which) throws IOException, InterruptedException {
        Emulator.assumeAvailable();
        Path folder = Emulator.folder("asan");
        Emulator.build(Emulator.TEST_KERNELS, folder, "--asan");
        Process run = Emulator.sanitized(folder, EmulatorSanitizerTest.class, which.name());
        String said = new String(run.getInputStream().readAllBytes());
        if (which.finding == null) {
            assertEquals(0, run.waitFor(), said);
        } else {
            assertNotEquals(0, run.waitFor(), said);
            assertTrue(said.contains(which.finding), said);
            assertTrue(said.contains("faults.cu"), said);
        }
    }

    /** Device memory whose address Java may know. */
    private static final class Block extends CUdeviceptr {
        Block(long bytes) {
            JCudaDriver.cuMemAlloc(this, bytes);
        }

        long address() {
            return getNativePointer();
        }
    }

    /** The process that a case runs in. */
    public static void main(String[] arguments) {
        try (EmulatedDevice device = new EmulatedDevice()) {
            Case.valueOf(arguments[0]).run(device);
            EmulatedDevice.synchronize();
        }
    }
}
