package dev.freecp.clip;

import dev.freecp.error.InputException;
import dev.freecp.ops.Activation;
import dev.freecp.ops.Normalization;
import dev.freecp.weights.Checkpoint;
import dev.freecp.weights.JsonObject;
import java.util.Locale;

/**
 * What a checkpoint's {@code config.json} and {@code preprocessor_config.json} say. Keys that a file leaves out have the values that transformers gives
 * them (ViT-B/32), because newer versions of it write only what differs.
 */
public record ClipConfig(VisionConfig vision, TextConfig text, Normalization normalization) {

    private static final double[] OPENAI_MEAN = {0.48145466, 0.4578275, 0.40821073};
    private static final double[] OPENAI_STD = {0.26862954, 0.26130258, 0.27577711};
    /** OpenAI's constants times 255 as the released program rounds them; the difference shows in its numbers (specification, section 1). */
    private static final Normalization OPENAI_ROUNDED = new Normalization(122.771f, 116.746f, 104.094f, 68.501f, 66.632f, 70.323f);
    private static final double SAME = 1e-4;

    /** @throws InputException if the folder is not a CLIP model, a key is of the wrong type, or a size is impossible */
    public static ClipConfig read(Checkpoint checkpoint) {
        JsonObject config = checkpoint.config();
        String family = config.string("model_type", "clip");
        if (!family.equals("clip")) throw config.refusal("model_type", "be 'clip', not '" + family + "': other model families are not supported");
        JsonObject vision = config.object("vision_config"), text = config.object("text_config");
        int embedding = positive(config, "projection_dim", 512);
        VisionConfig v = new VisionConfig(positive(vision, "hidden_size", 768), positive(vision, "num_attention_heads", 12), positive(vision, "num_hidden_layers", 12),
            positive(vision, "intermediate_size", 3072), positive(vision, "patch_size", 32), positive(vision, "image_size", 224), embedding,
            activation(vision), (float) vision.number("layer_norm_eps", 1e-5));
        TextConfig t = new TextConfig(positive(text, "hidden_size", 512), positive(text, "num_attention_heads", 8), positive(text, "num_hidden_layers", 12),
            positive(text, "intermediate_size", 2048), positive(text, "max_position_embeddings", 77), positive(text, "vocab_size", 49408), embedding,
            activation(text), (float) text.number("layer_norm_eps", 1e-5));
        if (vision.integer("num_channels", 3) != 3) throw vision.refusal("num_channels", "be 3");
        if (v.width() % v.heads() != 0) throw vision.refusal("num_attention_heads", "divide hidden_size " + v.width());
        if (t.width() % t.heads() != 0) throw text.refusal("num_attention_heads", "divide hidden_size " + t.width());
        if (v.imageSize() < v.patch()) throw vision.refusal("image_size", "be at least patch_size " + v.patch());
        if (v.layers() < 2) throw vision.refusal("num_hidden_layers", "be at least 2: the affinity comes from the blocks before the last");
        return new ClipConfig(v, t, normalization(checkpoint.preprocessor()));
    }

    private static int positive(JsonObject object, String key, int fallback) {
        int value = object.integer(key, fallback);
        if (value < 1) throw object.refusal(key, "be at least 1, not " + value);
        return value;
    }

    private static Activation activation(JsonObject tower) {
        String name = tower.string("hidden_act", "quick_gelu");
        return switch (name) {
            case "quick_gelu" -> Activation.QUICK_GELU;
            case "gelu" -> Activation.GELU;
            default -> throw tower.refusal("hidden_act", "be quick_gelu or gelu, not '" + name + "'");
        };
    }

    private static Normalization normalization(JsonObject settings) {
        double[] mean = settings.has("image_mean") ? settings.numbers("image_mean") : OPENAI_MEAN;
        double[] std = settings.has("image_std") ? settings.numbers("image_std") : OPENAI_STD;
        if (mean.length != 3) throw settings.refusal("image_mean", "have three numbers");
        if (std.length != 3 || std[0] <= 0 || std[1] <= 0 || std[2] <= 0) throw settings.refusal("image_std", "have three numbers above 0");
        if (same(mean, OPENAI_MEAN) && same(std, OPENAI_STD)) return OPENAI_ROUNDED;
        return new Normalization((float) (255 * mean[0]), (float) (255 * mean[1]), (float) (255 * mean[2]), (float) (255 * std[0]), (float) (255 * std[1]), (float) (255 * std[2]));
    }

    private static boolean same(double[] a, double[] b) {
        for (int i = 0; i < a.length; i++) if (Math.abs(a[i] - b[i]) > SAME) return false;
        return true;
    }

    /** One line: {@code ViT-B/16 of 224 px: 12 blocks, 768 wide, 12 heads, quick_gelu, eps 1e-05; text ...; mean ..., std ...}. */
    public String describe() {
        Normalization z = normalization;
        return "ViT /%d of %d px: %d blocks, %d wide, %d heads, %s, eps %.0e; text %d blocks, %d wide, %d heads, %d tokens; embedding %d; mean %.3f %.3f %.3f, std %.3f %.3f %.3f"
            .formatted(vision.patch(), vision.imageSize(), vision.layers(), vision.width(), vision.heads(), vision.activation().name().toLowerCase(Locale.ROOT), vision.eps(),
                text.layers(), text.width(), text.heads(), text.context(), vision.embedding(), z.meanR(), z.meanG(), z.meanB(), z.stdR(), z.stdG(), z.stdB());
    }
}
