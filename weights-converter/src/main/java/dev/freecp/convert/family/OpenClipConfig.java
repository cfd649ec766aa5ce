package dev.freecp.convert.family;

import java.nio.file.Path;
import java.util.List;

/** {@code open_clip_config.json}. What it asks for beyond OpenAI's architecture is refused: it would compute something else with the same tensors. */
final class OpenClipConfig {

    private static final int HEAD_WIDTH = 64;
    private static final int TEXT_HEADS = 8;

    private OpenClipConfig() {
    }

    static Facts read(Path folder, Model model) {
        return ConfigFile.open(folder, "open_clip_config.json").map(config -> facts(config, model)).orElse(Facts.NONE);
    }

    private static Facts facts(ConfigFile file, Model model) {
        ConfigFile config = file.object("model_cfg"), vision = config.object("vision_cfg"), text = config.object("text_cfg");
        requirePlain(vision, text);
        config.requireSize("embed_dim", model.embedding());
        Facts facts = vision(vision, model.vision()).or(text(text, model.text()));
        boolean quick = config.ask(object -> object.flag("quick_gelu", false));
        Fact<String> activation = Fact.known(quick ? "quick_gelu" : "gelu", config.has("quick_gelu") ? file.name() : "open_clip's default for what " + file.name() + " leaves out");
        return facts.or(new Facts(null, null, activation, activation, null, null, null, null, null)).or(pictures(file));
    }

    private static Facts vision(ConfigFile config, VisionSizes v) {
        config.requireSize("width", v.width());
        config.requireSize("patch_size", v.patch());
        config.requireLayers("layers", v.layers());
        int headWidth = config.has("head_width") ? config.positive("head_width") : HEAD_WIDTH;
        if (v.width() % headWidth != 0) throw config.malformed("head_width " + headWidth + " does not divide the width " + v.width());
        Fact<Integer> image = null;
        if (config.has("image_size")) {
            image = Fact.known(side(config), config.name());
            config.requireImage(image.value(), v);
        }
        return new Facts(Fact.known(v.width() / headWidth, config.name()), null, null, null, eps(config), null, null, null, image);
    }

    private static Facts text(ConfigFile config, TextSizes t) {
        config.requireSize("width", t.width());
        config.requireSize("vocab_size", t.vocabulary());
        config.requireSize("context_length", t.context());
        config.requireLayers("layers", t.layers());
        int heads = config.ask(object -> object.integer("heads", TEXT_HEADS));
        return new Facts(null, Fact.known(config.heads(heads, t.width()), config.name()), null, null, null, eps(config), null, null, null);
    }

    private static Facts pictures(ConfigFile file) {
        if (!file.has("preprocess_cfg")) return Facts.NONE;
        ConfigFile settings = file.object("preprocess_cfg");
        return Facts.normalization(settings.has("mean") ? Fact.known(settings.colors("mean", false), file.name()) : null,
            settings.has("std") ? Fact.known(settings.colors("std", true), file.name()) : null);
    }

    private static Fact<Double> eps(ConfigFile config) {
        if (!config.has("norm_kwargs")) return null;
        ConfigFile norm = config.object("norm_kwargs");
        return norm.has("eps") ? Fact.known(norm.eps("eps"), config.name()) : null;
    }

    /** A number, or a height and a width that are the same. */
    private static int side(ConfigFile config) {
        Object size = config.ask(object -> object.get("image_size"));
        if (!(size instanceof List<?> sides)) return config.positive("image_size");
        if (sides.size() != 2 || !(sides.getFirst() instanceof Long side) || side < 1 || side > Short.MAX_VALUE) throw config.malformed("image_size must be one or two whole numbers");
        if (!sides.get(1).equals(side)) throw config.unsupported("image_size " + sides + " is not square");
        return side.intValue();
    }

    private static void requirePlain(ConfigFile vision, ConfigFile text) {
        for (String key : List.of("timm_model_name", "attentional_pool", "no_ln_pre", "final_ln_after_pool")) refuse(vision, key);
        for (String key : List.of("hf_model_name", "no_causal_mask", "embed_cls", "proj_bias")) refuse(text, key);
        requirePool(vision, "tok");
        requirePool(text, "argmax");
    }

    private static void refuse(ConfigFile config, String key) {
        if (config.has(key) && !Boolean.FALSE.equals(config.ask(object -> object.get(key)))) throw config.unsupported("asks for " + key + ", which CLIP's towers have not");
    }

    private static void requirePool(ConfigFile config, String only) {
        String pool = config.ask(object -> object.string("pool_type", only));
        if (!pool.equals(only)) throw config.unsupported("asks for pool_type " + pool + ", only " + only + " can be run");
    }
}
