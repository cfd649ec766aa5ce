package dev.freecp.bench.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.freecp.cli.Main;
import dev.freecp.convert.RandomClip;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CpuCommandTest {

    @TempDir
    private Path folder;

    private String freecp(int code, String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(), err = new ByteArrayOutputStream();
        assertEquals(code, Main.run(words, new PrintStream(out), new PrintStream(err)), () -> err.toString(StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8) + err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void everythingIsMeasuredAndThePageHasItsPlots() throws IOException {
        Path model = folder.resolve("tiny"), json = folder.resolve("cpu.json"), page = folder.resolve("cpu.html");
        RandomClip.tiny().write(model, 1);
        String said = freecp(0, "bench", "cpu", "--tiny", "--model", model.toString(), "--json", json.toString(), "--commit", "abc123", "--python", folder.resolve("none").toString());
        Map<String, Object> file = JSON.std.mapFrom(Files.readString(json));
        List<Map<?, ?>> results = ((List<?>) file.get("results")).stream().<Map<?, ?>>map(result -> (Map<?, ?>) result).toList();
        assertEquals(Set.of("ceilings", "operations", "tower tiny", "picture tiny", "text tiny"), results.stream().map(result -> result.get("group")).collect(Collectors.toSet()));
        for (String who : List.of("freecp", "freecp, 2 threads", "freecp, attention kept", "ONNX Runtime", "ONNX Runtime, fused attention, 2 threads", "plain loop", "all 77 positions"))
            assertTrue(results.stream().anyMatch(result -> result.get("implementation").equals(who)), who + "\n" + said);
        for (Map<?, ?> result : results) {
            assertTrue(((Number) result.get("value")).doubleValue() > 0, result.toString());
            assertTrue(said.contains((String) result.get("name")), said);
        }
        assertEquals("abc123", ((Map<?, ?>) file.get("machine")).get("commit"));
        assertEquals(2, ((List<?>) file.get("left_out")).stream().filter(what -> what.toString().startsWith("torch, ")).count(), said);
        freecp(0, "bench", "report", json.toString(), "-o", page.toString());
        String html = Files.readString(page);
        for (String plot : List.of("tower tiny over batch", "tower tiny over threads", "Operations under the machine's roof"))
            assertTrue(html.contains(plot), plot);
    }

    @Test
    void whatCannotBeMeasuredIsRefused() {
        assertTrue(freecp(2, "bench", "cpu", "--model-size", "h14").contains("--model-size h14: choose of b16, l14, shapes"));
        assertTrue(freecp(2, "bench", "cpu", "--groups", "attention").contains("--groups attention: choose of tower"));
        assertTrue(freecp(2, "bench", "cpu", "--threads", "0").contains("--threads must be at least 1, not 0"));
        assertTrue(freecp(2, "bench", "cpu", "--rounds", "0").contains("--rounds must be at least 1, not 0"));
        assertFalse(Files.exists(Path.of("cpu.json")));
    }
}
