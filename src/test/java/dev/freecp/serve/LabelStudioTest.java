package dev.freecp.serve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import com.sun.net.httpserver.HttpServer;
import dev.freecp.Golden;
import dev.freecp.cli.ServeRun;
import dev.freecp.image.LabelPng;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Label Studio's calls. */
class LabelStudioTest {

    private static final String CONFIG = """
        <View><Image name="picture" value="$image"/><BrushLabels name="tag" toName="picture">
        <Label value="circle"/><Label value="moon, crescent"/><Label value="water"/><Label value="heart"/></BrushLabels></View>""";
    private static final String CLASSES = "circle; moon, crescent; water; heart";
    private static final Path SCENES = Golden.path("shapes/dataset/JPEGImages");

    @TempDir
    private static Path folder;

    private static HttpServer studio;
    private static ServeRun server;
    private static byte[] scene;

    @BeforeAll
    static void start() throws Exception {
        scene = Files.readAllBytes(SCENES.resolve("scene_0001.jpg"));
        Files.createDirectories(folder.resolve("media/upload"));
        Files.write(folder.resolve("media/upload/1.jpg"), scene);
        Files.write(folder.resolve("secret.jpg"), scene);
        Files.createSymbolicLink(folder.resolve("media/upload/link.jpg"), folder.resolve("secret.jpg"));
        studio = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        studio.createContext("/", exchange -> {
            boolean known = "Token key".equals(exchange.getRequestHeaders().getFirst("Authorization"));
            if (exchange.getRequestURI().getPath().equals("/elsewhere")) exchange.getResponseHeaders().set("Location", "/picture.jpg");
            exchange.sendResponseHeaders(!known ? 401 : exchange.getRequestURI().getPath().equals("/elsewhere") ? 302 : 200, scene.length);
            exchange.getResponseBody().write(scene);
            exchange.close();
        });
        studio.start();
        server = ServeRun.with("--label-studio-root", folder.resolve("media"), "--label-studio-url", address(""), "--label-studio-key", "key");
    }

    @AfterAll
    static void end() throws Exception {
        server.close();
        studio.stop(0);
    }

    @Test
    void brushStrokesAreTheLabelsOfThePicture() throws Exception {
        Map<String, Object> answer = ServeRun.json(predict(CONFIG, embedded()));
        Path file = Files.write(folder.resolve("labels.png"), server.post("v1/segment?format=labels&classes=" + CLASSES.replace(" ", "%20"), scene).body());
        int[] labels = LabelPng.read(file).labels();
        Map<?, ?> prediction = (Map<?, ?>) ((List<?>) answer.get("results")).getFirst();
        List<String> names = List.of(CLASSES.split("; "));
        boolean[] seen = new boolean[names.size()];
        for (Object entry : (List<?>) prediction.get("result")) {
            Map<?, ?> region = (Map<?, ?>) entry, value = (Map<?, ?>) region.get("value");
            assertEquals(List.of("tag", "picture", "brushlabels"), List.of(region.get("from_name"), region.get("to_name"), region.get("type")));
            int label = names.indexOf(((List<?>) value.get("brushlabels")).getFirst());
            seen[label] = true;
            int[] alpha = decode(((List<?>) value.get("rle")).stream().mapToInt(byteValue -> (Integer) byteValue).toArray());
            assertEquals((Integer) region.get("original_width") * (Integer) region.get("original_height"), alpha.length);
            for (int i = 0; i < labels.length; i++) assertEquals(labels[i] == label ? 255 : 0, alpha[i]);
        }
        for (int label = 0; label < seen.length; label++) {
            int wanted = label;
            assertEquals(Arrays.stream(labels).anyMatch(one -> one == wanted), seen[label], names.get(label));
        }
        assertTrue(((String) answer.get("model_version")).startsWith("freecp-"));
    }

    @Test
    void polygonsLieWithinThePictureAndCoverIt() throws Exception {
        Map<String, Object> answer = ServeRun.json(predict(CONFIG.replace("BrushLabels", "PolygonLabels"), embedded()));
        double doubledArea = 0;
        for (Object entry : (List<?>) ((Map<?, ?>) ((List<?>) answer.get("results")).getFirst()).get("result")) {
            Map<?, ?> region = (Map<?, ?>) entry, value = (Map<?, ?>) region.get("value");
            assertEquals("polygonlabels", region.get("type"));
            assertTrue(List.of(CLASSES.split("; ")).containsAll((List<?>) value.get("polygonlabels")), value.toString());
            List<double[]> points = ((List<?>) value.get("points")).stream().map(point -> (List<?>) point)
                .map(xy -> new double[] {((Number) xy.get(0)).doubleValue(), ((Number) xy.get(1)).doubleValue()}).toList();
            for (double[] point : points) assertTrue(point[0] >= 0 && point[0] <= 100 && point[1] >= 0 && point[1] <= 100, Arrays.toString(point));
            for (int i = 0; i < points.size(); i++) {
                double[] a = points.get(i), b = points.get((i + 1) % points.size());
                doubledArea += a[0] * b[1] - b[0] * a[1];
            }
        }
        assertEquals(2 * 100 * 100, doubledArea, 0.05 * 2 * 100 * 100, "every pixel has a class; simplified outlines differ a little");
    }

    @Test
    void runsOfEveryLengthComeBack() {
        Random random = new Random(5);
        int[] lengths = {1, 2, 3, 4, 5, 63, 64, 65, 16_383, 16_384, 16_385, 40_000};
        int[] labels = new int[Arrays.stream(lengths).sum() * 2];
        int at = 0;
        for (int round = 0; round < 2; round++) for (int length : lengths) {
            int label = random.nextInt(2) * 7;
            Arrays.fill(labels, at, at += length, label);
        }
        int[] expected = Arrays.stream(labels).map(label -> label == 7 ? 255 : 0).toArray();
        byte[] rle = BrushRle.encode(labels, 7);
        int[] bytes = new int[rle.length];
        Arrays.setAll(bytes, i -> Byte.toUnsignedInt(rle[i]));
        assertArrayEquals(expected, decode(bytes));
    }

    @Test
    void picturesComeFromTheFolderAndTheAddressThatWereNamed() throws Exception {
        String expected = regions(predict(CONFIG, embedded()));
        assertEquals(expected, regions(predict(CONFIG, "/data/upload/1.jpg")));
        assertEquals(expected, regions(predict(CONFIG, address("/picture.jpg"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/data/../../secret.jpg", "/data/%2e%2e/secret.jpg", "/data/upload/link.jpg", "/data/upload/none.jpg",
        "/data//etc/hostname", "/etc/hostname", "file:///etc/hostname",
        "http://localhost:1/1.jpg", "http://127.0.0.1.example.org/1.jpg", "ftp://example.org/1.jpg", "data:image/png,plain",
            "data:image/png;base64,%%%", "ELSEWHERE"})
    void noOtherPlaceIsAsked(String place) throws Exception {
        HttpResponse<byte[]> response = predict(CONFIG, place.equals("ELSEWHERE") ? address("/elsewhere") : place);
        assertEquals(400, response.statusCode(), new String(response.body(), StandardCharsets.UTF_8));
        assertTrue(((String) ServeRun.json(response).get("error")).contains("the task's picture"));
    }

    @Test
    void setupSaysWhetherAConfigurationCanBeServed() throws Exception {
        assertEquals(200, server.post("setup", JSON.std.asBytes(Map.of("project", "1.1", "schema", CONFIG))).statusCode());
        assertEquals(400, server.post("setup", JSON.std.asBytes(Map.of("schema", "<View><Text name=\"a\" value=\"$t\"/></View>"))).statusCode());
        assertEquals("UP", ServeRun.json(server.get("health")).get("status"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"<View>", "", "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/hostname\">]><View>&b;</View>",
        "<View><BrushLabels name='a' toName='b'/></View>",
        "<View><Image name='b' value='$i'/><BrushLabels name='a' toName='b'/></View>",
            "<View><Image name='b' value='$i'/><BrushLabels name='a' toName='b'><Label value='x;y'/></BrushLabels></View>"})
    void refusesOtherConfigurations(String xml) {
        Refusal refusal = assertThrows(Refusal.class, () -> LabelConfig.parse(xml));
        assertTrue(refusal.getMessage().startsWith("the labelling configuration "), refusal.getMessage());
    }

    private static HttpResponse<byte[]> predict(String config, String place) throws Exception {
        return server.post("predict", JSON.std.asBytes(Map.of("label_config", config, "tasks", List.of(Map.of("id", 1, "data", Map.of("image", place))))),
            "Content-Type", "application/json");
    }

    /** What was found, without the random names of regions. */
    private static String regions(HttpResponse<byte[]> response) {
        String text = new String(response.body(), StandardCharsets.UTF_8);
        assertEquals(200, response.statusCode(), text);
        return text.replaceAll("\"id\" : \"[0-9a-f]+\"", "");
    }

    private static String embedded() {
        return "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(scene);
    }

    private static String address(String path) {
        return "http://127.0.0.1:" + studio.getAddress().getPort() + path;
    }

    /** The alpha channel of a stream of rle-pack, read as its own decoder does. */
    private static int[] decode(int[] stream) {
        Bits bits = new Bits(stream);
        int count = bits.take(32), word = bits.take(5) + 1;
        int[] sizes = {bits.take(4) + 1, bits.take(4) + 1, bits.take(4) + 1, bits.take(4) + 1};
        int[] out = new int[count];
        for (int i = 0; i < count; ) {
            boolean equal = bits.take(1) == 1;
            int end = i + 1 + bits.take(sizes[bits.take(2)]);
            int value = equal ? bits.take(word) : 0;
            for (; i < end; i++) out[i] = equal ? value : bits.take(word);
        }
        int[] alpha = new int[count / 4];
        Arrays.setAll(alpha, i -> out[4 * i + 3]);
        return alpha;
    }

    private static final class Bits {
        private final int[] bytes;
        private int at;

        Bits(int[] bytes) {
            this.bytes = bytes;
        }

        int take(int count) {
            int value = 0;
            for (int i = 0; i < count; i++, at++) value = value << 1 | bytes[at / 8] >> 7 - at % 8 & 1;
            return value;
        }
    }
}
