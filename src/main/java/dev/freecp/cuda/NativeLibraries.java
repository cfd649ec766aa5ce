package dev.freecp.cuda;

import dev.freecp.error.DeviceException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import jcuda.jcublas.JCublas2;
import jcuda.driver.JCudaDriver;

/**
 * Loads JCuda's native halves and cuBLAS into this process, once: the first caller's choice of libraries holds for as long as it lives.
 *
 * <p>JCuda unpacks its libraries into the temporary folder under fixed names and takes what lies there unseen, so it gets a private folder. Its half for cuBLAS
 * asks the loader for libcublas.so.12; for CUDA 13, which has every function that it uses, a copy that asks for libcublas.so.13 is put there first
 * ({@link ElfPatch}). cuBLAS itself is loaded by its path before, so that the loader finds it by its name wherever it lies.
 */
final class NativeLibraries {

    private static final NativeLibraries PROCESS = new NativeLibraries();

    private static final String TEMPORARY_FOLDER = "java.io.tmpdir";
    private static final String JCUBLAS = "libJCublas2-12.6.0-linux-x86_64.so";

    private boolean driverLoaded;
    private boolean cublasAsked;
    private Optional<CublasLibrary> cublas = Optional.empty();

    private NativeLibraries() {
    }

    /** JCuda's driver calls; a driver is there. */
    static void loadDriver() {
        PROCESS.driver();
    }

    /**
     * cuBLAS, if there is one.
     *
     * @param newest version of CUDA that the driver runs
     * @return what was loaded, by this call or by the first one
     */
    static Optional<CublasLibrary> loadCublas(CublasLibrary.Search search, int newest) {
        return PROCESS.cublas(search, newest);
    }

    private synchronized void driver() {
        if (driverLoaded) return;
        inPrivateFolder(_ -> JCudaDriver.setExceptionsEnabled(true));
        driverLoaded = true;
    }

    private synchronized Optional<CublasLibrary> cublas(CublasLibrary.Search search, int newest) {
        if (cublasAsked) return cublas;
        Optional<CublasLibrary> found = search.find(newest);
        found.ifPresent(library -> inPrivateFolder(folder -> {
            if (library.version() != CublasLibrary.NATIVE_VERSION) Files.write(folder.resolve(JCUBLAS), ElfPatch.renameLibrary(jcublas(), "libcublas.so.12", "libcublas.so." + library.version()));
            System.load(library.cublasLt().toAbsolutePath().toString());
            System.load(library.cublas().toAbsolutePath().toString());
            JCublas2.initialize();
            JCublas2.setExceptionsEnabled(true);
        }));
        cublasAsked = true;
        cublas = found;
        return found;
    }

    private interface Step {
        void run(Path folder) throws IOException;
    }

    /** Runs a step that loads libraries from JCuda's jars. What was unpacked stays mapped when the folder goes. */
    private static void inPrivateFolder(Step step) {
        String before = System.getProperty(TEMPORARY_FOLDER);
        Path folder = null;
        try {
            folder = Files.createTempDirectory("freecp-natives");                            // only its owner may enter
            System.setProperty(TEMPORARY_FOLDER, folder.toString());
            step.run(folder);
        } catch (IOException | LinkageError e) {
            throw new DeviceException("JCuda's native libraries cannot be loaded from " + folder + ": " + firstLine(e), e);
        } finally {
            System.setProperty(TEMPORARY_FOLDER, before);
            delete(folder);
        }
    }

    private static String firstLine(Throwable e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse(e.toString());
    }

    private static byte[] jcublas() throws IOException {
        try (InputStream in = NativeLibraries.class.getResourceAsStream("/lib/" + JCUBLAS)) {
            if (in == null) throw new IOException(JCUBLAS + " is not on the class path");
            return in.readAllBytes();
        }
    }

    private static void delete(Path folder) {
        if (folder == null) return;
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : List.copyOf(files.sorted(Comparator.reverseOrder()).toList())) Files.delete(file);
        } catch (IOException e) {
            System.getLogger(NativeLibraries.class.getName()).log(System.Logger.Level.DEBUG, "left behind: " + folder, e);
        }
    }
}
