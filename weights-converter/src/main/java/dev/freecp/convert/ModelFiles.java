package dev.freecp.convert;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.freecp.convert.family.Facts;
import dev.freecp.convert.family.Family;
import dev.freecp.convert.family.TextSizes;
import dev.freecp.convert.family.VisionSizes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The files of a Hugging Face folder that say what a model's tensors are: {@code config.json} and {@code preprocessor_config.json}. A tower that is
 * not there is left out; transformers loads the other one from such a file.
 */
record ModelFiles(Family family, VisionSizes vision, TextSizes text, int embedding, boolean projected, Facts facts) {

    private static final int BICUBIC = 3;

    void write(Path folder) throws IOException {
        JSON json = JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT);
        json.write(family.level() == Family.Level.CLIP ? clip() : dino(), folder.resolve("config.json").toFile());
        if (vision != null) json.write(preprocessor(), folder.resolve("preprocessor_config.json").toFile());
    }

    private Map<String, Object> clip() {
        Map<String, Object> config = new LinkedHashMap<>();
        String architecture = vision == null ? "CLIPTextModel" : text == null ? "CLIPVisionModel" : "CLIPModel";
        config.put("architectures", List.of(architecture + (projected && (vision == null || text == null) ? "WithProjection" : "")));
        config.put("model_type", "clip");
        if (projected) config.put("projection_dim", embedding);
        if (vision != null) config.put("vision_config", visionConfig());
        if (text != null) config.put("text_config", textConfig());
        return config;
    }

    private Map<String, Object> visionConfig() {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("model_type", "clip_vision_model");
        putVision(config);
        if (projected) config.put("projection_dim", embedding);
        return config;
    }

    private void putVision(Map<String, Object> config) {
        config.put("hidden_size", vision.width());
        config.put("intermediate_size", vision.mlpWidth());
        config.put("num_attention_heads", facts.heads().value());
        config.put("num_hidden_layers", vision.layers());
        config.put("patch_size", vision.patch());
        config.put("image_size", facts.imageSize().value());
        config.put("num_channels", 3);
        config.put("hidden_act", facts.activation().value());
        config.put("layer_norm_eps", facts.eps().value());
    }

    private Map<String, Object> textConfig() {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("model_type", "clip_text_model");
        config.put("hidden_size", text.width());
        config.put("intermediate_size", text.mlpWidth());
        config.put("num_attention_heads", facts.textHeads().value());
        config.put("num_hidden_layers", text.layers());
        config.put("vocab_size", text.vocabulary());
        config.put("max_position_embeddings", text.context());
        config.put("hidden_act", facts.textActivation().value());
        config.put("layer_norm_eps", facts.textEps().value());
        // CLIP's vocabularies end with start and end of text; transformers takes a text's feature at the latter.
        config.put("bos_token_id", Math.max(0, text.vocabulary() - 2));
        config.put("eos_token_id", text.vocabulary() - 1);
        if (projected) config.put("projection_dim", embedding);
        return config;
    }

    private Map<String, Object> dino() {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("model_type", family == Family.DINO ? "dino" : "dinov2");
        putVision(config);
        config.put("num_register_tokens", vision.registers());
        return config;
    }

    private Map<String, Object> preprocessor() {
        int side = facts.imageSize().value();
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("image_processor_type", "CLIPImageProcessor");
        config.put("do_convert_rgb", true);
        config.put("do_resize", true);
        config.put("size", Map.of("shortest_edge", side));
        config.put("resample", BICUBIC);
        config.put("do_center_crop", true);
        Map<String, Object> crop = new LinkedHashMap<>();
        crop.put("height", side);
        crop.put("width", side);
        config.put("crop_size", crop);
        config.put("do_rescale", true);
        config.put("rescale_factor", 1.0 / 255);
        config.put("do_normalize", true);
        config.put("image_mean", facts.mean().value());
        config.put("image_std", facts.std().value());
        return config;
    }
}
