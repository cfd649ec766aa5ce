package dev.freecp.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.freecp.Golden;
import dev.freecp.error.DeviceException;
import dev.freecp.image.Picture;
import dev.freecp.ops.MemoryPool;
import dev.freecp.ops.Precision;
import dev.freecp.ops.Workspace;
import dev.freecp.segment.Background;
import dev.freecp.segment.Segmentation;
import dev.freecp.segment.SegmentSettings;
import dev.freecp.segment.Segmenter;
import dev.freecp.segment.Vocabulary;
import dev.freecp.segment.WordFeatures;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a published model takes of a card, counted on the emulator without running a kernel. */
class CudaMemoryTest {

    private static final long GIGABYTE = 1_000_000_000;

    /** Sizes of the shapes model and of ViT-B/16 with OpenAI's text tower, in the order in which names decide between them. */
    private static final Map<Integer, Integer> VISION = Map.of(128, 768, 512, 3072, 8, 16), TEXT = Map.of(96, 512, 384, 2048, 996, 49408, 32, 77);

    @Test
    void sixWindowsOfViTB16With171WordsStayBelowAGigabyte(@TempDir Path model) throws IOException {
        Gpu.assumeAvailable();
        assumeFalse(Gpu.isReal(), "only the emulator can count without computing");
        writeVitB16(model);
        CudaOps ops = (CudaOps) Gpu.open(Precision.FP16, true, 1);
        Emulator.idle(true);
        try (Segmenter segmenter = Segmenter.open(model, ops)) {
            String words = String.join("; ", IntStream.range(0, 171).mapToObj(i -> "word" + i).toList());
            WordFeatures features = segmenter.words(Vocabulary.parse(words, Background.parse("none")));
            Segmentation result = segmenter.segment(Picture.of("photo", 375, 500, new byte[375 * 500 * 3]), features, SegmentSettings.defaults());
            CudaOps.MemoryUse use = ops.memoryUse();
            System.out.println("ViT-B/16, fp16, " + result.windows().size() + " windows, 171 words: " + use);
            assertEquals(6, result.windows().size());
            assertTrue(use.weights() + use.workspace() < GIGABYTE, use::toString);
            assertTrue(use.weights() > 300_000_000, "150 million weights of two bytes are missing: " + use);
        } finally {
            Emulator.idle(false);
        }
    }

    @Test
    void aWorkspaceLeftOpenIsReportedWithThePlace() {
        try (Card card = Card.open(1); MemoryPool pool = new MemoryPool(new DeviceHeap(card.device()), DType.F32, true)) {
            Workspace forgotten = pool.workspace();
            forgotten.tensor("t", Shape.of("row col", 3, 70));
            assertEquals(1, pool.leaks().size());
            assertTrue(pool.leaks().getFirst().contains("CudaMemoryTest.aWorkspaceLeftOpenIsReportedWithThePlace"), pool.leaks().getFirst());
            forgotten.close();
            assertEquals(List.of(), pool.leaks());
        }
    }

    @Test
    void aCardThatIsTooSmallSaysWhatWouldFit() {
        try (Card card = Card.open(2); MemoryPool pool = new MemoryPool(new DeviceHeap(card.device()), DType.F32, false); Workspace workspace = pool.workspace();
             PermanentMemory weights = new PermanentMemory(new DeviceHeap(card.device()))) {
            Shape tooLarge = Shape.of("row col", 1 << 20, 1 << 18);
            String batch = assertThrows(DeviceException.class, () -> workspace.tensor("batch", tooLarge)).getMessage();
            assertTrue(batch.matches("cuda:0 has [\\d,]+ MiB free of [\\d,]+, and 1,048,577 MiB more are needed for a batch of windows; --memory \\d+M fits, .*"), batch);
            String model = assertThrows(DeviceException.class, () -> weights.tensor("w", tooLarge, DType.F32)).getMessage();
            assertTrue(model.contains("for the model's weights; take --precision fp16"), model);
        }
    }

    /** A checkpoint of the published sizes whose numbers are a hole in the file: zeros. Names and tokenizer are the shapes model's. */
    private static void writeVitB16(Path folder) throws IOException {
        Path shapes = Golden.path("shapes/model");
        for (String file : List.of("vocab.json", "merges.txt", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "preprocessor_config.json"))
            Files.copy(shapes.resolve(file), folder.resolve(file));
        Map<String, Object> config = JSON.std.mapFrom(Files.readString(shapes.resolve("config.json")));
        config.put("projection_dim", 512);
        size(config, "vision_config", Map.of("hidden_size", 768, "intermediate_size", 3072, "num_hidden_layers", 12, "num_attention_heads", 12, "image_size", 224, "patch_size", 16, "projection_dim", 512));
        size(config, "text_config", Map.of("hidden_size", 512, "intermediate_size", 2048, "num_hidden_layers", 12, "num_attention_heads", 8, "max_position_embeddings", 77, "vocab_size", 49408, "projection_dim", 512));
        Files.writeString(folder.resolve("config.json"), JSON.std.asString(config));

        Map<String, Object> header = new LinkedHashMap<>();
        long end = 0;
        for (Map.Entry<String, List<Integer>> tensor : tensors(shapes.resolve("model.safetensors")).entrySet()) {
            long bytes = 2;
            for (int size : tensor.getValue()) bytes *= size;
            header.put(tensor.getKey(), Map.of("dtype", "F16", "shape", tensor.getValue(), "data_offsets", List.of(end, end += bytes)));
        }
        byte[] text = JSON.std.asString(header).getBytes(StandardCharsets.UTF_8);
        try (RandomAccessFile file = new RandomAccessFile(folder.resolve("model.safetensors").toFile(), "rw")) {
            file.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(text.length).array());
            file.write(text);
            file.setLength(8 + text.length + end);
        }
    }

    @SuppressWarnings("unchecked")
    private static void size(Map<String, Object> config, String part, Map<String, Integer> sizes) {
        ((Map<String, Object>) config.get(part)).putAll(sizes);
    }

    /** Names and shapes of ViT-B/16, from those of the shapes model. */
    @SuppressWarnings("unchecked")
    private static Map<String, List<Integer>> tensors(Path shapesWeights) throws IOException {
        Map<String, List<Integer>> tensors = new LinkedHashMap<>();
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(shapesWeights)).order(ByteOrder.LITTLE_ENDIAN);
        byte[] header = new byte[Math.toIntExact(file.getLong())];
        file.get(header);
        for (Map.Entry<String, Object> entry : JSON.std.mapFrom(header).entrySet()) {
            String name = entry.getKey();
            if (name.equals("__metadata__") || name.contains(".layers.") && !name.contains(".layers.0.")) continue;
            boolean vision = name.startsWith("vis");
            List<Integer> shape = new ArrayList<>();
            for (Integer size : (List<Integer>) ((Map<String, Object>) entry.getValue()).get("shape")) shape.add((vision ? VISION : TEXT).getOrDefault(size, size));
            if (name.endsWith("projection.weight")) shape.set(0, 512);                      // the embedding, which has the text tower's width in both
            for (int layer = 0; layer < (name.contains(".layers.0.") ? 12 : 1); layer++) tensors.put(name.replace(".layers.0.", ".layers." + layer + "."), shape);
        }
        return tensors;
    }
}
