package dev.freecp.cuda;

import dev.freecp.error.DeviceException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a machine has for the GPU backend, found out without opening a GPU.
 *
 * @param driver    if there is one with a GPU
 * @param problem   why there is no driver, or empty
 * @param cublas    that was found; {@link CudaOps} loads it if the driver is new enough
 * @param libraries where it was looked for
 */
public record CudaHost(Optional<Driver> driver, String problem, Optional<CublasLibrary> cublas, CublasLibrary.Search libraries) {

    /** Looks at this machine. */
    public static CudaHost examine(CublasLibrary.Search libraries) {
        Optional<CublasLibrary> cublas = libraries.isOff() ? Optional.empty() : libraries.find();
        try {
            return new CudaHost(Optional.of(Driver.probe()), "", cublas, libraries);
        } catch (DeviceException e) {
            return new CudaHost(Optional.empty(), e.getMessage(), cublas, libraries);
        }
    }

    /** What multiplies matrices, and if it is not cuBLAS, where that was looked for and how to get it. */
    public String matrixProducts() {
        if (libraries.isOff()) return "not wanted (--cuda-libs none); our own kernels multiply";
        if (cublas.isPresent()) return cublas.get().version() + " in " + cublas.get().folder() + (cublas.get().version() == CublasLibrary.NATIVE_VERSION ? "" : ", by a patched copy of JCuda's library") + tooNew();
        return "none, our own kernels multiply, more slowly; looked in " + searched() + "; to get it: pip install --user nvidia-cublas-cu12, or name its folder with --cuda-libs";
    }

    private String tooNew() {
        int library = cublas.orElseThrow().version();
        return driver.filter(d -> d.version() / 1000 < library).map(d -> "; this driver runs CUDA " + d.cudaVersion() + " only: update it, or install cuBLAS " + d.version() / 1000 + "; until then our own kernels multiply").orElse("");
    }

    private String searched() {
        List<Path> folders = libraries.folders();
        return folders.isEmpty() ? "no folder, none of the usual ones exists" : folders.stream().map(Path::toString).collect(Collectors.joining(", "));
    }

    /**
     * Loads every module of kernels on a GPU, as a new version of the driver might have to: compiles those that its cache lacks.
     *
     * @param index of the card
     * @return how many there are
     * @throws DeviceException naming the module that the driver refuses
     */
    public static int loadKernels(int index) {
        NativeLibraries.loadDriver();
        List<String> modules = PtxModules.names();
        try (CudaDevice device = new CudaDevice(index)) {
            modules.forEach(device::loadModule);
        }
        return modules.size();
    }
}
