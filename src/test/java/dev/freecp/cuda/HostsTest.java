package dev.freecp.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.jr.ob.JSON;
import dev.freecp.Golden;
import dev.freecp.cli.Main;
import dev.freecp.error.DeviceException;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jcuda.driver.JCudaDriver;
import jcuda.jcublas.JCublas2;
import me.tongfei.progressbar.ProgressBar;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * {@code freecp doctor} and {@code freecp segment} as processes on machines without a GPU, with a driver but no cuBLAS, and with CUDA 13 only: each says what is
 * there, and both say the same. The driver is the emulator's; what else a machine has is a folder of links.
 */
class HostsTest {

    /** Its own folder is all that a machine has: no other cuBLAS that this one may have is looked at. */
    @TempDir
    private Path libraries;

    @TempDir
    private Path out;

    /** What a process said. */
    private record Said(int code, List<String> out, List<String> err) {
    }

    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void forgetThisMachine() {
        environment.put("CUDA_VISIBLE_DEVICES", "-1");                                       // a real driver says that it has no GPU
        environment.put("LD_LIBRARY_PATH", libraries.toString());
    }

    @Test
    void withoutGpuEverybodySaysWhy() throws IOException, InterruptedException {
        Said doctor = doctor();
        assertEquals(0, doctor.code, doctor.toString());
        assertTrue(doctor.out.getFirst().startsWith("  GPU      none: "), doctor.toString());
        String why = doctor.out.getFirst().substring("  GPU      none: ".length());
        assertTrue(doctor.out.getLast().matches("  device   auto takes cpu-vector, .*; cuda: not used \\(.*\\); it works"), doctor.toString());
        assertTrue(doctor.out.getLast().contains("cuda: not used (" + why + ")"), doctor.toString());

        for (Said refused : List.of(doctor("--device", "cuda"), segment("--device", "cuda"))) {
            assertEquals(new DeviceException("").exitCode(), refused.code, refused.toString());
            assertEquals("freecp: " + why, refused.err.getLast());
        }
        Said automatic = segment("--device", "auto");
        assertEquals(0, automatic.code, automatic.toString());
        assertTrue(automatic.err.stream().anyMatch(line -> line.matches("  device   cpu-vector, .*") && line.endsWith("; cuda: not used (" + why + ")")), automatic.toString());
    }

    @Test
    void withADriverOnlyOurOwnKernelsMultiply() throws IOException, InterruptedException {
        installDriver();
        Said doctor = doctor("--cuda-libs", libraries.toString());
        assertEquals(0, doctor.code, doctor.toString());
        assertEquals("  cuBLAS   none, our own kernels multiply, more slowly; looked in " + libraries
            + "; to get it: pip install --user nvidia-cublas-cu12, or name its folder with --cuda-libs", doctor.out.getFirst());
        assertTrue(doctor.out.getLast().matches("  device   auto takes cuda:0 \\(.*\\), own matrix products, fp16; it works"), doctor.toString());

        Said segment = segment("--device", "cuda", "--cuda-libs", libraries.toString());
        assertEquals(0, segment.code, segment.toString());
        assertTrue(segment.err.stream().anyMatch(line -> line.matches("  device   cuda:0 \\(.*\\), own matrix products, fp16")), segment.toString());
    }

    @Test
    void withCuda12CublasIsLoaded() throws IOException, InterruptedException {
        installDriver();
        install(Emulator.folder("plain"), "libcublas.so.12", "libcublasLt.so.12");
        Said doctor = doctor("--device", "cuda");
        assertEquals(0, doctor.code, doctor.toString());
        assertEquals("  cuBLAS   12 in " + libraries, doctor.out.getFirst());
        assertTrue(doctor.out.getLast().matches("  device   cuda:0 \\(.*\\), cuBLAS 12\\..*, fp16; it works"), doctor.toString());
    }

    @Test
    void withCuda13OnlyJcudasLibraryIsPatched() throws IOException, InterruptedException {
        installDriver();
        installCublas13();
        environment.put("FREECP_EMU_DRIVER", "13000");
        Said doctor = doctor("--cuda-libs", libraries.toString());
        assertEquals(0, doctor.code, doctor.toString());
        assertEquals("  cuBLAS   13 in " + libraries + ", by a patched copy of JCuda's library", doctor.out.getFirst());
        assertTrue(doctor.out.getLast().matches("  device   auto takes cuda:0 \\(.*\\), cuBLAS 13\\..*, fp16; it works"), doctor.toString());

        Said segment = segment("--device", "cuda", "--cuda-libs", libraries.toString());
        assertEquals(0, segment.code, segment.toString());
        assertTrue(segment.err.stream().anyMatch(line -> line.matches("  device   cuda:0 \\(.*\\), cuBLAS 13\\..*, fp16")), segment.toString());
    }

    @Test
    void aCardThatIsNotThereIsRefused() throws IOException, InterruptedException {
        installDriver();
        String why = "freecp: cuda:7: this machine's GPUs are numbered 0 to 0";
        for (Said refused : List.of(doctor("--device", "cuda:7"), segment("--device", "cuda:7"))) {
            assertEquals(new DeviceException("").exitCode(), refused.code, refused.toString());
            assertEquals(why, refused.err.getLast());
        }
    }

    private Said doctor(String... more) throws IOException, InterruptedException {
        return run(Stream.concat(Stream.of("doctor"), Stream.of(more)).toList());
    }

    /** One small window, few words. */
    private Said segment(String... more) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("segment", "--model", Golden.path("shapes/model").toString(), "--classes", "circle; heart", "--templates", "a {}.",
            "--resize", "2048,112", "--crop", "112", "--stride", "112", "--cache", "off", "--out", out.toString()));
        arguments.addAll(List.of(more));
        arguments.add(Golden.path("shapes/dataset/JPEGImages/scene_0001.jpg").toString());
        return run(arguments);
    }

    private Said run(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED", "-cp", classPath(), Main.class.getName()));
        command.addAll(arguments);
        Path said = out.resolve("said"), complained = out.resolve("complained");
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(said.toFile()).redirectError(complained.toFile());
        builder.environment().putAll(environment);
        int code = builder.start().waitFor();
        return new Said(code, Files.readAllLines(said), Files.readAllLines(complained));
    }

    /** The driver with its kernels, which it looks for beside itself. */
    private void installDriver() throws IOException {
        Emulator.assumeAvailable();
        Path built = Emulator.folder("plain");
        Emulator.build(Emulator.KERNELS, built);
        environment.remove("CUDA_VISIBLE_DEVICES");
        try (Stream<Path> files = Files.list(built)) {
            for (Path module : files.filter(file -> file.toString().endsWith(".so")).toList()) install(built, module.getFileName().toString());
        }
        install(built, "libcuda.so.1");
    }

    /** Built with the emulator's own few kernels, since only the libraries are wanted. */
    private void installCublas13() throws IOException {
        Path built = Emulator.folder("cublas13");
        Emulator.build(Emulator.TEST_KERNELS, built, "--cublas13");
        install(built, "libcublas.so.13", "libcublasLt.so.13");
    }

    private void install(Path from, String... files) throws IOException {
        for (String file : files) Files.createSymbolicLink(libraries.resolve(file), from.resolve(file));
    }

    /** Where the classes lie, however the tests were started. */
    private static String classPath() {
        Stream<Path> classes = Stream.of(Main.class, CommandLine.class, JSON.class, JsonFactory.class, ProgressBar.class, JCudaDriver.class, JCublas2.class)
            .map(type -> Path.of(URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString())));
        Stream<Path> natives = Stream.of("JCudaDriver", "JCublas2").map(name -> jar(HostsTest.class.getResource("/lib/lib" + name + "-12.6.0-linux-x86_64.so")));
        return Stream.concat(classes, natives).map(Path::toString).distinct().collect(Collectors.joining(File.pathSeparator));
    }

    private static Path jar(URL entry) {
        assumeTrue(entry != null, "JCuda's natives are not on the class path");
        return Path.of(URI.create(entry.getPath().replaceFirst("!.*", "")));
    }
}
