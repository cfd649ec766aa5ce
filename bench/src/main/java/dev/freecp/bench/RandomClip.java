package dev.freecp.bench;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import dev.freecp.weights.SafeTensorsWriter;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Seeded random checkpoints of the published sizes in Hugging Face layout: they say nothing about pictures, but cost what the real ones cost. The tokenizer has
 * the 512 byte symbols and no merges, so words are spelt letter by letter.
 */
public enum RandomClip {
    B16(768, 12, 12, 16, 512, 512, 8),
    L14(1024, 16, 24, 14, 768, 768, 12);

    private static final int VOCABULARY = 49408;
    private static final int TEXT_LAYERS = 12;
    private static final int CONTEXT = 77;
    private static final int IMAGE = 224;

    private final int width;
    private final int heads;
    private final int layers;
    private final int patch;
    private final int embedding;
    private final int textWidth;
    private final int textHeads;

    RandomClip(int width, int heads, int layers, int patch, int embedding, int textWidth, int textHeads) {
        this.width = width;
        this.heads = heads;
        this.layers = layers;
        this.patch = patch;
        this.embedding = embedding;
        this.textWidth = textWidth;
        this.textHeads = textHeads;
    }

    /** Writes the checkpoint into {@code folder}, which is created; about 600 MB for B16 and 1.7 GB for L14. */
    public void write(Path folder, long seed) throws IOException {
        Files.createDirectories(folder);
        try (Arena arena = Arena.ofShared()) {
            Weights weights = new Weights(arena, new SplittableRandom(seed));
            vision(weights);
            text(weights);
            SafeTensorsWriter.write(folder.resolve("model.safetensors"), weights.tensors, Map.of("format", "pt"));
        }
        JSON json = JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT);
        json.write(config(), folder.resolve("config.json").toFile());
        json.write(vocabulary(), folder.resolve("vocab.json").toFile());
        Files.writeString(folder.resolve("merges.txt"), "#version: 0.2\n");
    }

    private void vision(Weights w) {
        int grid = IMAGE / patch;
        String at = "vision_model.";
        w.normal(at + "embeddings.class_embedding", 0.03, width);
        w.normal(at + "embeddings.patch_embedding.weight", 0.02, width, 3, patch, patch);
        w.normal(at + "embeddings.position_embedding.weight", 0.03, 1 + grid * grid, width);
        w.norm(at + "pre_layrnorm", width);
        for (int i = 0; i < layers; i++) block(w, at + "encoder.layers." + i, width);
        w.norm(at + "post_layernorm", width);
        w.normal("visual_projection.weight", 0.03, embedding, width);
        w.constant("logit_scale", (float) Math.log(100));
    }

    private void text(Weights w) {
        String at = "text_model.";
        w.normal(at + "embeddings.token_embedding.weight", 0.02, VOCABULARY, textWidth);
        w.normal(at + "embeddings.position_embedding.weight", 0.01, CONTEXT, textWidth);
        for (int i = 0; i < TEXT_LAYERS; i++) block(w, at + "encoder.layers." + i, textWidth);
        w.norm(at + "final_layer_norm", textWidth);
        w.normal("text_projection.weight", 0.04, embedding, textWidth);
    }

    private static void block(Weights w, String at, int width) {
        for (String part : List.of("q_proj", "k_proj", "v_proj", "out_proj")) w.linear(at + ".self_attn." + part, width, width);
        w.linear(at + ".mlp.fc1", 4 * width, width);
        w.linear(at + ".mlp.fc2", width, 4 * width);
        w.norm(at + ".layer_norm1", width);
        w.norm(at + ".layer_norm2", width);
    }

    private Map<String, Object> config() {
        Map<String, Object> vision = new LinkedHashMap<>(), text = new LinkedHashMap<>();
        vision.put("hidden_size", width);
        vision.put("intermediate_size", 4 * width);
        vision.put("num_attention_heads", heads);
        vision.put("num_hidden_layers", layers);
        vision.put("patch_size", patch);
        vision.put("image_size", IMAGE);
        text.put("hidden_size", textWidth);
        text.put("intermediate_size", 4 * textWidth);
        text.put("num_attention_heads", textHeads);
        text.put("num_hidden_layers", TEXT_LAYERS);
        text.put("vocab_size", VOCABULARY);
        text.put("max_position_embeddings", CONTEXT);
        return Map.of("model_type", "clip", "projection_dim", embedding, "vision_config", vision, "text_config", text);
    }

    /** CLIP's order: 188 printable bytes, the 68 others under stand-ins from U+0100 on, all again with the end-of-word mark, unused ids, start, end. */
    private static Map<String, Integer> vocabulary() {
        Map<String, Integer> ids = new LinkedHashMap<>();
        for (String end : List.of("", "</w>")) {
            for (int c = '!'; c <= 0xff; c++) if (c <= '~' || c >= 0xa1 && c != 0xad) ids.put((char) c + end, ids.size());
            for (int c = 0x100; c < 0x100 + 68; c++) ids.put((char) c + end, ids.size());
        }
        ids.put("<|startoftext|>", VOCABULARY - 2);
        ids.put("<|endoftext|>", VOCABULARY - 1);
        return ids;
    }

    private record Weights(Arena arena, SplittableRandom random, Map<String, Tensor> tensors) {

        Weights(Arena arena, SplittableRandom random) {
            this(arena, random, new LinkedHashMap<>());
        }

        void linear(String name, int out, int in) {
            normal(name + ".weight", 0.7 / Math.sqrt(in), out, in);
            normal(name + ".bias", 0.01, out);
        }

        void norm(String name, int width) {
            put(name + ".weight", 1, 0.1, width);
            put(name + ".bias", 0, 0.05, width);
        }

        void normal(String name, double deviation, int... sizes) {
            put(name, 0, deviation, sizes);
        }

        void constant(String name, float value) {
            put(name, value, 0);
        }

        /** Uniform of the given mean and deviation: as good as Gaussian for timing, and far cheaper for a thousand million numbers. */
        private void put(String name, float mean, double deviation, int... sizes) {
            Shape shape = Shape.unnamed(sizes);
            Tensor tensor = Tensor.allocate(arena, name, shape, DType.F32, shape.cols());
            float span = (float) (deviation * Math.sqrt(12));
            for (int row = 0; row < shape.rows(); row++)
                for (int c = 0; c < shape.cols(); c++) tensor.set(row, c, mean + span * (random.nextInt() >>> 8) * 0x1p-24f - span / 2);
            tensors.put(name, tensor);
        }
    }
}
