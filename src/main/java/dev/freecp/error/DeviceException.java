package dev.freecp.error;

/** The device asked for is not there, too small, or failed. The message names device, kernel and sizes where it can. Exit code 4. */
public final class DeviceException extends FreecpException {

    public DeviceException(String message) {
        super(message, null);
    }

    public DeviceException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public int exitCode() {
        return 4;
    }
}
