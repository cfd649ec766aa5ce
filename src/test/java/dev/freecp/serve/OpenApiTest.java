package dev.freecp.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.freecp.Golden;
import dev.freecp.cli.ServeRun;
import dev.freecp.ops.ScalarOps;
import dev.freecp.segment.SegmentSettings;
import dev.freecp.segment.Segmenter;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The description of the API says what there is, no more and no less. */
class OpenApiTest {

    private static final Pattern REFERENCE = Pattern.compile("\"\\$ref\"\\s*:\\s*\"#/([^\"]+)\"");

    @Test
    void pathsAndMethodsAreTheRoutes() throws Exception {
        Set<String> described = new TreeSet<>();
        map(document().get("paths")).forEach((path, methods) -> map(methods).keySet()
            .forEach(method -> described.add(method.toUpperCase(Locale.ROOT) + " " + path)));
        try (Segmenter segmenter = Segmenter.open(Golden.path("shapes/model"), new ScalarOps());
             Server server = Server.start(segmenter, new NoOrders(), ServerOptions.local(), "test")) {
            assertEquals(server.routes().stream().map(route -> route.method() + " " + route.path()).collect(Collectors.toCollection(TreeSet::new)),
                described);
        }
    }

    @Test
    void parametersAreThoseThatAreRead() throws Exception {
        Set<String> described = map(map(map(map(document().get("components")).get("schemas")).get("Parameters")).get("properties")).keySet();
        try (ServeRun server = ServeRun.with()) {
            String error = (String) ServeRun.json(server.post("v1/segment?nonsense=1", new byte[1])).get("error");
            Set<String> read = Arrays.stream(error.substring(error.indexOf("there are ") + "there are ".length()).split(", ")).collect(Collectors.toSet());
            assertEquals(new TreeSet<>(read), new TreeSet<>(described));
        }
    }

    @Test
    void whatIsReferredToIsThere() throws Exception {
        Map<String, Object> document = document();
        Matcher reference = REFERENCE.matcher(text());
        while (reference.find()) {
            Object at = document;
            for (String key : reference.group(1).split("/")) at = map(at).get(key);
            assertTrue(at instanceof Map, reference.group(1));
        }
    }

    @Test
    void formatsAreThoseThatAreAnswered() throws Exception {
        Map<String, Object> format = map(map(map(document().get("components")).get("parameters")).get("format"));
        assertEquals(Form.NAMES, map(format.get("schema")).get("enum"));
    }

    /** For a server that is never asked. */
    private static final class NoOrders implements Order.Reader {

        @Override
        public Order read(Map<String, String> parameters) {
            throw new AssertionError(parameters);
        }

        @Override
        public SegmentSettings settings(Map<String, String> parameters) {
            throw new AssertionError(parameters);
        }

        @Override
        public Map<String, Object> defaults() {
            throw new AssertionError();
        }
    }

    private static Map<String, Object> document() throws Exception {
        return JSON.std.mapFrom(text());
    }

    private static String text() throws Exception {
        try (InputStream in = OpenApiTest.class.getResourceAsStream("openapi.json")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }
}
