package dev.freecp.cuda;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.jr.ob.JSON;
import dev.freecp.cli.Main;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jcuda.driver.JCudaDriver;
import jcuda.jcublas.JCublas2;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine;

/** A machine on which programs run as processes: its NVIDIA driver, if it has one, is the emulator, and its libraries are links in one folder. */
final class Machine {

    /** What a process said. */
    record Said(int code, List<String> out, List<String> err) {
    }

    private final Path folder;
    private final Path libraries;
    private final Map<String, String> environment = new HashMap<>();

    /** Without a GPU: a driver that this machine may have says so. */
    Machine(Path folder) throws IOException {
        this.folder = folder;
        this.libraries = Files.createDirectories(folder.resolve("libraries"));
        environment.put("CUDA_VISIBLE_DEVICES", "-1");
        environment.put("LD_LIBRARY_PATH", libraries.toString());
    }

    Path libraries() {
        return libraries;
    }

    /** Sets a variable of the environment. */
    Machine with(String variable, Object value) {
        environment.put(variable, value.toString());
        return this;
    }

    /** The driver with its kernels, which it looks for beside itself. */
    Machine withDriver() throws IOException {
        Emulator.assumeAvailable();
        Path built = Emulator.folder("plain");
        Emulator.build(Emulator.KERNELS, built);
        environment.remove("CUDA_VISIBLE_DEVICES");
        try (Stream<Path> files = Files.list(built)) {
            for (Path module : files.filter(file -> file.toString().endsWith(".so")).toList()) install(built, module.getFileName().toString());
        }
        return install(built, "libcuda.so.1");
    }

    Machine withCublas12() throws IOException {
        return install(Emulator.folder("plain"), "libcublas.so.12", "libcublasLt.so.12");
    }

    /** Built with the emulator's own few kernels, since only the libraries are wanted; the driver is as new. */
    Machine withCublas13() throws IOException {
        Path built = Emulator.folder("cublas13");
        Emulator.build(Emulator.TEST_KERNELS, built, "--cublas13");
        return install(built, "libcublas.so.13", "libcublasLt.so.13").with("FREECP_EMU_DRIVER", 13000);
    }

    private Machine install(Path from, String... files) throws IOException {
        for (String file : files) Files.createSymbolicLink(libraries.resolve(file), from.resolve(file));
        return this;
    }

    /** Runs the command line. */
    Said freecp(List<String> arguments) throws IOException, InterruptedException {
        return run(Stream.concat(freecpCommand().stream(), arguments.stream()).toList());
    }

    /** Runs any program. */
    Said run(List<String> command) throws IOException, InterruptedException {
        Path said = folder.resolve("said"), complained = folder.resolve("complained");
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(said.toFile()).redirectError(complained.toFile());
        builder.environment().putAll(environment);
        int code = builder.start().waitFor();
        return new Said(code, Files.readAllLines(said), Files.readAllLines(complained));
    }

    /** What starts the command line under test. */
    static List<String> freecpCommand() {
        return List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED", "-cp", classPath(), Main.class.getName());
    }

    /** Where the classes lie, however the tests were started. */
    private static String classPath() {
        Stream<Path> classes = Stream.of(Main.class, CommandLine.class, JSON.class, JsonFactory.class, ProgressBar.class, JCudaDriver.class, JCublas2.class)
            .map(type -> Path.of(URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString())));
        Stream<Path> natives = Stream.of("JCudaDriver", "JCublas2").map(name -> jar(Machine.class.getResource("/lib/lib" + name + "-12.6.0-linux-x86_64.so")));
        return Stream.concat(classes, natives).map(Path::toString).distinct().collect(Collectors.joining(File.pathSeparator));
    }

    private static Path jar(URL entry) {
        assumeTrue(entry != null, "JCuda's natives are not on the class path");
        return Path.of(URI.create(entry.getPath().replaceFirst("!.*", "")));
    }
}
