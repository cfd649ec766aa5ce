package dev.freecp.convert;

import dev.freecp.error.FreecpException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import picocli.CommandLine;

/** One run of {@code freecp weights} in this process. */
record Run(int code, String out, String err) {

    /** Runs a command line; what the library throws on purpose becomes its exit code, as in the program, and anything else is thrown on. */
    static Run of(List<String> arguments) {
        StringWriter out = new StringWriter(), err = new StringWriter();
        CommandLine weights = new CommandLine(new WeightsProvider().command()).setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        weights.setExecutionExceptionHandler((exception, _, _) -> {
            if (!(exception instanceof FreecpException known)) throw exception;
            err.write("freecp: " + known.getMessage() + "\n");
            return known.exitCode();
        });
        return new Run(weights.execute(arguments.toArray(String[]::new)), out.toString(), err.toString());
    }

    static Run of(String... arguments) {
        return of(List.of(arguments));
    }
}
