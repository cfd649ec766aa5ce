package dev.freecp.serve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.freecp.Golden;
import dev.freecp.cli.Main;
import dev.freecp.cli.ServeRun;
import dev.freecp.image.LabelPng;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the API answers, compared with the files that the command line writes. */
class ApiTest {

    private static final Path SCENE = Golden.path("shapes/dataset/JPEGImages/scene_0001.jpg");
    private static final String OTHER_WORDS = "star; moon, crescent; grass; sky; wood";

    private static ServeRun server;
    private static byte[] scene;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() throws Exception {
        server = ServeRun.with("--keep", "3");
        scene = Files.readAllBytes(SCENE);
    }

    @AfterAll
    static void end() throws Exception {
        server.close();
    }

    @Test
    void allFormsAreTheCommandLinesFiles() throws Exception {
        commandLine("--classes", "circle; heart; moon; water; sand");
        assertArrayEquals(file("labels.png"), ok(server.post("v1/segment?format=labels", scene)).body());
        assertArrayEquals(file("overlay.png"), ok(server.post("v1/segment?format=overlay", scene)).body());
        assertArrayEquals(file("confidence.png"), ok(server.post("v1/segment?format=confidence", scene)).body());
        assertEquals(report(file("json")), report(ok(server.post("v1/segment?format=json", scene)).body()));
    }

    @Test
    void exportsAreTheCommandLinesFiles() throws Exception {
        commandLine("--classes", "circle; heart; moon; water; sand", "--export", "coco,geojson,labelme,npy,yolo", "--simplify", "1",
            "--min-area", "9", "--rle");
        String more = "&simplify=1&min_area=9&name=scene_0001.jpg";
        assertArrayEquals(Files.readAllBytes(folder.resolve("out/annotations.coco.json")),
            ok(server.post("v1/segment?format=coco&rle=true" + more, scene)).body());
        assertArrayEquals(file("geojson"), ok(server.post("v1/segment?format=geojson" + more, scene)).body());
        for (String format : List.of("npy", "yolo")) {
            HttpResponse<byte[]> archive = ok(server.post("v1/segment?format=" + format + more, scene));
            assertEquals("application/zip", archive.headers().firstValue("Content-Type").orElse(""));
            try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive.body()))) {
                int count = 0;
                for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry(), count++)
                    assertArrayEquals(Files.readAllBytes(folder.resolve("out").resolve(entry.getName())), zip.readAllBytes(), entry.getName());
                assertEquals(format.equals("npy") ? 2 : 3, count);
            }
        }
    }

    @Test
    void aKeptPictureIsExplainedInAPageOfItsOwn() throws Exception {
        String id = (String) ServeRun.json(server.post("v1/pictures?name=mine.jpg", scene)).get("id");
        HttpResponse<byte[]> page = ok(server.post("v1/pictures/" + id + "/labels?format=explanation&tau_r=0.25", new byte[0]));
        assertTrue(page.headers().firstValue("Content-Type").orElse("").startsWith("text/html"));
        String html = new String(page.body(), StandardCharsets.UTF_8);
        assertTrue(html.startsWith("<!") && html.contains("mine.jpg") && html.contains("0.25"), html.substring(0, 300));
    }

    @Test
    void namesInArchivesLeadNowhereElse() throws Exception {
        HttpResponse<byte[]> archive = ok(server.post("v1/segment?format=npy&name=..%2F..%2Fevil%20name.jpg", scene));
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive.body()))) {
            assertEquals("evil_name.labels.npy", zip.getNextEntry().getName());
        }
    }

    @Test
    void parametersAreTheCommandLinesOptions() throws Exception {
        commandLine("--classes", OTHER_WORDS, "--background", "threshold:0.3", "--method", "clearclip", "--steps", "refine,ap", "--tau-a", "0.5",
            "--stride", "48");
        String query = "v1/segment?format=labels&background=threshold:0.3&method=clearclip&steps=refine,ap&tau_a=0.5&stride=48&classes="
            + URLEncoder.encode(OTHER_WORDS, StandardCharsets.UTF_8);
        assertArrayEquals(file("labels.png"), ok(server.post(query, scene)).body());
    }

    @Test
    void aFormMayHoldPictureFieldsAndJson() throws Exception {
        commandLine("--classes", OTHER_WORDS, "--tau-r", "0.25", "--steps", "refine,rp");
        byte[] form = form("--x\r\nContent-Disposition: form-data; name=\"tau_r\"\r\n\r\n0.25\r\n"
            + "--x\r\nContent-Disposition: form-data; name=\"parameters\"\r\nContent-Type: application/json\r\n\r\n"
            + JSON.std.asString(Map.of("classes", List.of(OTHER_WORDS.split("; ")), "steps", List.of("refine", "rp"))) + "\r\n"
            + "--x\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"mine.jpg\"\r\n\r\n", "\r\n--x--\r\n");
        HttpResponse<byte[]> response = ok(server.post("v1/segment", form, "Content-Type", "multipart/form-data; boundary=x"));
        assertEquals(report(file("json")), report(response.body()));
        assertEquals("mine.jpg", ((Map<?, ?>) ServeRun.json(response).get("picture")).get("file"));
    }

    @Test
    void aKeptPictureIsLabelledAgainWithoutTheTower() throws Exception {
        String id = (String) ServeRun.json(server.post("v1/pictures", scene)).get("id");
        double runs = server.metric("freecp_tower_runs_total");
        List<String> choices = List.of("tau_r=0.3", "tau_a=0.2&steps=refine,ap", "steps=none", "method=maskclip", "classes=star;grass;sky&background=first");
        List<byte[]> labels = new ArrayList<>();
        for (String choice : choices) labels.add(ok(server.post("v1/pictures/" + id + "/labels?format=labels&" + choice, new byte[0])).body());
        assertEquals(runs, server.metric("freecp_tower_runs_total"));
        for (int i = 0; i < choices.size(); i++)
            assertArrayEquals(ok(server.post("v1/segment?format=labels&" + choices.get(i), scene)).body(), labels.get(i), choices.get(i));
        assertEquals(runs + choices.size(), server.metric("freecp_tower_runs_total"));
    }

    @Test
    void otherWindowsTakeOneMoreRun() throws Exception {
        String id = (String) ServeRun.json(server.post("v1/pictures", scene)).get("id");
        String path = "v1/pictures/" + id + "/labels?format=labels&stride=48&tau_r=";
        double runs = server.metric("freecp_tower_runs_total");
        assertArrayEquals(ok(server.post("v1/segment?format=labels&stride=48&tau_r=0.2", scene)).body(), ok(server.post(path + 0.2, new byte[0])).body());
        ok(server.post(path + 0.3, new byte[0]));
        ok(server.post("v1/pictures/" + id + "/labels", new byte[0]));
        assertEquals(runs + 2, server.metric("freecp_tower_runs_total"));
    }

    @Test
    void pixelsAreLabelsAndConfidencesAsBytes() throws Exception {
        commandLine("--classes", "circle; heart; moon; water; sand");
        Map<String, Object> json = ServeRun.json(server.post("v1/segment?format=pixels", scene));
        Map<?, ?> pixels = (Map<?, ?>) json.get("pixels"), picture = (Map<?, ?>) json.get("picture");
        byte[] labels = Base64.getDecoder().decode((String) pixels.get("labels"));
        int count = (Integer) picture.get("height") * (Integer) picture.get("width");
        assertEquals(2 * count, labels.length);
        int[] expected = LabelPng.read(folder.resolve("out/scene_0001.labels.png")).labels();
        for (int i = 0; i < count; i++) assertEquals(expected[i], labels[2 * i] | labels[2 * i + 1] << 8);
        assertEquals(((List<?>) json.get("labels")).size(), ((List<?>) pixels.get("colors")).size());
    }

    @Test
    void theOldestPictureMakesRoomAndADeletedOneIsGone() throws Exception {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 4; i++) ids.add((String) ServeRun.json(server.post("v1/pictures", scene)).get("id"));
        assertEquals(3, server.metric("freecp_pictures_kept"));
        assertEquals(404, server.post("v1/pictures/" + ids.getFirst() + "/labels", new byte[0]).statusCode());
        assertEquals(204, server.send("DELETE", "v1/pictures/" + ids.getLast(), BodyPublishers.noBody()).statusCode());
        assertEquals(404, server.send("DELETE", "v1/pictures/" + ids.getLast(), BodyPublishers.noBody()).statusCode());
        assertEquals(2, server.metric("freecp_pictures_kept"));
    }

    @Test
    void oneMoreClassCostsOneWord() throws Exception {
        ok(server.post("v1/segment?classes=fish;water", scene));
        double encoded = server.metric("freecp_words_encoded_total");
        ok(server.post("v1/segment?classes=fish;water&tau_r=0.2", scene));
        assertEquals(encoded, server.metric("freecp_words_encoded_total"));
        commandLine("--classes", "water, fish; bolt");
        byte[] labels = ok(server.post("v1/segment?format=labels&classes=water,+fish;bolt", scene)).body();
        assertEquals(encoded + 1, server.metric("freecp_words_encoded_total"));
        assertArrayEquals(file("labels.png"), labels);
    }

    @Test
    void saysWhatThereIsToChooseFrom() throws Exception {
        Map<String, Object> json = ServeRun.json(ok(server.get("v1/models")));
        Map<?, ?> defaults = (Map<?, ?>) json.get("defaults");
        assertEquals(List.of("circle", "heart", "moon", "water", "sand"), defaults.get("classes"));
        assertEquals("refine,rp,ap", defaults.get("steps"));
        assertTrue(((List<?>) json.get("methods")).contains(defaults.get("method")));
        assertEquals("up", ServeRun.json(ok(server.get("v1/health"))).get("status"));
    }

    private void commandLine(String... more) {
        List<String> arguments = new ArrayList<>(List.of("segment", SCENE.toString(), "--model", Golden.path("shapes/model").toString(),
            "--templates", "a photo of a {}.",
            "--resize", "2048,160", "--crop", "112", "--stride", "56", "--cache", "off", "--device", "cpu", "--quiet", "--confidence", "--out",
                folder.resolve("out").toString()));
        for (String word : more) {
            int at = word.startsWith("--") ? arguments.indexOf(word) : -1;                    // outdoes what is there
            if (at >= 0) arguments.subList(at, at + 2).clear();
            arguments.add(word);
        }
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        assertEquals(0, Main.run(arguments.toArray(String[]::new), new PrintStream(new ByteArrayOutputStream()), new PrintStream(err)), err::toString);
    }

    private byte[] file(String ending) throws Exception {
        return Files.readAllBytes(folder.resolve("out/scene_0001." + ending));
    }

    /** A report without times and names of files. */
    private static Map<String, Object> report(byte[] json) throws Exception {
        Map<String, Object> report = JSON.std.mapFrom(json);
        assertNotEquals(null, report.remove("seconds"));
        assertNotEquals(null, report.remove("files"));
        @SuppressWarnings("unchecked")
        Map<String, Object> picture = (Map<String, Object>) report.get("picture");
        assertNotEquals(null, picture.remove("file"));
        return report;
    }

    private static HttpResponse<byte[]> ok(HttpResponse<byte[]> response) {
        assertEquals(200, response.statusCode(), () -> new String(response.body(), StandardCharsets.UTF_8));
        return response;
    }

    private static byte[] form(String head, String tail) {
        ByteArrayOutputStream form = new ByteArrayOutputStream();
        form.writeBytes(head.getBytes(StandardCharsets.UTF_8));
        form.writeBytes(scene);
        form.writeBytes(tail.getBytes(StandardCharsets.UTF_8));
        return form.toByteArray();
    }
}
