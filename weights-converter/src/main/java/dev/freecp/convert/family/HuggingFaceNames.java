package dev.freecp.convert.family;

import dev.freecp.tensor.Shape;

/** The canonical names, whole or one tower of them; transformers 5 leaves out the tower's own level where there is only one. */
final class HuggingFaceNames {

    private HuggingFaceNames() {
    }

    static Mapping map(Family family, SourceSizes at) {
        boolean whole = family == Family.HUGGING_FACE;
        boolean hasVision = family == Family.HUGGING_FACE_VISION || whole && (at.hasAny(Mapping.VISION) || at.has("visual_projection.weight"));
        boolean hasText = family == Family.HUGGING_FACE_TEXT || whole && (at.hasAny(Mapping.TEXT) || at.has("text_projection.weight"));
        int embedding = at.size(0, "text_projection.weight", "visual_projection.weight");
        RecipeBook book = new RecipeBook();
        if (hasVision && hasText || at.has("logit_scale")) book.seen("logit_scale", "logit_scale", Shape.SCALAR);
        VisionSizes vision = hasVision ? vision(book, at, whole ? Mapping.VISION : "") : null;
        TextSizes text = hasText ? text(book, at, whole ? Mapping.TEXT : "") : null;
        if (hasVision && (hasText || at.has("visual_projection.weight"))) book.whole("visual_projection.weight", "visual_projection.weight", embedding, vision.width());
        if (hasText && (hasVision || at.has("text_projection.weight"))) book.whole("text_projection.weight", "text_projection.weight", embedding, text.width());
        return new Mapping(book.recipes(), vision, text, embedding);
    }

    private static VisionSizes vision(RecipeBook book, SourceSizes at, String from) {
        String convolution = from + "embeddings.patch_embedding.weight", positions = from + "embeddings.position_embedding.weight";
        int width = at.size(0, convolution, from + "embeddings.class_embedding", from + "post_layernorm.weight");
        VisionSizes v = new VisionSizes(width, at.layers(from + "encoder.layers"), at.size(0, from + "encoder.layers.0.mlp.fc1.weight"), at.patch(convolution),
            at.grid(at.size(0, positions)), 0);
        String to = Mapping.VISION;
        book.whole(to + "embeddings.class_embedding", from + "embeddings.class_embedding", width);
        book.whole(to + "embeddings.patch_embedding.weight", convolution, width, 3, v.patch(), v.patch());
        book.whole(to + "embeddings.position_embedding.weight", positions, 1 + v.grid() * v.grid(), width);
        book.norm(to + "pre_layrnorm", from + "pre_layrnorm", width);
        for (int i = 0; i < v.layers(); i++) block(book, to + "encoder.layers." + i, from + "encoder.layers." + i, width, v.mlpWidth());
        book.norm(to + "post_layernorm", from + "post_layernorm", width);
        return v;
    }

    private static TextSizes text(RecipeBook book, SourceSizes at, String from) {
        String tokens = from + "embeddings.token_embedding.weight", positions = from + "embeddings.position_embedding.weight";
        TextSizes t = new TextSizes(at.size(1, tokens, positions), at.layers(from + "encoder.layers"), at.size(0, from + "encoder.layers.0.mlp.fc1.weight"),
            at.size(0, positions), at.size(0, tokens));
        String to = Mapping.TEXT;
        book.whole(to + "embeddings.token_embedding.weight", tokens, t.vocabulary(), t.width());
        book.whole(to + "embeddings.position_embedding.weight", positions, t.context(), t.width());
        for (int i = 0; i < t.layers(); i++) block(book, to + "encoder.layers." + i, from + "encoder.layers." + i, t.width(), t.mlpWidth());
        book.norm(to + "final_layer_norm", from + "final_layer_norm", t.width());
        return t;
    }

    private static void block(RecipeBook book, String to, String from, int width, int mlpWidth) {
        for (String part : new String[] {".q_proj", ".k_proj", ".v_proj", ".out_proj"}) book.linear(to + ".self_attn" + part, from + ".self_attn" + part, width, width);
        book.linear(to + ".mlp.fc1", from + ".mlp.fc1", mlpWidth, width);
        book.linear(to + ".mlp.fc2", from + ".mlp.fc2", width, mlpWidth);
        book.norm(to + ".layer_norm1", from + ".layer_norm1", width);
        book.norm(to + ".layer_norm2", from + ".layer_norm2", width);
    }
}
