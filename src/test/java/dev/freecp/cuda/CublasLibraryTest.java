package dev.freecp.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where cuBLAS is looked for, on machines that are folders. */
class CublasLibraryTest {

    @TempDir
    private Path root;

    /** Both libraries of a version as empty files. */
    private Path install(String folder, int version) throws IOException {
        Path path = Files.createDirectories(root.resolve(folder));
        Files.createFile(path.resolve("libcublas.so." + version));
        Files.createFile(path.resolve("libcublasLt.so." + version));
        return path;
    }

    private Optional<CublasLibrary> find(Map<String, String> environment) {
        return new CublasLibrary.Search(null, environment, root).find();
    }

    @ParameterizedTest
    @ValueSource(strings = {"usr/local/cuda/lib64", "usr/local/cuda-12.6/lib64", "usr/local/cuda-12.6/targets/x86_64-linux/lib", "usr/lib/x86_64-linux-gnu", "usr/lib64",
        "opt/cuda/lib64", "usr/local/lib/python3.12/dist-packages/nvidia/cublas/lib", "usr/lib/python3/dist-packages/nvidia/cublas/lib"})
    void findsItInTheUsualPlaces(String folder) throws IOException {
        assertEquals(Optional.of(new CublasLibrary(install(folder, 12), 12)), find(Map.of()));
    }

    @Test
    void findsItWhereTheEnvironmentPoints() throws IOException {
        for (String variable : List.of("CUDA_HOME", "CUDA_PATH")) {
            Path folder = install("sdk-" + variable + "/lib64", 12);
            assertEquals(Optional.of(new CublasLibrary(folder, 12)), find(Map.of(variable, folder.getParent().toString())));
        }
        Path plain = install("plain", 12);
        assertEquals(Optional.of(new CublasLibrary(plain, 12)), find(Map.of("LD_LIBRARY_PATH", "/nowhere::" + plain)));
        Path wheel = install("venv/lib/python3.13/site-packages/nvidia/cublas/lib", 12);
        assertEquals(Optional.of(new CublasLibrary(wheel, 12)), find(Map.of("VIRTUAL_ENV", root.resolve("venv").toString())));
        Path user = install("home/.local/lib/python3.13/site-packages/nvidia/cu13/lib", 13);
        assertEquals(Optional.of(new CublasLibrary(user, 13)), find(Map.of("HOME", root.resolve("home").toString())));
    }

    @Test
    void prefersTwelveWhereverItLies() throws IOException {
        Path thirteen = install("usr/local/cuda/lib64", 13);
        assertEquals(Optional.of(new CublasLibrary(thirteen, 13)), find(Map.of()));
        Path twelve = install("usr/lib64", 12);
        assertEquals(Optional.of(new CublasLibrary(twelve, 12)), find(Map.of()));
    }

    @Test
    void prefersTheNewestOfSeveral() throws IOException {
        install("usr/local/cuda-12.2/lib64", 12);
        Path newest = install("usr/local/cuda-12.6/lib64", 12);
        assertEquals(Optional.of(new CublasLibrary(newest, 12)), find(Map.of()));
    }

    @Test
    void oneLibraryOfTheTwoIsNotEnough() throws IOException {
        Files.delete(install("usr/local/cuda/lib64", 12).resolve("libcublasLt.so.12"));
        assertEquals(Optional.empty(), find(Map.of()));
    }

    @Test
    void theUsersFolderIsSearchedAlone() throws IOException {
        install("usr/lib64", 12);
        Path chosen = Files.createDirectories(root.resolve("chosen"));
        CublasLibrary.Search search = new CublasLibrary.Search(chosen, Map.of("LD_LIBRARY_PATH", root.resolve("usr/lib64").toString()), root);
        assertEquals(Optional.empty(), search.find());
        assertEquals(List.of(chosen), search.folders());
        Path below = install("chosen/lib64", 13);
        assertEquals(Optional.of(new CublasLibrary(below, 13)), search.find());
        assertEquals(List.of(chosen, below), search.folders());
    }

    @Test
    void looksOnlyIntoFoldersThatAreThere() throws IOException {
        assertEquals(List.of(), new CublasLibrary.Search(null, Map.of("CUDA_HOME", "", "LD_LIBRARY_PATH", "/nowhere"), root).folders());
        Path folder = Files.createDirectories(root.resolve("usr/lib64"));
        assertEquals(List.of(folder), new CublasLibrary.Search(null, Map.of("LD_LIBRARY_PATH", folder.toString()), root).folders());
    }

    @Test
    void noneIsAWish() {
        assertTrue(CublasLibrary.Search.of(Path.of("none")).isOff());
        assertFalse(CublasLibrary.Search.of(null).isOff());
    }
}
