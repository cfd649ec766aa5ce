package dev.freecp.cli;

import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** {@code freecp serve} in this process, on a free port, with the shapes model; and ways to ask it. */
public final class ServeRun implements AutoCloseable {

    /** Words and windows that label a shapes scene quickly. */
    static final List<String> METHOD = List.of("--classes", "circle; heart; moon; water; sand", "--templates", "a photo of a {}.",
        "--resize", "2048,160", "--crop", "112",
        "--stride", "56", "--cache", "off", "--device", "cpu");

    private final Thread command;
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String url;

    /** @param more options, after those of {@link #METHOD} */
    public static ServeRun with(Object... more) throws Exception {
        return new ServeRun(more);
    }

    private ServeRun(Object... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("serve", "--model", Run.MODEL.toString(), "--port", "0"));
        arguments.addAll(METHOD);
        for (Object argument : more) arguments.add(argument.toString());
        CompletableFuture<String> firstLine = new CompletableFuture<>();
        PrintStream out = new PrintStream(new LineOnce(firstLine), true, StandardCharsets.UTF_8), notes = new PrintStream(err, true, StandardCharsets.UTF_8);
        command = Thread.ofPlatform().name("freecp serve").start(() -> {
            int code = Main.run(arguments.toArray(String[]::new), out, notes);
            firstLine.completeExceptionally(new AssertionError("ended with " + code + ": " + err.toString(StandardCharsets.UTF_8)));
        });
        url = firstLine.get(2, TimeUnit.MINUTES).strip();
    }

    /** Hands over the first line that is printed. */
    private static final class LineOnce extends OutputStream {
        private final CompletableFuture<String> line;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        LineOnce(CompletableFuture<String> line) {
            this.line = line;
        }

        @Override
        public void write(int b) {
            if (b == '\n') line.complete(bytes.toString(StandardCharsets.UTF_8));
            bytes.write(b);
        }
    }

    /** Ends with a slash. */
    public String url() {
        return url;
    }

    public int port() {
        return URI.create(url).getPort();
    }

    /** @param path without the slash before it */
    public HttpResponse<byte[]> get(String path, String... headers) throws IOException, InterruptedException {
        return send("GET", path, BodyPublishers.noBody(), headers);
    }

    public HttpResponse<byte[]> post(String path, byte[] body, String... headers) throws IOException, InterruptedException {
        return send("POST", path, BodyPublishers.ofByteArray(body), headers);
    }

    public HttpResponse<byte[]> send(String method, String path, BodyPublisher body, String... headers) throws IOException, InterruptedException {
        return client.send(request(method, path, body, headers), HttpResponse.BodyHandlers.ofByteArray());
    }

    /** Does not wait for the answer. */
    public CompletableFuture<HttpResponse<byte[]>> postLater(String path, byte[] body) {
        return client.sendAsync(request("POST", path, BodyPublishers.ofByteArray(body)), HttpResponse.BodyHandlers.ofByteArray());
    }

    private HttpRequest request(String method, String path, BodyPublisher body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path)).method(method, body);
        if (headers.length > 0) request.headers(headers);
        return request.build();
    }

    public static Map<String, Object> json(HttpResponse<byte[]> response) throws IOException {
        return JSON.std.mapFrom(response.body());
    }

    /** A number of {@code /v1/metrics}. */
    public double metric(String name) throws IOException, InterruptedException {
        String text = new String(get("v1/metrics").body(), StandardCharsets.UTF_8);
        return text.lines().filter(line -> line.startsWith(name + " ")).findFirst().map(line -> Double.parseDouble(line.substring(name.length())))
            .orElseGet(() -> fail("no " + name + " in\n" + text));
    }

    /** Ends the command as Ctrl-C would. */
    @Override
    public void close() throws InterruptedException {
        client.close();
        command.interrupt();
        command.join();
    }
}
