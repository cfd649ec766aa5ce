package dev.freecp.cli;

import dev.freecp.Golden;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

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
