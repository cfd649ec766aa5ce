package dev.freecp.error;

/**
 * Root of everything the engine throws on purpose. The message is one sentence that says what was wanted, what came and what to do;
 * the command line prints it as it is and exits with {@link #exitCode()}. Anything else that escapes is a bug (exit code 1).
 */
public abstract sealed class FreecpException extends RuntimeException permits UsageException, InputException, DeviceException {

    protected FreecpException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Exit code of the command line: 2 usage, 3 input, 4 device. */
    public abstract int exitCode();
}
