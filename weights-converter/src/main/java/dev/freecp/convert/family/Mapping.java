package dev.freecp.convert.family;

import java.util.List;

/** A mapping written down for a model of certain sizes; a tower that the model has not is null. */
record Mapping(List<Recipe> recipes, VisionSizes vision, TextSizes text, int embedding) {

    static final String VISION = "vision_model.";
    static final String TEXT = "text_model.";

    /** How a family names the parts of a block whose queries, keys and values are one. */
    record BlockNames(String fusedWeight, String fusedBias, String out, String fc1, String fc2, String norm1, String norm2) {

        static final BlockNames OPENAI = new BlockNames(".attn.in_proj_weight", ".attn.in_proj_bias", ".attn.out_proj", ".mlp.c_fc", ".mlp.c_proj", ".ln_1", ".ln_2");
        static final BlockNames TIMM = new BlockNames(".attn.qkv.weight", ".attn.qkv.bias", ".attn.proj", ".mlp.fc1", ".mlp.fc2", ".norm1", ".norm2");

        /** All blocks of a tower: {@code vision_model.encoder.layers.N} from {@code stem.N}. */
        void map(RecipeBook book, String tower, String stem, int layers, int width, int mlpWidth) {
            for (int i = 0; i < layers; i++) {
                String to = tower + "encoder.layers." + i, from = stem + "." + i;
                book.fused(to + ".self_attn", from + fusedWeight, from + fusedBias, width);
                book.linear(to + ".self_attn.out_proj", from + out, width, width);
                book.linear(to + ".mlp.fc1", from + fc1, mlpWidth, width);
                book.linear(to + ".mlp.fc2", from + fc2, width, mlpWidth);
                book.norm(to + ".layer_norm1", from + norm1, width);
                book.norm(to + ".layer_norm2", from + norm2, width);
            }
        }
    }
}
