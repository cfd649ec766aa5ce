package dev.freecp.serve;

import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** One request and the way to answer it. */
final class Call {

    private static final int CHUNK = 1 << 16;

    /** The answers show nothing of other sites and run nothing but what comes from here; blob: and data: are the page's own pictures. */
    private static final Map<String, String> SECURITY_HEADERS = Map.of(
        "Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        "X-Content-Type-Options", "nosniff", "Referrer-Policy", "no-referrer", "Cross-Origin-Resource-Policy", "same-origin",
        "Cross-Origin-Opener-Policy", "same-origin", "Cache-Control", "no-store");

    private final HttpExchange exchange;
    private final long maxBody;
    private final long deadline;
    private boolean bodyRead;

    Call(HttpExchange exchange, long maxBody, Duration timeout) {
        this.exchange = exchange;
        this.maxBody = maxBody;
        this.deadline = System.nanoTime() + timeout.toNanos();
        this.bodyRead = length() == 0;
    }

    String method() {
        return exchange.getRequestMethod();
    }

    /** Decoded; empty if the request's target is no path. */
    String path() {
        return Objects.requireNonNullElse(exchange.getRequestURI().getPath(), "");
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name));
    }

    /** Media type without its parameters, in lower case; empty if there is none. */
    String type() {
        return header("Content-Type").map(type -> type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT)).orElse("");
    }

    Parameters query() {
        return new Parameters().addEncoded(exchange.getRequestURI().getRawQuery());
    }

    /** The query, and the body as a JSON object or form fields. */
    Parameters parameters() throws IOException {
        Parameters parameters = query();
        byte[] body = body();
        if (body.length == 0) return parameters;
        return type().equals("application/json") ? parameters.addJson(body) : parameters.addEncoded(new String(body, StandardCharsets.UTF_8));
    }

    /**
     * The whole body.
     *
     * @throws Refusal if it is larger than the limit, by its own word or in fact, or takes too long
     */
    byte[] body() throws IOException {
        requireSmall();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        read(bytes);
        return bytes.toByteArray();
    }

    /** @throws Refusal if the body says that it is larger than the limit */
    void requireSmall() {
        if (length() > maxBody) throw tooLarge();
    }

    /** Takes what is left of a body of lawful size off the wire without keeping it: a sender that is still busy sending would miss the answer otherwise. */
    private void discard() throws IOException {
        if (bodyRead || length() > maxBody) return;
        try {
            read(null);
        } catch (Refusal _) {
            // Too slow or too long after all; the connection is closed after the answer.
        }
    }

    private void read(ByteArrayOutputStream into) throws IOException {
        InputStream in = exchange.getRequestBody();
        byte[] chunk = new byte[CHUNK];
        long total = 0;
        for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
            total += count;
            if (total > maxBody) throw tooLarge();
            if (System.nanoTime() - deadline > 0) throw new Refusal(Refusal.TIMEOUT, "the request took too long to arrive");
            if (into != null) into.write(chunk, 0, count);
        }
        bodyRead = true;
    }

    private Refusal tooLarge() {
        return new Refusal(Refusal.TOO_LARGE, "the request's body is larger than the limit of " + maxBody
            + " bytes; send a smaller picture, or start the server with a larger --max-body");
    }

    /** Bytes of the body as declared; -1 if it comes in chunks. */
    private long length() {
        if (header("Transfer-Encoding").isPresent()) return -1;
        try {
            return header("Content-Length").map(Long::parseLong).orElse(0L);
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }

    /** Sends the answer. A connection whose request was not read to its end cannot be used again. */
    void answer(Reply reply) throws IOException {
        discard();
        SECURITY_HEADERS.forEach(exchange.getResponseHeaders()::set);
        reply.headers().forEach(exchange.getResponseHeaders()::set);
        if (reply.type() != null) exchange.getResponseHeaders().set("Content-Type", reply.type());
        if (!bodyRead) exchange.getResponseHeaders().set("Connection", "close");
        exchange.sendResponseHeaders(reply.status(), reply.body().length == 0 ? -1 : reply.body().length);
        if (reply.body().length == 0) return;
        exchange.getResponseBody().write(reply.body());
        exchange.getResponseBody().flush();                      // closing first waits for what is left of the request
    }
}
