package dev.freecp.convert.family;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** {@code config.json} and {@code preprocessor_config.json} of transformers. Keys left out have the values that transformers gives them. */
final class HuggingFaceConfig {

    private static final Set<String> TYPES = Set.of("clip", "clip_text_model", "clip_vision_model");
    private static final int VISION_HEADS = 12;
    private static final int TEXT_HEADS = 8;

    private HuggingFaceConfig() {
    }

    static Facts read(Path folder, Model model) {
        Facts facts = ConfigFile.open(folder, "config.json").map(config -> facts(config, model)).orElse(Facts.NONE);
        Optional<ConfigFile> pictures = ConfigFile.open(folder, "preprocessor_config.json");
        return facts.or(pictures.map(settings -> Facts.normalization(settings.has("image_mean") ? Fact.known(settings.colors("image_mean", false), settings.name()) : null,
            settings.has("image_std") ? Fact.known(settings.colors("image_std", true), settings.name()) : null)).orElse(Facts.NONE));
    }

    private static Facts facts(ConfigFile config, Model model) {
        String type = config.ask(object -> object.string("model_type", "clip"));
        if (!TYPES.contains(type)) throw config.unsupported("model_type is '" + type + "', wanted clip");
        boolean nested = type.equals("clip");
        Facts facts = Facts.NONE;
        if (model.vision() != null) facts = vision(nested ? config.object("vision_config") : config, model);
        if (model.text() != null) facts = facts.or(text(nested ? config.object("text_config") : config, model));
        if (nested && model.vision() != null && model.text() != null) config.requireSize("projection_dim", model.embedding());
        return facts;
    }

    private static Facts vision(ConfigFile config, Model model) {
        VisionSizes v = model.vision();
        config.requireSize("hidden_size", v.width());
        config.requireSize("intermediate_size", v.mlpWidth());
        config.requireSize("patch_size", v.patch());
        config.requireSize("num_channels", 3);
        config.requireLayers("num_hidden_layers", v.layers());
        Fact<Integer> image = null;
        if (config.has("image_size")) {
            image = Fact.known(config.positive("image_size"), config.name());
            config.requireImage(image.value(), v);
        }
        return new Facts(heads(config, v.width(), VISION_HEADS), null, activation(config), null, eps(config), null, null, null, image);
    }

    private static Facts text(ConfigFile config, Model model) {
        TextSizes t = model.text();
        config.requireSize("hidden_size", t.width());
        config.requireSize("intermediate_size", t.mlpWidth());
        config.requireSize("vocab_size", t.vocabulary());
        config.requireSize("max_position_embeddings", t.context());
        config.requireLayers("num_hidden_layers", t.layers());
        return new Facts(null, heads(config, t.width(), TEXT_HEADS), null, activation(config), null, eps(config), null, null, null);
    }

    private static Fact<Integer> heads(ConfigFile config, int width, int fallback) {
        int heads = config.ask(object -> object.integer("num_attention_heads", fallback));
        return Fact.known(config.heads(heads, width), origin(config, "num_attention_heads"));
    }

    private static Fact<String> activation(ConfigFile config) {
        String name = config.ask(object -> object.string("hidden_act", "quick_gelu"));
        return Fact.known(config.activation(name), origin(config, "hidden_act"));
    }

    private static Fact<Double> eps(ConfigFile config) {
        return config.has("layer_norm_eps") ? Fact.known(config.eps("layer_norm_eps"), config.name()) : null;
    }

    private static String origin(ConfigFile config, String key) {
        return config.has(key) ? config.name() : "transformers' default for what " + config.name() + " leaves out";
    }
}
