package dev.freecp.bench.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.freecp.cli.Main;
import dev.freecp.cuda.Gpu;
import dev.freecp.cuda.Ways;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GpuCommandTest {

    @TempDir
    private Path folder;

    private Path json;

    @BeforeEach
    void install() {
        Gpu.assumeAvailable();
        json = folder.resolve("gpu.json");
    }

    private String freecp(int code, String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(), err = new ByteArrayOutputStream();
        assertEquals(code, Main.run(words, new PrintStream(out), new PrintStream(err)), () -> err.toString(StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8) + err.toString(StandardCharsets.UTF_8);
    }

    private List<Map<?, ?>> results() throws IOException {
        return ((List<?>) JSON.std.mapFrom(Files.readString(json)).get("results")).stream().<Map<?, ?>>map(result -> (Map<?, ?>) result).toList();
    }

    private List<String> left() throws IOException {
        return ((List<?>) JSON.std.mapFrom(Files.readString(json)).get("left_out")).stream().map(String::valueOf).toList();
    }

    @Test
    void everyGroupAndEveryImplementationIsMeasured() throws IOException {
        String said = freecp(0, "bench", "gpu", "--tiny", "--minutes", "20", "--out", json.toString(), "--commit", "abc123", "--cuda-libs", "none");
        Set<String> groups = results().stream().map(result -> (String) result.get("group")).collect(Collectors.toSet());
        assertEquals(Set.of("ceilings", "tower ViT-B-16", "pictures", "products ViT-B-16", "attention", "purification 6 classes", "traffic", "tower ViT-L-14",
            "products ViT-L-14"), groups);
        Set<Object> who = results().stream().map(result -> (Object) result.get("implementation")).collect(Collectors.toSet());
        for (Ways.Products way : Ways.Products.values()) assertEquals(way != Ways.Products.CHOSEN && way != Ways.Products.CUBLAS, who.contains(way.label()), way + ": " + who);
        for (Ways.Attention way : Ways.Attention.values()) assertEquals(way != Ways.Attention.CHOSEN, who.contains(way.label()), way + ": " + who);
        for (Map<?, ?> result : results()) {
            assertTrue(((Number) result.get("value")).doubleValue() > 0, result.toString());
            assertTrue(said.contains((String) result.get("name")), said);
        }
        assertEquals(List.of("products ViT-B-16 by cuBLAS: there is no cuBLAS", "products ViT-L-14 by cuBLAS: there is no cuBLAS"), left());
        assertEquals("abc123", ((Map<?, ?>) JSON.std.mapFrom(Files.readString(json)).get("machine")).get("commit"));
    }

    @Test
    void groupsCanBeChosenAndCeilingsGiveTheirShares() throws IOException {
        freecp(0, "bench", "gpu", "--tiny", "--groups", "attention", "--out", json.toString());
        assertEquals(Set.of("ceilings", "attention"), results().stream().map(result -> result.get("group")).collect(Collectors.toSet()));
        Map<?, ?> attention = results().getLast();
        double peak = results().stream().filter(result -> result.get("group").equals("ceilings") && result.get("precision").equals("fp16"))
            .mapToDouble(result -> ((Number) result.get("value")).doubleValue()).findFirst().orElseThrow();
        assertEquals(((Number) attention.get("value")).doubleValue() / peak, ((Number) ((Map<?, ?>) attention.get("extra")).get("share of peak")).doubleValue(), 1e-9);
    }

    @Test
    void withoutTimeOnlyTheCeilingsAreMeasuredAndTheRestIsNamed() throws IOException {
        freecp(0, "bench", "gpu", "--tiny", "--minutes", "0", "--out", json.toString());
        assertEquals(Set.of("ceilings"), results().stream().map(result -> result.get("group")).collect(Collectors.toSet()));
        assertTrue(left().contains("pictures: out of time"), left().toString());
        assertTrue(left().stream().anyMatch(what -> what.startsWith("attention GEM N=17")), left().toString());
    }

    @Test
    void othersThanGpusAndOtherGroupsAreRefused() {
        assertTrue(freecp(2, "bench", "gpu", "--device", "cpu").contains("only a GPU is timed here"));
        assertTrue(freecp(2, "bench", "gpu", "--groups", "text").contains("--groups text: choose of"));
        assertFalse(Files.exists(json));
    }
}
