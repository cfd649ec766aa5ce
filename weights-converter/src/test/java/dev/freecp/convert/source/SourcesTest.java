package dev.freecp.convert.source;

import static dev.freecp.convert.source.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourcesTest {

    @TempDir
    private Path folder;

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text, StandardCharsets.ISO_8859_1);
    }

    /** A safetensors file with a float of each name. */
    private Path safetensors(String file, String... names) throws IOException {
        StringBuilder header = new StringBuilder("{");
        for (int i = 0; i < names.length; i++) {
            header.append(i == 0 ? "" : ",").append('"').append(names[i]).append("\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[")
                .append(4 * i).append(',').append(4 * i + 4).append("]}");
        }
        byte[] json = header.append('}').toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + 4 * names.length).order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).put(json);
        return Files.write(folder.resolve(file), bytes.array());
    }

    private List<String> names(Path path) {
        try (TensorSource source = Sources.open(path)) {
            return List.copyOf(source.names());
        }
    }

    @Test
    void goesByContentAndNotByName() throws IOException {
        try (TensorSource source = Sources.open(safetensors("weights.pt", "a"))) {
            assertEquals("safetensors", source.container());
        }
        ZipBytes zip = new ZipBytes();
        zip.stored("x/data.pkl", new PickleBytes().op('}').stop());
        try (TensorSource source = Sources.open(Files.write(folder.resolve("weights.safetensors"), zip.bytes()))) {
            assertEquals("zip torch.save", source.container());
        }
    }

    @Test
    void takesTheFirstOfTheUsualNamesInAFolder() throws IOException {
        safetensors("other.safetensors", "other");
        assertEquals(List.of("other"), names(folder));
        safetensors("another.bin", "another");
        assertRefused(Refusal.Kind.MISSING, "several weight files", () -> Sources.open(folder));
        safetensors("open_clip_pytorch_model.bin", "clip_bin");
        assertEquals(List.of("clip_bin"), names(folder));
        safetensors("open_clip_model.safetensors", "clip");
        assertEquals(List.of("clip"), names(folder));
        safetensors("model.safetensors", "model");
        assertEquals(List.of("model"), names(folder));
    }

    @Test
    void joinsShardsInTheOrderOfTheIndex() throws IOException {
        safetensors("1.safetensors", "a", "b");
        safetensors("2.safetensors", "c");
        Path index = write("model.safetensors.index.json", "{\"weight_map\": {\"c\": \"2.safetensors\", \"a\": \"1.safetensors\"}}");
        assertEquals(List.of("c", "a", "b"), names(folder));
        try (TensorSource source = Sources.open(index)) {
            assertEquals("safetensors in 2 shards", source.container());
        }
    }

    @Test
    void refusesAnIndexThatIsNotTrue() throws IOException {
        safetensors("1.safetensors", "a");
        safetensors("2.safetensors", "a", "b");
        assertIndexRefused(Refusal.Kind.UNSAFE, "does not lie beside", "{\"a\": \"../1.safetensors\"}");
        assertIndexRefused(Refusal.Kind.UNSAFE, "does not lie beside", "{\"a\": \"/etc/hostname\"}");
        assertIndexRefused(Refusal.Kind.MISSING, "not there", "{\"a\": \"3.safetensors\"}");
        assertIndexRefused(Refusal.Kind.MISSING, "'x' should be in", "{\"x\": \"1.safetensors\"}");
        assertIndexRefused(Refusal.Kind.MALFORMED, "in two", "{\"a\": \"1.safetensors\", \"b\": \"2.safetensors\"}");
        assertIndexRefused(Refusal.Kind.MALFORMED, "no file name", "{\"a\": 1}");
        assertIndexRefused(Refusal.Kind.MALFORMED, "weight_map", "[]");
        assertIndexRefused(Refusal.Kind.MALFORMED, "JSON", "{\"a\": \"index.json\"}");
        assertIndexRefused(Refusal.Kind.MISSING, "empty", "{}");
    }

    private void assertIndexRefused(Refusal.Kind kind, String reason, String map) throws IOException {
        Path index = write("index.json", "{\"weight_map\": " + map + "}");
        assertRefused(kind, reason, () -> Sources.open(index));
    }

    @Test
    void saysWhatAFileIsInsteadOfWeights() throws IOException {
        assertNoWeights("Git LFS pointer", "version https://git-lfs.github.com/spec/v1");
        assertNoWeights("markup", "<!DOCTYPE html>");
        assertNoWeights("gzip", "\u001f\u008b\b");
        assertNoWeights("is empty", "");
        assertNoWeights("neither", "hello");
        assertNoWeights("none that torch.save writes", "\u0080\u0002N.");
        assertRefused(Refusal.Kind.MISSING, "no such file", () -> Sources.open(folder.resolve("absent.pt")));
    }

    private void assertNoWeights(String reason, String text) throws IOException {
        Path file = write("some.pt", text);
        assertRefused(Refusal.Kind.MALFORMED, reason, () -> Sources.open(file));
    }

    /** The engine says this in words only; here the words are held to the kind. */
    @Test
    void callsATypeOfSafetensorsThatIsNotReadUnsupported() throws IOException {
        String header = "{\"a\":{\"dtype\":\"F8_E4M3\",\"shape\":[1],\"data_offsets\":[0,1]}}";
        Path file = write("some.safetensors", (char) header.length() + "\0\0\0\0\0\0\0" + header + "\0");
        assertRefused(Refusal.Kind.UNSUPPORTED, "F8_E4M3", () -> Sources.open(file));
    }
}
