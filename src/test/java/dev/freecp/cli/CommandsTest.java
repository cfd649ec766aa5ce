package dev.freecp.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CommandsTest {

    private static final List<String> NAMES = Commands.NAMES;

    private static Map<String, CommandLine> made(String... arguments) {
        PrintStream nowhere = new PrintStream(PrintStream.nullOutputStream());
        return new Main(new Console(nowhere, nowhere, false)).commandLine(OutputFolder.Opener.DISK, arguments).getSubcommands();
    }

    @ParameterizedTest
    @FieldSource("NAMES")
    void ofTheCommandsOnlyTheOneAskedForIsMade(String name) {
        assertEquals(Set.of(name), made(name, "--help").keySet());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "--stacktrace", "segmnt", "@arguments"})
    void whereNoneIsAskedForFirstAllAreMade(String first) {
        assertTrue(made(first, "segment").keySet().containsAll(NAMES));
        assertTrue(made().keySet().containsAll(NAMES));
    }

    /** The name to type stands in two places. */
    @Test
    void commandsBearTheNamesThatAreTyped() {
        made().forEach((name, command) -> assertEquals(name, command.getCommandSpec().userObject().getClass().getAnnotation(CommandLine.Command.class).name()));
    }

    @Test
    void helpListsEveryCommand() {
        List<String> lines = Run.of("--help").out().lines().toList();
        for (String name : NAMES) assertEquals(1, lines.stream().filter(line -> line.startsWith("  " + name + " ")).count(), name);
    }

    @Test
    void aMisspeltCommandIsNamedWithItsLikes() {
        Run run = Run.of("segmnt", "dog.jpg");
        assertEquals(2, run.code());
        assertTrue(run.err().contains("segmnt") && run.err().contains("did you mean segment"), run.err());
    }

    @Test
    void optionsMayStandBeforeACommand() {
        Run run = Run.of("--stacktrace", "cache", "size", "--cache", "no-such-folder");
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().contains("no-such-folder: "), run.out());
    }
}
