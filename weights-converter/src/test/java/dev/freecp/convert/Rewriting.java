package dev.freecp.convert;

import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import dev.freecp.weights.SafeTensors;
import dev.freecp.weights.SafeTensorsWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The canonical model under the names of others: written from their side, with none of the converter's code. */
enum Rewriting {
    OPENAI(""), OPEN_CLIP("text."), TIMM("");

    private final String textPrefix;

    Rewriting(String textPrefix) {
        this.textPrefix = textPrefix;
    }

    /** Whether the family has a place for a canonical tensor. */
    boolean keeps(String name) {
        return !name.endsWith("position_ids") && (this != TIMM || name.startsWith("vision_model.") || name.startsWith("visual_projection."));
    }

    /** Writes {@code model.safetensors} into {@code folder}. */
    void write(SafeTensors canonical, Path folder) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (String name : canonical.names()) if (keeps(name) && !name.contains(".self_attn.q_proj") && !name.contains(".self_attn.k_proj")) add(tensors, canonical, name);
        if (this == TIMM) tensors.put("head.bias", Tensor.of("bias", Shape.unnamed(canonical.shape("visual_projection.weight").dim(0)), new float[canonical.shape("visual_projection.weight").dim(0)]));
        SafeTensorsWriter.write(folder.resolve("model.safetensors"), tensors, Map.of());
    }

    private void add(Map<String, Tensor> tensors, SafeTensors canonical, String name) {
        Tensor tensor = canonical.tensor(name);
        if (name.contains(".self_attn.v_proj")) tensor = fused(canonical, name);
        else if (name.endsWith("_projection.weight") && this != TIMM) tensor = transposed(tensor);
        else if (this == TIMM && name.endsWith("class_embedding")) tensor = tensor.as(name, Shape.unnamed(1, 1, tensor.cols()));
        else if (this == TIMM && name.endsWith("position_embedding.weight")) tensor = tensor.as(name, Shape.unnamed(1, tensor.rows(), tensor.cols()));
        tensors.put(this == TIMM ? timm(name) : openAi(name), tensor);
    }

    private String openAi(String name) {
        boolean vision = name.startsWith("vision_model.");
        String base = vision ? "visual." : textPrefix;
        String rest = name.replaceFirst("^(vision|text)_model\\.", "");
        return switch (rest) {
            case "logit_scale" -> rest;
            case "visual_projection.weight" -> "visual.proj";
            case "text_projection.weight" -> textPrefix + "text_projection";
            case "embeddings.class_embedding" -> base + "class_embedding";
            case "embeddings.patch_embedding.weight" -> base + "conv1.weight";
            case "embeddings.position_embedding.weight" -> base + "positional_embedding";
            case "embeddings.token_embedding.weight" -> base + "token_embedding.weight";
            default -> base + rest.replace("pre_layrnorm", "ln_pre").replace("post_layernorm", "ln_post").replace("final_layer_norm", "ln_final")
                .replace("encoder.layers", "transformer.resblocks").replace("self_attn.v_proj.", "attn.in_proj_").replace("self_attn.out_proj", "attn.out_proj")
                .replace("mlp.fc1", "mlp.c_fc").replace("mlp.fc2", "mlp.c_proj").replace("layer_norm", "ln_");
        };
    }

    private static String timm(String name) {
        return switch (name) {
            case "visual_projection.weight" -> "head.weight";
            case "vision_model.embeddings.class_embedding" -> "cls_token";
            case "vision_model.embeddings.patch_embedding.weight" -> "patch_embed.proj.weight";
            case "vision_model.embeddings.position_embedding.weight" -> "pos_embed";
            default -> name.replace("vision_model.", "").replace("pre_layrnorm", "norm_pre").replace("post_layernorm", "norm").replace("encoder.layers", "blocks")
                .replace("self_attn.v_proj", "attn.qkv").replace("self_attn.out_proj", "attn.proj").replace("layer_norm", "norm");
        };
    }

    private static Tensor fused(SafeTensors canonical, String name) {
        Tensor v = canonical.tensor(name);
        boolean bias = v.shape().rank() == 1;
        Tensor all = Tensor.of(name, bias ? Shape.unnamed(3 * v.cols()) : Shape.unnamed(3 * v.rows(), v.cols()), new float[Math.toIntExact(3 * v.shape().count())]);
        long bytes = v.segment().byteSize();
        int part = 0;
        for (String letter : new String[] {"q", "k", "v"}) {
            all.segment().asSlice(part++ * bytes, bytes).copyFrom(canonical.tensor(name.replace("v_proj", letter + "_proj")).segment());
        }
        return all;
    }

    private static Tensor transposed(Tensor matrix) {
        matrix.requireType(DType.F32);
        Tensor result = Tensor.of(matrix.name(), Shape.unnamed(matrix.cols(), matrix.rows()), new float[matrix.rows() * matrix.cols()]);
        for (int row = 0; row < matrix.rows(); row++) for (int c = 0; c < matrix.cols(); c++) result.set(c, row, matrix.get(row, c));
        return result;
    }
}
