package dev.freecp.error;

/** A file is missing, broken, of another kind than needed, or cannot be written. The message begins with the file's name. Exit code 3. */
public final class InputException extends FreecpException {

    public InputException(String message) {
        super(message, null);
    }

    public InputException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public int exitCode() {
        return 3;
    }
}
