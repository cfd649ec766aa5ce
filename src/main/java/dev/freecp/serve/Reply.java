package dev.freecp.serve;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** An answer, complete and ready to be sent. */
record Reply(int status, String type, byte[] body, Map<String, String> headers) {

    static final int OK = 200, CREATED = 201, NO_CONTENT = 204;
    static final String PNG = "image/png";

    /** As the command line writes it. */
    private static final JSON STYLE = JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT, JSON.Feature.WRITE_NULL_PROPERTIES);

    /** What makes a body, on a stream that it leaves open. */
    @FunctionalInterface
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    static Reply of(String type, Content content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            content.writeTo(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("memory takes every byte", e);
        }
        return new Reply(OK, type, bytes.toByteArray(), Map.of());
    }

    static Reply json(int status, Object value) {
        try {
            return new Reply(status, "application/json", STYLE.asBytes(value), Map.of());
        } catch (IOException e) {
            throw new UncheckedIOException("maps of plain values always become JSON", e);
        }
    }

    static Reply text(String type, String text) {
        return new Reply(OK, type, text.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    static Reply empty() {
        return new Reply(NO_CONTENT, null, new byte[0], Map.of());
    }

    Reply with(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(headers);
        all.putAll(more);
        return new Reply(status, type, body, Map.copyOf(all));
    }
}
