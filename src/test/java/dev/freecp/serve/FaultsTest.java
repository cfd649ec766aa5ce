package dev.freecp.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.Golden;
import dev.freecp.cli.ServeRun;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests that are wrong, hostile, or meant for somebody else: each gets its status and one sentence. */
class FaultsTest {

    private static final String TOKEN = "correct horse";

    private static ServeRun server, guarded;
    private static byte[] scene;

    @BeforeAll
    static void start() throws Exception {
        server = ServeRun.with();
        guarded = ServeRun.with("--token", TOKEN);
        scene = Files.readAllBytes(Golden.path("shapes/dataset/JPEGImages/scene_0001.jpg"));
    }

    @AfterAll
    static void end() throws Exception {
        server.close();
        guarded.close();
    }

    @Test
    void emptyTruncatedAndForeignBodiesAreRefused() throws Exception {
        refused(400, "picture: the file is empty", server.post("v1/segment", new byte[0]));
        refused(400, "truncated", server.post("v1/segment", Arrays.copyOf(scene, scene.length / 2)));
        refused(400, "mine: not a picture", server.post("v1/segment?name=mine", "PDF".getBytes(StandardCharsets.UTF_8)));
        refused(400, "the file is empty", server.post("v1/pictures", new byte[0]));
    }

    @Test
    void picturesThatSayTheyAreHugeAreRefusedByTheirHeader() throws Exception {
        refused(400, "60000 x 60000 pixels are too many, the limit is 50 megapixels", server.post("v1/segment", pngOf(60_000, 60_000)));
        byte[] jpeg = scene.clone();
        int frame = frame(jpeg);
        ByteBuffer.wrap(jpeg).putShort(frame + 5, (short) 60_000).putShort(frame + 7, (short) 60_000);
        refused(400, "60000 x 60000 pixels are too many", server.post("v1/pictures", jpeg));
    }

    @Test
    void aBodyThatSaysItIsTooLargeIsNotWaitedFor() throws Exception {
        String answer = raw("POST /v1/segment HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2147483648\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 413 "), answer);
        assertTrue(answer.contains("larger than the limit of 33554432 bytes"), answer);
    }

    @Test
    void aBodyThatProvesTooLargeIsCutOff() throws Exception {
        try (ServeRun small = ServeRun.with("--max-body", "10K")) {
            HttpResponse<byte[]> response = small.send("POST", "v1/segment", BodyPublishers.ofByteArrays(List.of(new byte[6000], new byte[6000])));
            refused(413, "larger than the limit of 10240 bytes", response);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "colour=red|there is no parameter 'colour'; there are affinity_layers, background, classes",
        "cache=off|there is no parameter 'cache'",
        "tau_r=2|tau-r must lie between 0 and 1",
        "tau_r=much|invalid value for 'tau-r': 'much' is not a float",
        "method=magic|there is no method 'magic'",
        "steps=rp|do not begin with refine",
        "format=gif|there is no format 'gif'; choose one of labels",
        "stride=1|windows, more than the limit of 512; choose a larger stride",
        "stride=0|stride 0 does not move the window",
        "crop=0&resize=9000,9000|more than the limit of 50000000",
        "crop=0&resize=4000,4000|tokens, more than the limit of 4096; choose a smaller crop",
        "classes=|the class list is empty",
        "tau_r|the parameter 'tau_r' has no value",
        "tau_r=%ZZ|is not percent-encoded",
        "tau_r=0.1&tau_r=0.2|comes twice",
        "templates=/etc/passwd|one template with {} for the word",
        "descriptions=/etc/passwd|descriptions in a request is builtin or none"})
    void parametersThatCannotBeAreExplained(String query, String sentence) throws Exception {
        String encoded = query.contains("%") ? query : query.replace("{", "%7B").replace("}", "%7D");
        HttpResponse<byte[]> response = query.contains("%") ? null : server.post("v1/segment?" + encoded, scene);
        if (response != null) refused(400, sentence, response);
        else assertTrue(raw("POST /v1/segment?" + query + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            .contains(" 400 "), query);
    }

    @Test
    void aRequestCannotReadFilesOfTheServer() throws Exception {
        Path classes = Golden.path("shapes/classes_single.txt");
        HttpResponse<byte[]> response = server.post("v1/segment?classes=" + URLEncoder.encode(classes.toString(), StandardCharsets.UTF_8), scene);
        assertEquals(List.of(classes.toString()), ServeRun.json(response).get("labels"), "the file's name is a word like any other");
    }

    @Test
    void formsThatAreNoneAreRefused() throws Exception {
        String type = "multipart/form-data; boundary=x";
        for (String body : List.of("", "--y--", "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nno end", "--x\r\n\r\nnameless\r\n--x--"))
            refused(400, "the multipart body cannot be read", server.post("v1/segment", body.getBytes(StandardCharsets.UTF_8), "Content-Type", type));
        refused(400, "names no boundary", server.post("v1/segment", scene, "Content-Type", "multipart/form-data"));
        byte[] noFile = "--x\r\nContent-Disposition: form-data; name=\"tau_r\"\r\n\r\n0.1\r\n--x--".getBytes(StandardCharsets.UTF_8);
        refused(400, "the request has no file", server.post("v1/segment", noFile, "Content-Type", type));
    }

    @Test
    void otherSitesAndOtherNamesAreRefused() throws Exception {
        refused(403, "pages of other sites", server.post("v1/segment", scene, "Origin", "https://example.org"));
        refused(403, "pages of other sites", server.get("v1/health", "Origin", "null"));
        assertEquals(200, server.get("v1/health", "Origin", "http://localhost:" + server.port()).statusCode());
        String rebound = raw("GET /v1/models HTTP/1.1\r\nHost: rebound.example.org\r\nConnection: close\r\n\r\n");
        assertTrue(rebound.startsWith("HTTP/1.1 403 ") && rebound.contains("answers to localhost only"), rebound);
        assertTrue(raw("GET /v1/models HTTP/1.1\r\nHost: 127.0.0.1:1\r\nConnection: close\r\n\r\n").startsWith("HTTP/1.1 200 "));
    }

    @Test
    void withoutTheTokenOnlyThePageAndHealthAreAnswered() throws Exception {
        for (String open : List.of("", "page.js", "openapi.json", "v1/health")) assertEquals(200, guarded.get(open).statusCode(), open);
        for (String closed : List.of("v1/models", "v1/metrics")) refused(401, "needs its token", guarded.get(closed));
        refused(401, "needs its token", guarded.post("v1/segment", scene));
        refused(401, "needs its token", guarded.get("v1/models", "Authorization", "Bearer correct horsf"));
        assertEquals(200, guarded.get("v1/models", "Authorization", "Bearer " + TOKEN).statusCode());
        String basic = Base64.getEncoder().encodeToString(("studio:" + TOKEN).getBytes(StandardCharsets.UTF_8));
        assertEquals(200, guarded.get("v1/models", "Authorization", "Basic " + basic).statusCode());
    }

    @Test
    void unknownPlacesAndMethodsAreNamed() throws Exception {
        refused(404, "there is nothing at /v2", server.get("v2"));
        HttpResponse<byte[]> response = server.get("v1/segment");
        refused(405, "is asked with POST, not with GET", response);
        assertEquals("POST", response.headers().firstValue("Allow").orElse(""));
        refused(404, "there is no picture abc", server.post("v1/pictures/abc/labels", new byte[0]));
    }

    @Test
    void thePageMayOnlyUseWhatComesFromHere() throws Exception {
        HttpResponse<byte[]> page = server.get("");
        String policy = page.headers().firstValue("Content-Security-Policy").orElse("");
        assertTrue(policy.startsWith("default-src 'none'; script-src 'self'; style-src 'self';"), policy);
        assertFalse(policy.contains("unsafe"), policy);
        assertEquals("nosniff", page.headers().firstValue("X-Content-Type-Options").orElse(""));
        for (String file : List.of("", "page.js", "labels.js", "legend.js", "page.css"))
            assertFalse(new String(server.get(file).body(), StandardCharsets.UTF_8).contains("https://"), file + " asks somebody else");
    }

    private static void refused(int status, String sentence, HttpResponse<byte[]> response) throws IOException {
        String body = new String(response.body(), StandardCharsets.UTF_8);
        assertEquals(status, response.statusCode(), body);
        String error = (String) ServeRun.json(response).get("error");
        assertTrue(error.contains(sentence), error);
        assertFalse(error.contains("\n") || error.contains("Exception"), error);
    }

    /** Sends bytes as they are, and reads until the server has nothing more to say. */
    private static String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static int frame(byte[] jpeg) {
        for (int i = 2; ; i += 2 + (Byte.toUnsignedInt(jpeg[i + 2]) << 8 | Byte.toUnsignedInt(jpeg[i + 3])))
            if (jpeg[i + 1] >= (byte) 0xc0 && jpeg[i + 1] <= (byte) 0xc2) return i;
    }

    /** A grey PNG of a few bytes that says it is large. */
    private static byte[] pngOf(int height, int width) {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        png.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
        chunk(png, "IHDR", ByteBuffer.allocate(13).putInt(width).putInt(height).put(new byte[] {8, 0, 0, 0, 0}).array());
        chunk(png, "IDAT", new byte[] {0x78, (byte) 0x9c, 3, 0, 0, 0, 0, 1});
        chunk(png, "IEND", new byte[0]);
        return png.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream png, String type, byte[] content) {
        byte[] typed = ByteBuffer.allocate(4 + content.length).put(type.getBytes(StandardCharsets.US_ASCII)).put(content).array();
        CRC32 crc = new CRC32();
        crc.update(typed);
        png.writeBytes(ByteBuffer.allocate(4).putInt(content.length).array());
        png.writeBytes(typed);
        png.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }
}
