package dev.freecp.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.freecp.error.DeviceException;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is made of a driver's answers; the driver is written in Java here. */
class DriverTest {

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final AddressLayout POINTER = ValueLayout.ADDRESS.withTargetLayout(MemoryLayout.sequenceLayout(256, ValueLayout.JAVA_BYTE));

    /** A driver of CUDA 12.6 with cards of 16 GB and compute capability 8.9; its functions are called from native code. */
    private static final class FakeDriver implements SymbolLookup {

        private final Arena arena = Arena.ofAuto();
        private final Map<String, MemorySegment> functions = new HashMap<>();
        private final int initResult;
        private final int cards;

        FakeDriver(int initResult, int cards) throws ReflectiveOperationException {
            this.initResult = initResult;
            this.cards = cards;
            add("cuInit", INT);
            add("cuDeviceGetCount", POINTER);
            add("cuDriverGetVersion", POINTER);
            add("cuDeviceGet", POINTER, INT);
            add("cuDeviceGetName", POINTER, INT, INT);
            add("cuDeviceTotalMem_v2", POINTER, INT);
            add("cuDeviceGetAttribute", POINTER, INT, INT);
        }

        private void add(String name, MemoryLayout... parameters) throws ReflectiveOperationException {
            FunctionDescriptor type = FunctionDescriptor.of(INT, parameters);
            MethodType methodType = type.toMethodType();
            MethodHandle method = MethodHandles.lookup().bind(this, name, methodType);
            functions.put(name, Linker.nativeLinker().upcallStub(method, type, arena));
        }

        @Override
        public Optional<MemorySegment> find(String name) {
            return Optional.ofNullable(functions.get(name));
        }

        int cuInit(int flags) {
            return initResult;
        }

        int cuDeviceGetCount(MemorySegment count) {
            count.set(INT, 0, cards);
            return 0;
        }

        int cuDriverGetVersion(MemorySegment version) {
            version.set(INT, 0, 12060);
            return 0;
        }

        int cuDeviceGet(MemorySegment device, int index) {
            device.set(INT, 0, 100 + index);
            return 0;
        }

        int cuDeviceGetName(MemorySegment name, int length, int device) {
            name.setString(0, "Card " + (device - 100));
            return 0;
        }

        int cuDeviceTotalMem_v2(MemorySegment bytes, int device) {
            bytes.set(ValueLayout.JAVA_LONG, 0, 16L << 30);
            return 0;
        }

        int cuDeviceGetAttribute(MemorySegment value, int attribute, int device) {
            value.set(INT, 0, attribute == 75 ? 8 : attribute == 76 ? 9 : -1);
            return 0;
        }
    }

    @Test
    void tellsVersionAndCards() throws ReflectiveOperationException {
        Driver driver = Driver.probe(new FakeDriver(0, 2));
        assertEquals("12.6", driver.cudaVersion());
        assertEquals(List.of(new Driver.Gpu(0, "Card 0", 16L << 30, 8, 9), new Driver.Gpu(1, "Card 1", 16L << 30, 8, 9)), driver.gpus());
        assertEquals("8.9", driver.gpus().getFirst().computeCapability());
    }

    @Test
    void saysWhyADriverDoesNotStart() throws ReflectiveOperationException {
        assertEquals("the NVIDIA driver does not start: cuInit returned 100 (no GPU is visible; CUDA_VISIBLE_DEVICES may hide it)", refusal(new FakeDriver(100, 1)));
        assertEquals("the NVIDIA driver does not start: cuInit returned 803 (the kernel's driver and the library are of different versions; restart the machine after an update)",
            refusal(new FakeDriver(803, 1)));
        assertEquals("the NVIDIA driver does not start: cuInit returned 46", refusal(new FakeDriver(46, 1)));
    }

    @Test
    void aDriverWithoutCardsIsNone() throws ReflectiveOperationException {
        assertEquals("the NVIDIA driver has no GPU", refusal(new FakeDriver(0, 0)));
    }

    @Test
    void anotherLibraryOfThatNameIsNoDriver() {
        assertEquals("libcuda.so.1 has no cuInit: it is not NVIDIA's, or very old", refusal(_ -> Optional.empty()));
    }

    private static String refusal(SymbolLookup library) {
        return assertThrows(DeviceException.class, () -> Driver.probe(library)).getMessage();
    }
}
