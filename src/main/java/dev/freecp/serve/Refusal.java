package dev.freecp.serve;

import java.util.Map;

/** A request that is not done. The message is one sentence for whoever sent it. */
final class Refusal extends RuntimeException {

    static final int BAD_REQUEST = 400, UNAUTHORIZED = 401, FORBIDDEN = 403, NOT_FOUND = 404, METHOD_NOT_ALLOWED = 405, TIMEOUT = 408, TOO_LARGE = 413,
        TOO_MANY = 429, UNAVAILABLE = 503;

    private final int status;
    private final transient Map<String, String> headers;

    Refusal(int status, String message) {
        this(status, message, Map.of());
    }

    Refusal(int status, String message, Map<String, String> headers) {
        super(message, null, false, false);
        this.status = status;
        this.headers = headers;
    }

    Reply reply() {
        return Reply.json(status, Map.of("error", getMessage())).with(headers);
    }
}
