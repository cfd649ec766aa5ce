package dev.freecp.error;

/** The caller asked for something that cannot be: an unknown method, a threshold out of range, an empty class list. Exit code 2. */
public final class UsageException extends FreecpException {

    public UsageException(String message) {
        super(message, null);
    }

    @Override
    public int exitCode() {
        return 2;
    }
}
