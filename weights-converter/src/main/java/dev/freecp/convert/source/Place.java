package dev.freecp.convert.source;

import java.nio.file.Path;

/**
 * A file and the part of it that is being read, for refusals. What the file itself supplied (names, globals) may be in a reason: it is kept to one
 * line of bounded length here, so that no file can write to a terminal.
 *
 * @param part an entry of an archive, a stage of a stream; empty for the file as a whole
 */
record Place(Path file, String part) {

    private static final int MAX_REASON = 400;

    Place(Path file) {
        this(file, "");
    }

    Place part(String name) {
        return new Place(file, name);
    }

    Refusal malformed(String reason) {
        return refusal(Refusal.Kind.MALFORMED, reason);
    }

    Refusal unsafe(String reason) {
        return refusal(Refusal.Kind.UNSAFE, reason);
    }

    Refusal unsupported(String reason) {
        return refusal(Refusal.Kind.UNSUPPORTED, reason);
    }

    Refusal missing(String reason) {
        return refusal(Refusal.Kind.MISSING, reason);
    }

    Refusal tooLarge(String reason) {
        return refusal(Refusal.Kind.TOO_LARGE, reason);
    }

    Refusal refusal(Refusal.Kind kind, String reason) {
        return new Refusal(kind, file, printable(part.isEmpty() ? reason : part + ": " + reason));
    }

    /** {@code text} on one line, without control characters, cut where it gets long. */
    static String printable(String text) {
        String cut = text.length() <= MAX_REASON ? text : text.substring(0, MAX_REASON) + "...";
        return cut.replaceAll("[\\p{Cntrl}\\p{Cs}\\p{Cf}\u2028\u2029]", "?");
    }
}
