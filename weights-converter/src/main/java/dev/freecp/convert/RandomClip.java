package dev.freecp.convert;

import dev.freecp.convert.family.Facts;
import dev.freecp.convert.family.Family;
import dev.freecp.convert.family.TextSizes;
import dev.freecp.convert.family.VisionSizes;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import dev.freecp.weights.LazyTensor;
import dev.freecp.weights.SafeTensorsWriter;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Seeded random checkpoints of the published sizes in Hugging Face layout: they say nothing about pictures, but cost what the real ones cost. Each
 * tensor's numbers follow from the seed and its name, so tensors are made one by one, in any order.
 */
public final class RandomClip {

    private static final int VOCABULARY = 49408;
    private static final int CONTEXT = 77;
    private static final int TEXT_LAYERS = 12;

    private static final Map<String, RandomClip> PUBLISHED = published();

    private final VisionSizes vision;
    private final TextSizes text;
    private final int embedding;
    private final int heads;
    private final int textHeads;

    /** A checkpoint of other sizes, for tests. */
    RandomClip(VisionSizes vision, int heads, TextSizes text, int textHeads, int embedding) {
        this.vision = vision;
        this.heads = heads;
        this.text = text;
        this.textHeads = textHeads;
        this.embedding = embedding;
    }

    /** The checkpoint called {@code name}, one of {@link #names}. */
    public static Optional<RandomClip> named(String name) {
        return Optional.ofNullable(PUBLISHED.get(name));
    }

    /** {@code ViT-B-16} and so on, as open_clip calls them. */
    public static List<String> names() {
        return List.copyOf(PUBLISHED.keySet());
    }

    /** A checkpoint with heads of the published size and hardly anything else of it, for runs that are to take no time. */
    public static RandomClip tiny() {
        return new RandomClip(new VisionSizes(128, 3, 512, 16, 4, 0), 2, new TextSizes(64, 1, 256, CONTEXT, VOCABULARY), 1, 64);
    }

    private static Map<String, RandomClip> published() {
        Map<String, RandomClip> published = new LinkedHashMap<>();
        published.put("ViT-B-16", base(16));
        published.put("ViT-B-32", base(32));
        published.put("ViT-L-14", large(224));
        published.put("ViT-L-14-336", large(336));
        return published;
    }

    private static RandomClip base(int patch) {
        return new RandomClip(new VisionSizes(768, 12, 3072, patch, 224 / patch, 0), 12, new TextSizes(512, TEXT_LAYERS, 2048, CONTEXT, VOCABULARY), 8, 512);
    }

    private static RandomClip large(int image) {
        return new RandomClip(new VisionSizes(1024, 24, 4096, 14, image / 14, 0), 16, new TextSizes(768, TEXT_LAYERS, 3072, CONTEXT, VOCABULARY), 12, 768);
    }

    /**
     * Writes the checkpoint into {@code folder}, which is created; about 600 MB for ViT-B-16 and 1.7 GB for ViT-L-14, in the memory of the largest
     * tensor.
     */
    public void write(Path folder, long seed) throws IOException {
        write(folder, seed, Progress.silent());
    }

    void write(Path folder, long seed, Progress progress) throws IOException {
        Files.createDirectories(folder);
        Weights weights = new Weights(seed, new LinkedHashMap<>());
        addVision(weights);
        addText(weights);
        Map<String, String> metadata = Map.of("format", "pt", "freecp.mapping", "random numbers of seed " + seed);
        SafeTensorsWriter.stream(folder.resolve("model.safetensors"), progress.watch(weights.tensors), metadata);
        new ModelFiles(Family.HUGGING_FACE, vision, text, embedding, true, Facts.ofOpenAi(heads, textHeads, vision.imageSize())).write(folder);
        ClipVocabulary.synthetic().write(folder, text.context());
    }

    private void addVision(Weights w) {
        String at = "vision_model.";
        int width = vision.width(), patch = vision.patch();
        w.uniform(at + "embeddings.class_embedding", 0.03, width);
        w.uniform(at + "embeddings.patch_embedding.weight", 0.02, width, 3, patch, patch);
        w.uniform(at + "embeddings.position_embedding.weight", 0.03, 1 + vision.grid() * vision.grid(), width);
        w.norm(at + "pre_layrnorm", width);
        for (int i = 0; i < vision.layers(); i++) block(w, at + "encoder.layers." + i, width, vision.mlpWidth());
        w.norm(at + "post_layernorm", width);
        w.uniform("visual_projection.weight", 0.03, embedding, width);
        w.constant("logit_scale", (float) Math.log(100));
    }

    private void addText(Weights w) {
        String at = "text_model.";
        w.uniform(at + "embeddings.token_embedding.weight", 0.02, text.vocabulary(), text.width());
        w.uniform(at + "embeddings.position_embedding.weight", 0.01, text.context(), text.width());
        for (int i = 0; i < text.layers(); i++) block(w, at + "encoder.layers." + i, text.width(), text.mlpWidth());
        w.norm(at + "final_layer_norm", text.width());
        w.uniform("text_projection.weight", 0.04, embedding, text.width());
    }

    private static void block(Weights w, String at, int width, int mlpWidth) {
        for (String part : List.of("q_proj", "k_proj", "v_proj", "out_proj")) w.linear(at + ".self_attn." + part, width, width);
        w.linear(at + ".mlp.fc1", mlpWidth, width);
        w.linear(at + ".mlp.fc2", width, mlpWidth);
        w.norm(at + ".layer_norm1", width);
        w.norm(at + ".layer_norm2", width);
    }

    private record Weights(long seed, Map<String, LazyTensor> tensors) {

        void linear(String name, int out, int in) {
            uniform(name + ".weight", 0.7 / Math.sqrt(in), out, in);
            uniform(name + ".bias", 0.01, out);
        }

        void norm(String name, int width) {
            put(name + ".weight", 1, 0.1, width);
            put(name + ".bias", 0, 0.05, width);
        }

        void constant(String name, float value) {
            put(name, value, 0);
        }

        void uniform(String name, double deviation, int... sizes) {
            put(name, 0, deviation, sizes);
        }

        private void put(String name, float mean, double deviation, int... sizes) {
            Shape shape = Shape.unnamed(sizes);
            tensors.put(name, new LazyTensor(DType.F32, shape, arena -> make(arena, name, shape, mean, deviation)));
        }

        /** Uniform of the given mean and deviation: as good as Gaussian for timing, and far cheaper for a thousand million numbers. */
        private Tensor make(Arena arena, String name, Shape shape, float mean, double deviation) {
            Tensor tensor = Tensor.allocate(arena, name, shape, DType.F32, shape.cols());
            SplittableRandom random = new SplittableRandom(seed ^ (long) name.hashCode() << 32);
            float span = (float) (deviation * Math.sqrt(12));
            for (int row = 0; row < shape.rows(); row++)
                for (int c = 0; c < shape.cols(); c++) tensor.set(row, c, mean + span * (random.nextInt() >>> 8) * 0x1p-24f - span / 2);
            return tensor;
        }
    }
}
