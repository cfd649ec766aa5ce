package dev.freecp.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The server as a process of its own: what only a whole process does. */
class ServeProcessTest {

    private static final int TERMINATED = 128 + 15, REQUESTS = 4;

    private Process process;
    private URI url;

    private void start(int timeout) throws IOException {
        List<Object> arguments = new ArrayList<>(List.of("serve", "--model", Run.MODEL, "--port", "0", "--timeout", timeout, "--quiet"));
        arguments.addAll(ServeRun.METHOD);
        process = new ProcessBuilder(Run.command(arguments.stream())).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        BufferedReader lines = process.inputReader();
        String line = lines.readLine();
        assertNotNull(line, "the server does not start");
        url = URI.create(line);
    }

    @AfterEach
    void end() {
        if (process != null) process.destroyForcibly();
    }

    @Test
    void callersThatSendTooSlowlyAreCutOff() throws IOException {
        start(1);
        for (String begun : List.of("GET /v1/heal", "POST /v1/segment HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nten bytes.")) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), url.getPort())) {
                socket.setSoTimeout((int) TimeUnit.MINUTES.toMillis(1));
                socket.getOutputStream().write(begun.getBytes(StandardCharsets.US_ASCII));
                assertFalse(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).contains(" 200 "), begun);
            }
        }
    }

    @Test
    void endsInOrderAndFinishesWhatItBegan() throws Exception {
        start(60);
        byte[] scene = Files.readAllBytes(Run.scene(1));
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest segment = HttpRequest.newBuilder(url.resolve("v1/segment?format=labels")).POST(HttpRequest.BodyPublishers.ofByteArray(scene)).build();
            byte[] right = client.send(segment, HttpResponse.BodyHandlers.ofByteArray()).body();
            List<CompletableFuture<HttpResponse<byte[]>>> answers = new ArrayList<>();
            for (int i = 0; i < REQUESTS; i++) answers.add(client.sendAsync(segment, HttpResponse.BodyHandlers.ofByteArray()));
            answers.getFirst().get();
            process.destroy();    // as Ctrl-C: the JVM ends in order
            int done = 0;
            for (CompletableFuture<HttpResponse<byte[]>> answer : answers) if (isRight(answer, right)) done++;
            assertTrue(done >= 1, "none was done");
            assertTrue(process.waitFor(1, TimeUnit.MINUTES), "the process does not end");
        }
        assertEquals(TERMINATED, process.exitValue());
    }

    /** An answer is whole and right, or says that the server is ending, or there was none because nobody listened any more. */
    private static boolean isRight(CompletableFuture<HttpResponse<byte[]>> answer, byte[] right) throws InterruptedException {
        try {
            HttpResponse<byte[]> response = answer.get();
            if (response.statusCode() == 200) assertArrayEquals(right, response.body());
            else assertEquals(503, response.statusCode());
            return response.statusCode() == 200;
        } catch (ExecutionException e) {
            return false;
        }
    }
}
