package dev.freecp.cuda;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A cuBLAS on this machine: a folder with libcublas and libcublasLt of CUDA 12 or 13.
 *
 * @param folder  where both lie
 * @param version 12 or 13
 */
public record CublasLibrary(Path folder, int version) {

    /** What JCuda is made for. */
    static final int NATIVE_VERSION = 12;

    /** In the order of preference: 13 has every function that JCuda wants under another library name. */
    private static final List<Integer> VERSIONS = List.of(NATIVE_VERSION, 13);

    Path cublas() {
        return folder.resolve("libcublas.so." + version);
    }

    Path cublasLt() {
        return folder.resolve("libcublasLt.so." + version);
    }

    /**
     * Where a machine keeps its CUDA libraries.
     *
     * @param chosen      the user's folder ({@code --cuda-libs}), searched alone if it is not null; {@code none} for no cuBLAS at all
     * @param environment of the process
     * @param root        {@code /}, another folder in tests
     */
    public record Search(Path chosen, Map<String, String> environment, Path root) {

        /** The word in place of a folder that means no cuBLAS at all. */
        private static final Path OFF = Path.of("none");

        /** This machine. */
        public static Search of(Path chosen) {
            return new Search(chosen, System.getenv(), Path.of("/"));
        }

        /** True if the user wants no cuBLAS ({@code --cuda-libs none}): the project's own kernels multiply. */
        public boolean isOff() {
            return OFF.equals(chosen);
        }

        /** The first folder that has one, version 12 before 13, whatever the driver. */
        public Optional<CublasLibrary> find() {
            return find(Integer.MAX_VALUE);
        }

        /** The first folder that has one which a driver for CUDA {@code newest} runs, version 12 before 13. */
        public Optional<CublasLibrary> find(int newest) {
            List<Path> folders = folders();
            for (int version : VERSIONS) {
                if (version > newest) continue;
                for (Path folder : folders) {
                    CublasLibrary library = new CublasLibrary(folder, version);
                    if (Files.isReadable(library.cublas()) && Files.isReadable(library.cublasLt())) return Optional.of(library);
                }
            }
            return Optional.empty();
        }

        /** Every existing folder that is looked into, in order. */
        public List<Path> folders() {
            Set<Path> folders = new LinkedHashSet<>();
            if (chosen != null) {
                folders.add(chosen);
                folders.addAll(glob(chosen, "lib64", "lib", "targets/x86_64-linux/lib"));
                return List.copyOf(folders);
            }
            for (String home : List.of("CUDA_HOME", "CUDA_PATH")) variable(home).ifPresent(path -> folders.addAll(glob(Path.of(path), "lib64", "lib", "targets/x86_64-linux/lib")));
            for (String part : variable("LD_LIBRARY_PATH").orElse("").split(":")) if (!part.isBlank()) folders.addAll(existing(Path.of(part)));
            folders.addAll(glob(root, "usr/local/cuda/lib64", "usr/local/cuda-*/lib64", "usr/local/cuda-*/targets/x86_64-linux/lib",
                "usr/lib/x86_64-linux-gnu", "usr/lib64", "usr/lib/wsl/lib", "opt/cuda/lib64"));
            for (String variable : List.of("VIRTUAL_ENV", "CONDA_PREFIX"))
                variable(variable).ifPresent(path -> folders.addAll(glob(Path.of(path), "lib", "lib/python3*/site-packages/nvidia/cublas/lib", "lib/python3*/site-packages/nvidia/cu13/lib")));
            for (String packages : List.of("lib/python3*/site-packages", "lib/python3*/dist-packages", "lib/python3/dist-packages")) {
                for (String wheel : List.of("cublas", "cu13")) {
                    variable("HOME").ifPresent(home -> folders.addAll(glob(Path.of(home, ".local"), packages + "/nvidia/" + wheel + "/lib")));
                    folders.addAll(glob(root, "usr/local/" + packages + "/nvidia/" + wheel + "/lib", "usr/" + packages + "/nvidia/" + wheel + "/lib"));
                }
            }
            return List.copyOf(folders);
        }

        private Optional<String> variable(String name) {
            return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
        }

        /** Existing folders below {@code base} that fit the patterns; each part of a pattern may hold stars. */
        private static Collection<Path> glob(Path base, String... patterns) {
            List<Path> found = new ArrayList<>();
            for (String pattern : patterns) {
                List<Path> level = existing(base);
                for (String part : pattern.split("/")) level = level.stream().flatMap(folder -> matching(folder, part).stream()).toList();
                found.addAll(level);
            }
            return found;
        }

        private static List<Path> matching(Path folder, String part) {
            if (!part.contains("*")) return existing(folder.resolve(part));
            List<Path> found = new ArrayList<>();
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, part)) {
                for (Path entry : entries) found.addAll(existing(entry));
            } catch (IOException unreadable) {
                return List.of();
            }
            found.sort((a, b) -> b.compareTo(a));                                            // the newest version first
            return found;
        }

        private static List<Path> existing(Path folder) {
            return Files.isDirectory(folder) ? List.of(folder) : List.of();
        }
    }
}
