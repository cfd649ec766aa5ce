package dev.freecp.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.freecp.Required;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.URI;
import java.net.URLClassLoader;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The fake CUDA driver and cuBLAS of {@code kernels/emulator}: built where g++ is, then loaded into this JVM, where JCuda takes them for the real ones.
 * A JVM has one driver for good; the settings here are those of that one.
 */
final class Emulator {

    /** In which order the threads of a block run, and the blocks of a grid. */
    enum Order { FORWARD, REVERSE, RANDOM }

    private static final Path ROOT = Path.of(System.getProperty("freecp.root"));
    private static final Path BUILD = ROOT.resolve("src/target/emulator");
    private static final String NATIVES_VERSION = "12.6.0-linux-x86_64";

    static final Path KERNELS = ROOT.resolve("kernels");
    static final Path TEST_KERNELS = KERNELS.resolve("emulator/test");

    /** Looked for before the emulator's own can be found under that name. */
    private static final boolean REAL_DRIVER = hasRealDriver();

    private Emulator() {}

    /** Whether it can be built here, and is not in the way of a real driver: JCuda takes whichever is loaded first. */
    static boolean available() {
        return !REAL_DRIVER && runs("g++", "--version") && runs("nm", "--version") && System.getProperty("os.arch").equals("amd64");
    }

    /** Skips the calling test where the emulator cannot be built; fails it where the environment's FREECP_REQUIRE names {@code emulator}. */
    static void assumeAvailable() {
        if (!available()) Required.missing("emulator", "it needs g++ and nm, on Linux x86-64 without NVIDIA's driver");
    }

    /** The folder under the build's own where {@link #build} may put what it makes. */
    static Path folder(String name) {
        return BUILD.resolve(name);
    }

    /**
     * Builds driver, cuBLAS and the modules of a folder of kernels; what is up to date stays.
     *
     * @param flags as in {@code kernels/emulator/build.sh}: {@code --asan}, {@code --cublas13}, {@code --modules-for=BUILT}, {@code --only=MODULE}, {@code -DNAME}
     */
    static synchronized void build(Path kernels, Path out, String... flags) {
        try {
            Files.createDirectories(BUILD);
            // Other forks of the build wait; threads of this JVM are kept apart by the method.
            try (FileChannel channel = FileChannel.open(BUILD.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                 FileLock _ = channel.lock()) {
                List<String> command = new ArrayList<>();
                for (Path path : List.of(KERNELS.resolve("emulator/build.sh"), out, kernels, natives())) command.add(path.toString());
                command.addAll(List.of(flags));
                Process build = new ProcessBuilder(command).redirectErrorStream(true).start();
                String said = new String(build.getInputStream().readAllBytes());
                assertEquals(0, build.waitFor(), () -> String.join(" ", command) + "\n" + said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * A JVM that runs a main class under AddressSanitizer, with the emulator of a folder built with {@code --asan}; standard error goes to standard output.
     * The first finding ends it.
     */
    static Process sanitized(Path folder, Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin/java").toString(), "--enable-native-access=ALL-UNNAMED",
            "--add-modules=jdk.incubator.vector", "-Dfreecp.root=" + ROOT, "-Dfreecp.emulator=" + folder, "-cp", classPath(), main.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("LD_PRELOAD", output("g++", "-print-file-name=libasan.so"));
        // The JVM handles faults of its own, and frees nothing at its end.
        builder.environment().put("ASAN_OPTIONS", "handle_segv=0:allow_user_segv_handler=1:use_sigaltstack=0:detect_leaks=0");
        return builder.start();
    }

    /** Of the tests, however they were started: by Surefire, by a launcher with a class loader of its own, or plainly. */
    private static String classPath() {
        if (Emulator.class.getClassLoader() instanceof URLClassLoader loader) {
            return Arrays.stream(loader.getURLs()).map(url -> Path.of(URI.create(url.toString())).toString()).collect(Collectors.joining(File.pathSeparator));
        }
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    /** Loads driver and cuBLAS, with the shipped kernels and those of the emulator's own tests; builds them if need be. Must come before JCuda's first call. */
    static void load() {
        assertEquals(0, Loaded.ALLOCATIONS.type().parameterCount());
    }

    /**
     * The modules of another folder of kernels, say one with a barrier less, for the driver that is loaded: {@link #modules} switches to what this builds.
     *
     * @param flags {@code --only=NAME} for one module
     */
    static void buildModules(Path kernels, Path out, String... flags) {
        build(kernels, out, Stream.concat(Stream.of("--modules-for=" + Loaded.FOLDER), Stream.of(flags)).toArray(String[]::new));
    }

    /** Modules come from another folder that {@link #buildModules} filled, and those that it lacks from where they were; {@link #usualModules} ends this. */
    static void modules(Path folder) {
        try (Arena arena = Arena.ofConfined()) {
            call(Loaded.SET_MODULES, arena.allocateFrom(folder.toString()));
        }
    }

    static void usualModules() {
        modules(Loaded.FOLDER);
    }

    static void order(Order order, int seed) {
        call(Loaded.SET_ORDER, order.ordinal(), seed);
    }

    /** Whether kernels and matrix products are only checked, not run: for what large models allocate. */
    static void idle(boolean idle) {
        call(Loaded.SET_IDLE, idle ? 1 : 0);
    }

    /** OS threads that run a grid. */
    static void threads(int threads) {
        call(Loaded.SET_THREADS, threads);
    }

    /** Device memory allocated now. */
    static long deviceBytes() {
        return (long) call(Loaded.DEVICE_BYTES);
    }

    /** Device allocations so far. */
    static long allocations() {
        return (long) call(Loaded.ALLOCATIONS);
    }

    /** Kernel launches that have run so far. */
    static long launches() {
        return (long) call(Loaded.LAUNCHES);
    }

    /** What the emulator said last on standard error: kernel, block, thread and reason of a failed launch, or why a call was refused. */
    static String lastMessage() {
        return ((MemorySegment) call(Loaded.LAST_MESSAGE)).reinterpret(Long.MAX_VALUE).getString(0);
    }

    /** Ends the state after a failed launch, in which every call fails. */
    static void resetErrors() {
        call(Loaded.RESET_ERRORS);
    }

    /** Marks device memory as out of bounds for kernels; only AddressSanitizer looks. */
    static void poison(long address, long bytes) {
        call(Loaded.POISON, address, bytes);
    }

    static void unpoison(long address, long bytes) {
        call(Loaded.UNPOISON, address, bytes);
    }

    /** JCuda's own libraries, out of its jars: the list of functions that it calls. */
    private static Path natives() throws IOException {
        Path folder = BUILD.resolve("natives");
        Files.createDirectories(folder);
        for (String name : List.of("JCudaDriver", "JCublas2")) {
            String file = "lib" + name + "-" + NATIVES_VERSION + ".so";
            if (Files.exists(folder.resolve(file))) continue;
            try (InputStream library = Emulator.class.getResourceAsStream("/lib/" + file)) {
                if (library == null) throw new IllegalStateException("JCuda's natives are not on the class path: " + file);
                Path part = folder.resolve(file + ".part");
                Files.copy(library, part, StandardCopyOption.REPLACE_EXISTING);
                Files.move(part, folder.resolve(file), StandardCopyOption.ATOMIC_MOVE);
            }
        }
        return folder;
    }

    private static boolean hasRealDriver() {
        try (Arena arena = Arena.ofConfined()) {
            SymbolLookup.libraryLookup("libcuda.so.1", arena);
            return true;
        } catch (IllegalArgumentException none) {
            return false;
        }
    }

    private static boolean runs(String... command) {
        try {
            return !output(command).isEmpty();
        } catch (IOException missing) {
            return false;
        }
    }

    /** What a program says, both channels; empty if it fails. */
    private static String output(String... command) throws IOException {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes()).strip();
            return process.waitFor() == 0 ? said : "";
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Object call(MethodHandle function, Object... arguments) {
        try {
            return function.invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** What exists once the libraries are in this JVM. */
    private static final class Loaded {
        static final Path FOLDER = Path.of(System.getProperty("freecp.emulator", folder("plain").toString()));
        static final SymbolLookup DRIVER = driver();
        static final MethodHandle SET_MODULES = function("emu_set_modules", null, ValueLayout.ADDRESS);
        static final MethodHandle SET_ORDER = function("emu_set_order", null, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
        static final MethodHandle SET_IDLE = function("emu_set_idle", null, ValueLayout.JAVA_INT);
        static final MethodHandle SET_THREADS = function("emu_set_threads", null, ValueLayout.JAVA_INT);
        static final MethodHandle DEVICE_BYTES = function("emu_device_bytes", ValueLayout.JAVA_LONG);
        static final MethodHandle ALLOCATIONS = function("emu_allocations", ValueLayout.JAVA_LONG);
        static final MethodHandle LAUNCHES = function("emu_launches", ValueLayout.JAVA_LONG);
        static final MethodHandle LAST_MESSAGE = function("emu_last_message", ValueLayout.ADDRESS);
        static final MethodHandle RESET_ERRORS = function("emu_reset_errors", null);
        static final MethodHandle POISON = function("emu_poison", null, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);
        static final MethodHandle UNPOISON = function("emu_unpoison", null, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);

        private Loaded() {}

        private static SymbolLookup driver() {
            if (System.getProperty("freecp.emulator") == null) {
                build(KERNELS, FOLDER);
                build(TEST_KERNELS, FOLDER);
            }
            // JCuda's natives ask for them by these names; what is loaded under a name already is taken.
            System.load(FOLDER.resolve("libcuda.so.1").toString());
            System.load(FOLDER.resolve("libcublas.so.12").toString());
            return SymbolLookup.libraryLookup(FOLDER.resolve("libcuda.so.1"), Arena.global());
        }

        private static MethodHandle function(String name, MemoryLayout result, MemoryLayout... parameters) {
            FunctionDescriptor type = result == null ? FunctionDescriptor.ofVoid(parameters) : FunctionDescriptor.of(result, parameters);
            return Linker.nativeLinker().downcallHandle(DRIVER.find(name).orElseThrow(), type);
        }
    }
}
