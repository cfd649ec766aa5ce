package dev.freecp.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class ConsoleTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private Console console(boolean terminal) {
        return new Console(new PrintStream(out), new PrintStream(err), terminal);
    }

    @Test
    void linesTakeThePlaceOfTheProgressBar() {
        Console console = console(true);
        console.bar("50 %");
        console.note("a line");
        console.note("another");
        assertEquals("\r\033[K50 %\r\033[Ka line\nanother\n", err.toString());
    }

    @Test
    void resultsAreNotMixedWithTheProgressBar() {
        Console console = console(true);
        console.bar("50 %");
        console.result("scene: water");
        assertEquals("\r\033[K50 %\r\033[K", err.toString());
        assertEquals("scene: water\n", out.toString());
    }

    @Test
    void progressIsShownToPeopleOnly() {
        try (Progress progress = Progress.of(console(false), false, "pictures", 3)) {
            progress.step(1);
        }
        try (Progress progress = Progress.of(console(true), true, "pictures", 3)) {
            progress.step(1);
        }
        assertEquals("", err.toString());
    }

    @Test
    void progressLeavesAnEmptyLine() {
        try (Progress progress = Progress.of(console(true), false, "pictures", 3)) {
            progress.step(3);
        }
        String text = err.toString();
        assertTrue(text.contains("pictures") && text.contains("3/3"), text);
        assertEquals("\r\033[K", text.substring(text.lastIndexOf('\r')));
    }
}
