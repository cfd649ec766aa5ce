package dev.freecp.convert.source;

import java.nio.file.Path;
import java.util.Locale;

/** A weight file that cannot or must not be read; the message names file, place and reason. Exit code 3. */
public final class Refusal extends RuntimeException {

    /** Why. */
    public enum Kind {
        /** Breaks its own format. */
        MALFORMED,
        /** Asks for code to be run, or for a path outside. */
        UNSAFE,
        /** Lacks tensors or files. */
        MISSING,
        /** Has tensors of other shapes than its model. */
        MISSHAPEN,
        /** Another model, number type or activation. */
        UNSUPPORTED,
        /** Declares more than anything real has. */
        TOO_LARGE;

        /** {@code too-large}. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final Kind kind;
    private final String reason;

    public Refusal(Kind kind, Path file, String reason) {
        super(kind + ": " + file + ": " + reason);
        this.kind = kind;
        this.reason = reason;
    }

    public Kind kind() {
        return kind;
    }

    /** The message without kind and file. */
    public String reason() {
        return reason;
    }
}
