package dev.freecp.cuda;

import dev.freecp.error.DeviceException;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * What the NVIDIA driver says of itself, asked through the foreign function API: where there is no driver, JCuda's classes fail in their initialisers, and stay
 * failed for as long as the process lives.
 *
 * @param version the newest CUDA that the driver runs, 12060 for 12.6
 * @param gpus    at least one
 */
public record Driver(int version, List<Gpu> gpus) {

    private static final String LIBRARY = "libcuda.so.1";

    /** Numbers of CUdevice_attribute. */
    private static final int MAJOR = 75, MINOR = 76;

    /**
     * A card.
     *
     * @param bytes its memory
     * @param major of its compute capability
     */
    public record Gpu(int index, String name, long bytes, int major, int minor) {

        /** {@code 9.0}. */
        public String computeCapability() {
            return major + "." + minor;
        }
    }

    public Driver {
        gpus = List.copyOf(gpus);
    }

    /** {@code 12.6}. */
    public String cudaVersion() {
        return version / 1000 + "." + version % 1000 / 10;
    }

    /**
     * Asks the driver.
     *
     * @throws DeviceException if there is none, it does not start, or it has no GPU
     */
    public static Driver probe() {
        try {
            return probe(SymbolLookup.libraryLookup(LIBRARY, Arena.global()));
        } catch (IllegalArgumentException e) {
            throw new DeviceException("no NVIDIA driver: " + LIBRARY + " is not on this machine", e);
        }
    }

    /** Asks a driver that is loaded. */
    static Driver probe(SymbolLookup library) {
        try (Arena arena = Arena.ofConfined()) {
            return new Calls(library, arena).driver();
        }
    }

    /** The driver's functions, each with its error turned into a sentence. */
    private record Calls(SymbolLookup library, Arena arena) {

        private static final AddressLayout POINTER = ValueLayout.ADDRESS;
        private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;

        Driver driver() {
            call("cuInit", List.of(INT), 0);
            List<Gpu> gpus = new ArrayList<>();
            int count = number("cuDeviceGetCount");
            if (count == 0) throw new DeviceException("the NVIDIA driver has no GPU");
            for (int index = 0; index < count; index++) gpus.add(gpu(index));
            return new Driver(number("cuDriverGetVersion"), gpus);
        }

        private Gpu gpu(int index) {
            MemorySegment handle = arena.allocate(INT), name = arena.allocate(256), bytes = arena.allocate(ValueLayout.JAVA_LONG);
            call("cuDeviceGet", List.of(POINTER, INT), handle, index);
            int device = handle.get(INT, 0);
            call("cuDeviceGetName", List.of(POINTER, INT, INT), name, 256, device);
            call("cuDeviceTotalMem_v2", List.of(POINTER, INT), bytes, device);
            return new Gpu(index, name.getString(0), bytes.get(ValueLayout.JAVA_LONG, 0), attribute(MAJOR, device), attribute(MINOR, device));
        }

        private int attribute(int attribute, int device) {
            MemorySegment value = arena.allocate(INT);
            call("cuDeviceGetAttribute", List.of(POINTER, INT, INT), value, attribute, device);
            return value.get(INT, 0);
        }

        /** Of a function whose one argument is where to put an int. */
        private int number(String function) {
            MemorySegment value = arena.allocate(INT);
            call(function, List.of(POINTER), value);
            return value.get(INT, 0);
        }

        private void call(String function, List<MemoryLayout> parameters, Object... arguments) {
            FunctionDescriptor type = FunctionDescriptor.of(INT, parameters.toArray(MemoryLayout[]::new));
            int result;
            try {
                MemorySegment address = library.find(function).orElseThrow(() -> new DeviceException(LIBRARY + " has no " + function + ": it is not NVIDIA's, or very old"));
                result = (int) Linker.nativeLinker().downcallHandle(address, type).invokeWithArguments(arguments);
            } catch (DeviceException e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException(function, e);
            }
            if (result != 0) throw new DeviceException("the NVIDIA driver does not start: " + function + " returned " + meaning(result));
        }

        /** The errors that a machine without a working GPU gives. */
        private static String meaning(int result) {
            return switch (result) {
                case 3 -> "3 (not initialised)";
                case 100 -> "100 (no GPU is visible; CUDA_VISIBLE_DEVICES may hide it)";
                case 803 -> "803 (the kernel's driver and the library are of different versions; restart the machine after an update)";
                case 999 -> "999 (unknown; the driver's own log may say more)";
                default -> Integer.toString(result);
            };
        }
    }
}
