package dev.freecp.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class HelpTest {

    /** Every command with those below it, as words to type. */
    static List<List<String>> commands() {
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream());
        List<List<String>> found = new ArrayList<>();
        collect(new Main(new Console(nowhere, nowhere, false)).commandLine(OutputFolder.Opener.DISK), List.of(), found);
        return found;
    }

    private static void collect(CommandLine command, List<String> words, List<List<String>> found) {
        found.add(words);
        command.getSubcommands().forEach((name, below) -> collect(below, Stream.concat(words.stream(), Stream.of(name)).toList(), found));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandExplainsItselfWithAnExample(List<String> words) {
        Run run = Run.of(Stream.concat(words.stream(), Stream.of("--help")).toArray());
        assertAll(
            () -> assertEquals(0, run.code()),
            () -> assertEquals("", run.err()),
            () -> assertTrue(run.out().startsWith("Usage: freecp"), run.out()),
            () -> assertTrue(run.out().contains("Example"), run.out()),
            () -> assertTrue(run.out().contains("\n  " + String.join(" ", Stream.concat(Stream.of("freecp"), words.stream()).toList())), run.out()),
            () -> assertTrue(run.out().lines().allMatch(line -> line.length() <= 110), run.out()),
            () -> assertFalse(run.out().contains("Exception"), run.out()));
    }

    @Test
    void saysItsVersion() {
        Run run = Run.of("--version");
        assertEquals(0, run.code());
        assertTrue(run.out().matches("freecp \\S+ \\(Java .*\\)\\R"), run.out());
    }

    @Test
    void commandsSayTheVersionToo() {
        assertEquals(Run.of("--version").out(), Run.of("segment", "--version").out());
    }
}
