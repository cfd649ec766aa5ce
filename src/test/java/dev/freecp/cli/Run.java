package dev.freecp.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.jr.ob.JSON;
import dev.freecp.Golden;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jcuda.CudaException;
import jcuda.jcublas.JCublas2;
import me.tongfei.progressbar.ProgressBar;
import org.apache.commons.math3.stat.inference.WilcoxonSignedRankTest;
import picocli.CommandLine;

/** A run of the command line, and what came of it. */
record Run(int code, String out, String err) {

    /** The small model of the shapes scenes. */
    static final Path MODEL = Golden.path("shapes/model");

    static Run of(Object... arguments) {
        return of(OutputFolder.Opener.DISK, arguments);
    }

    /** With another way to open result files. */
    static Run of(OutputFolder.Opener opener, Object... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(), err = new ByteArrayOutputStream();
        String[] words = Stream.of(arguments).map(Object::toString).toArray(String[]::new);
        int code = Main.run(words, new Console(new PrintStream(out, false, StandardCharsets.UTF_8), new PrintStream(err, false, StandardCharsets.UTF_8), false), opener);
        return new Run(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** Arguments that segment a shapes scene with few words and one template, quickly; {@code more} goes after them. */
    static Object[] shapes(Path out, Object... more) {
        List<Object> arguments = new ArrayList<>(List.of("segment", "--model", MODEL, "--classes", "circle; heart; moon; water; sand", "--templates", "a photo of a {}.",
            "--resize", "2048,160", "--crop", "112", "--stride", "56", "--cache", "off", "--out", out));
        arguments.addAll(List.of(more));
        return arguments.toArray();
    }

    /** The same command line for a process of its own. */
    static List<String> command(Stream<?> arguments) {
        String classPath = Stream.of(Main.class, CommandLine.class, JSON.class, JsonFactory.class, ProgressBar.class, WilcoxonSignedRankTest.class, CudaException.class,
                JCublas2.class)
            .map(type -> Path.of(URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString())).toString())
            .distinct().collect(Collectors.joining(File.pathSeparator));                      // where the classes lie, however the tests were started
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED", "-cp", classPath, Main.class.getName()));
        arguments.map(Object::toString).forEach(command::add);
        return command;
    }

    /** {@code scene(1)} is scene_0001.jpg. */
    static Path scene(int number) {
        return Golden.path("shapes/dataset/JPEGImages/scene_%04d.jpg".formatted(number));
    }

    List<String> errorLines() {
        return err.lines().toList();
    }

    /** Names in a folder, sorted; none if it is not there. */
    static List<String> list(Path folder) {
        if (!Files.exists(folder)) return List.of();
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
