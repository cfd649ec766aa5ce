package dev.freecp.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.function.BooleanSupplier;

/**
 * The streams of a run: results go to standard output, everything else to standard error. On a terminal the last line of standard error may be a
 * progress bar, which is wiped before anything else is written. Safe to call from many threads.
 */
final class Console {

    private static final String WIPE_LINE = "\r\033[K";

    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;
    private final BooleanSupplier terminal;
    private boolean barShown;

    /** Without input. */
    Console(PrintStream out, PrintStream err, boolean terminal) {
        this(InputStream.nullInputStream(), out, err, () -> terminal);
    }

    /** @param terminal whether {@code err} is watched by a person on a terminal; asked when it matters */
    Console(InputStream in, PrintStream out, PrintStream err, BooleanSupplier terminal) {
        this.in = in;
        this.out = out;
        this.err = err;
        this.terminal = terminal;
    }

    /** The streams of the process. */
    static Console system() {
        return new Console(System.in, System.out, System.err, Terminal::isStandardError);
    }

    /** Standard input. */
    InputStream in() {
        return in;
    }

    PrintStream out() {
        return out;
    }

    PrintStream err() {
        return err;
    }

    boolean isTerminal() {
        return terminal.getAsBoolean();
    }

    /** A line of the result. */
    synchronized void result(String line) {
        wipe();
        out.println(line);
        out.flush();
    }

    /** Machine output, bytes as they are; closing it only flushes. */
    OutputStream machineOutput() {
        return new OutputStream() {
            @Override
            public void write(int b) {
                out.write(b);
            }

            @Override
            public void write(byte[] bytes, int from, int count) throws IOException {
                synchronized (Console.this) {
                    wipe();
                    out.write(bytes, from, count);
                    if (out.checkError()) throw new IOException("standard output is closed");
                }
            }

            @Override
            public void flush() {
                out.flush();
            }
        };
    }

    /** A line for people. */
    synchronized void note(String line) {
        wipe();
        err.println(line);
    }

    /** Something that went on all the same. */
    void warning(String message) {
        note("freecp: warning: " + message);
    }

    /** Something that did not. */
    void error(String message) {
        note("freecp: " + message);
    }

    synchronized void trace(Throwable cause) {
        wipe();
        cause.printStackTrace(err);
    }

    /** Draws the progress bar over the one before. */
    synchronized void bar(String text) {
        err.print(WIPE_LINE + text);
        err.flush();
        barShown = true;
    }

    /** Takes the progress bar away, so that a line of text can stand in its place. */
    synchronized void wipe() {
        if (!barShown) return;
        err.print(WIPE_LINE);
        err.flush();
        barShown = false;
    }

    synchronized void flush() {
        wipe();
        out.flush();
        err.flush();
    }
}
