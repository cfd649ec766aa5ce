package dev.freecp.weights;

import dev.freecp.error.InputException;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class WeightsTest {

    @TempDir
    Path folder;

    @BeforeEach
    void writeTwoShards() {
        SafeTensorsWriter.write(folder.resolve("1.safetensors"), Map.of("a", tensor(1), "b", tensor(2)), Map.of());
        SafeTensorsWriter.write(folder.resolve("2.safetensors"), Map.of("c", tensor(3)), Map.of());
    }

    @Test
    void shardsAreOneSetOfNames() {
        try (Weights weights = Weights.open(index("{\"a\":\"1.safetensors\",\"b\":\"1.safetensors\",\"c\":\"2.safetensors\"}"))) {
            assertEquals(Set.of("a", "b", "c"), weights.names());
            assertEquals(2, weights.tensor("b").get(0, 0));
            assertEquals(3, weights.tensor("c").get(0, 0));
            assertFalse(weights.has("d"));
            assertThrows(InputException.class, () -> weights.tensor("d"));
        }
    }

    @Test
    void digestCoversAllFilesInOrderOfName() throws Exception {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.write(Files.readAllBytes(folder.resolve("1.safetensors")));
        both.write(Files.readAllBytes(folder.resolve("2.safetensors")));
        try (Weights weights = Weights.open(index("{\"c\":\"2.safetensors\",\"a\":\"1.safetensors\"}"))) {
            assertEquals(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(both.toByteArray())), weights.sha256());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"a":"2.safetensors"}                     | tensor 'a' should lie in 2.safetensors, but does not
        {"a":"1.safetensors","c":"3.safetensors"} | shard 3.safetensors is missing
        {"a":1}                                   | weight_map.a must be a string, but is 1
        []                                        | weight_map must be an object
        {"a":"1.safetensors","a":"1.safetensors"} | 'a'
        """)
    void refusesAnIndexThatDoesNotFit(String map, String wanted) {
        refuses(map, wanted);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../1.safetensors", "/etc/1.safetensors", "x/1.safetensors", "..\\\\1.safetensors", "C:1.safetensors", "\\u0000.safetensors", "..", "", "1.bin"})
    void refusesShardsOutsideOfTheFolder(String name) {
        refuses("{\"a\":\"" + name + "\"}", "must be the plain name");
    }

    @Test
    void refusesATensorInTwoShards() {
        SafeTensorsWriter.write(folder.resolve("2.safetensors"), Map.of("a", tensor(4), "c", tensor(3)), Map.of());
        refuses("{\"a\":\"1.safetensors\",\"c\":\"2.safetensors\"}", "'a' lies in two shards, 1.safetensors and 2.safetensors");
    }

    private void refuses(String map, String wanted) {
        Path index = index(map);
        String message = assertThrows(InputException.class, () -> Weights.open(index).close()).getMessage();
        assertTrue(message.startsWith(index.toString()) && message.contains(wanted), message);
    }

    private Path index(String map) {
        return RawFile.text(folder.resolve("model.safetensors.index.json"), "{\"metadata\":{},\"weight_map\":" + map + "}");
    }

    private static Tensor tensor(float value) {
        return Tensor.of("x", Shape.unnamed(1), value);
    }
}
