package dev.freecp.cli;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * Shows the engine's warnings as one tidy line each. The engine speaks to {@link System.Logger} and leaves it to the application where that goes;
 * this is the application, and java.util.logging is what the JDK puts behind System.Logger.
 */
final class Warnings extends Handler implements AutoCloseable {

    /** Held here because the log manager itself forgets loggers that nobody holds. */
    private final Logger logger = Logger.getLogger("dev.freecp");
    private final SimpleFormatter formatter = new SimpleFormatter();
    private final Console console;

    private Warnings(Console console) {
        this.console = console;
        setLevel(Level.WARNING);
    }

    /** From now on, until it is closed. */
    static Warnings to(Console console) {
        Warnings warnings = new Warnings(console);
        warnings.logger.setUseParentHandlers(false);
        warnings.logger.addHandler(warnings);
        return warnings;
    }

    @Override
    public void publish(LogRecord entry) {
        if (isLoggable(entry)) console.warning(formatter.formatMessage(entry).replaceAll("\\s*\\R\\s*", " "));
    }

    @Override
    public void flush() {
        console.flush();
    }

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setUseParentHandlers(true);
    }
}
