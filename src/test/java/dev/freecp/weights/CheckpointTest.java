package dev.freecp.weights;

import dev.freecp.error.InputException;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class CheckpointTest {

    @TempDir
    Path folder;

    @Test
    void opensTheShapesModel() {
        try (Checkpoint checkpoint = Checkpoint.open(RawFile.testData("shapes/model"))) {
            assertEquals(112, checkpoint.config().object("vision_config").integer("image_size"));
            assertEquals(3, checkpoint.preprocessor().numbers("image_mean").length);
            assertEquals(158, checkpoint.weights().names().size());
            assertEquals("cda32e70", checkpoint.weights().sha256().substring(0, 8));
            assertEquals(996, checkpoint.vocabulary().size());
            assertEquals(995, checkpoint.vocabulary().get("<|endoftext|>"));
            assertEquals(482, checkpoint.merges().size());
            assertEquals("n d</w>", checkpoint.merges().getFirst());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"shapes/model", "golden/models/b16", "golden/models/l14"})
    void tokenizerJsonSaysTheSameAsTheTextFiles(String model) throws IOException {
        writeModel();
        Files.copy(RawFile.testData(model).resolve("tokenizer.json"), folder.resolve("tokenizer.json"));
        try (Checkpoint text = Checkpoint.open(RawFile.testData(model)); Checkpoint json = Checkpoint.open(folder)) {
            assertEquals(text.vocabulary(), json.vocabulary());
            assertEquals(text.merges(), json.merges());
        }
    }

    @Test
    void opensTheWeightsNamedInPlaceOfTheFolder() {
        writeModel();
        Path other = folder.resolve("model.other.safetensors");
        SafeTensorsWriter.write(other, Map.of("y", Tensor.of("y", Shape.unnamed(1), 1)), Map.of());
        try (Checkpoint checkpoint = Checkpoint.open(other)) {
            assertTrue(checkpoint.weights().has("y"));
            assertEquals(folder, checkpoint.folder());
        }
    }

    @Test
    void opensShards() throws IOException {
        writeModel();
        Files.move(folder.resolve("model.safetensors"), folder.resolve("model-00001-of-00001.safetensors"));
        RawFile.text(folder.resolve("model.safetensors.index.json"), "{\"weight_map\":{\"x\":\"model-00001-of-00001.safetensors\"}}");
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            assertTrue(checkpoint.weights().has("x"));
        }
    }

    @Test
    void imageSettingsMayBeAbsentWordsOnlyUntilTheyAreWanted() {
        writeModel();
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            assertTrue(checkpoint.preprocessor().isEmpty());
            assertTrue(assertThrows(InputException.class, checkpoint::vocabulary).getMessage().contains("no vocab.json with merges.txt, and no tokenizer.json"));
            assertThrows(InputException.class, checkpoint::merges);
        }
    }

    @Test
    void namesAllPartsThatAreMissing() {
        String message = assertThrows(InputException.class, () -> Checkpoint.open(folder)).getMessage();
        assertTrue(message.startsWith(folder + ": no config.json and no model.safetensors; a Hugging Face CLIP folder has"), message);
        assertTrue(assertThrows(InputException.class, () -> Checkpoint.open(folder.resolve("none"))).getMessage().contains("no such folder"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pytorch_model.bin", "pytorch_model.bin.index.json", "open_clip_model.safetensors"})
    void sendsOtherWeightsToTheConverter(String name) {
        RawFile.text(folder.resolve("config.json"), "{}");
        RawFile.text(folder.resolve(name), "");
        String message = assertThrows(InputException.class, () -> Checkpoint.open(folder)).getMessage();
        assertTrue(message.endsWith("no model.safetensors; it has " + name + ": convert it with `freecp weights convert`"), message);
    }

    @Test
    void mergesMayBePairsAndOnlyTheFirstLineIsAVersion() {
        writeModel();
        RawFile.text(folder.resolve("tokenizer.json"), "{\"model\":{\"vocab\":{\"b\":1,\"a\":0},\"merges\":[[\"a\",\"b\"],\"# version\"]}}");
        assertMerges(List.of("a b", "# version"));
        RawFile.text(folder.resolve("vocab.json"), "{\"a\":0}");
        RawFile.text(folder.resolve("merges.txt"), "#version: 0.2\r\nx y\r\n# #version\r\n\r\n");
        assertMerges(List.of("x y", "# #version"));
        RawFile.text(folder.resolve("merges.txt"), "x y\n");
        assertMerges(List.of("x y"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"a":0,"b":0}   | a b   | b must have an id of its own, not that of a, but is 0
        {"a":-1}        | a b   | a must be an id of at least 0, but is -1
        {"a":"0"}       | a b   | a must be a whole number
        {"a":0}         | a     | line 1 must be two tokens
        {"a":0}         | a b c | line 1 must be two tokens
        """)
    void refusesBrokenWords(String vocabulary, String merges, String wanted) {
        writeModel();
        RawFile.text(folder.resolve("vocab.json"), vocabulary);
        RawFile.text(folder.resolve("merges.txt"), merges);
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            String message = assertThrows(InputException.class, () -> {
                checkpoint.vocabulary();
                checkpoint.merges();
            }).getMessage();
            assertTrue(message.startsWith(folder.toString()) && message.contains(wanted), message);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "[]", "[\"a\"]", "[\"a\",\"b\",\"c\"]", "[1,2]", "null", "\"ab\"", "[\"a b\",\"c\"]"})
    void refusesBrokenMergesInTokenizerJson(String merge) {
        writeModel();
        RawFile.text(folder.resolve("tokenizer.json"), "{\"model\":{\"vocab\":{},\"merges\":[\"a b\"," + merge + "]}}");
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            assertTrue(assertThrows(InputException.class, checkpoint::merges).getMessage().contains("model.merges[1] must be two tokens"));
        }
    }

    private void writeModel() {
        RawFile.text(folder.resolve("config.json"), "{}");
        SafeTensorsWriter.write(folder.resolve("model.safetensors"), Map.of("x", Tensor.of("x", Shape.unnamed(1), 1)), Map.of());
    }

    private void assertMerges(List<String> expected) {
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            assertEquals(expected, checkpoint.merges());
        }
    }
}
