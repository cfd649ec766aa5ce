package dev.freecp.convert;

import dev.freecp.convert.source.Refusal;
import dev.freecp.error.InputException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command of {@code freecp weights}: what it refuses is one line on standard error and exit code 3. */
abstract class WeightsAction implements Callable<Integer> {

    private static final int REFUSED = new InputException("").exitCode();

    @Spec
    private CommandSpec spec;

    /** @return the exit code */
    abstract int run() throws IOException;

    @Override
    public final Integer call() throws IOException {
        try {
            int code = run();
            out().flush();
            return code;
        } catch (Refusal e) {
            say(e.getMessage());
            return REFUSED;
        }
    }

    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** One line for people, whatever names from a file stand in it. */
    final void say(String message) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("freecp weights: " + printable(message));
        err.flush();
    }

    /** Control characters, which could move a terminal's cursor, and line ends as question marks. */
    static String printable(String text) {
        return text.replaceAll("[\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}\\p{Cf}]", "?");
    }
}
