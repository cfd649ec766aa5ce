package dev.freecp.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CudaHostTest {

    @TempDir
    private Path root;

    private static final String FIX = "; to get it: pip install --user nvidia-cublas-cu12, or name its folder with --cuda-libs";

    private String matrixProducts(int driverVersion, Path chosen) {
        CublasLibrary.Search search = new CublasLibrary.Search(chosen, Map.of(), root);
        Driver driver = new Driver(driverVersion, List.of(new Driver.Gpu(0, "Card", 16L << 30, 8, 9)));
        return new CudaHost(Optional.of(driver), "", search.isOff() ? Optional.empty() : search.find(), search).matrixProducts();
    }

    private Path install(int version) throws IOException {
        Path folder = Files.createDirectories(root.resolve("usr/lib64"));
        for (String name : List.of("libcublas.so.", "libcublasLt.so.")) Files.createFile(folder.resolve(name + version));
        return folder;
    }

    @Test
    void saysWhichCublas() throws IOException {
        Path folder = install(13);
        assertEquals("13 in " + folder + ", by a patched copy of JCuda's library", matrixProducts(13000, null));
        install(12);
        assertEquals("12 in " + folder, matrixProducts(13000, null));
        assertEquals("not wanted (--cuda-libs none); our own kernels multiply", matrixProducts(13000, Path.of("none")));
    }

    @Test
    void saysWhereItLookedAndHowToGetOne() throws IOException {
        assertEquals("none, our own kernels multiply, more slowly; looked in no folder, none of the usual ones exists" + FIX, matrixProducts(12060, null));
        Path one = Files.createDirectories(root.resolve("usr/local/cuda/lib64")), two = Files.createDirectories(root.resolve("usr/lib64"));
        assertEquals("none, our own kernels multiply, more slowly; looked in " + one + ", " + two + FIX, matrixProducts(12060, null));
    }

    @Test
    void saysIfTheDriverIsTooOldForIt() throws IOException {
        Path folder = install(13);
        assertEquals("13 in " + folder + ", by a patched copy of JCuda's library; this driver runs CUDA 12.6 only: update it, or install cuBLAS 12; until then our own kernels multiply", matrixProducts(12060, null));
    }

    @Test
    void knowsEveryModule() throws IOException {
        assertEquals(Path.of(System.getProperty("freecp.root"), "kernels/ptx").toFile().list().length, PtxModules.names().size());
        for (String name : PtxModules.names()) assertTrue(new String(PtxModules.read(name)).startsWith("// freecp " + name + "\n"), name);
    }
}
