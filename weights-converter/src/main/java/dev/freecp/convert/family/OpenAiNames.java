package dev.freecp.convert.family;

import dev.freecp.convert.family.Mapping.BlockNames;
import dev.freecp.tensor.Shape;

/** OpenAI's names, which open_clip took over; its newer models have the text tower under {@code text.}. */
final class OpenAiNames {

    private OpenAiNames() {
    }

    static Mapping map(SourceSizes at) {
        String t = at.has("text.token_embedding.weight") || at.has("text.ln_final.weight") ? "text." : "";
        int width = at.size(0, "visual.conv1.weight", "visual.class_embedding", "visual.ln_post.weight");
        VisionSizes vision = new VisionSizes(width, at.layers("visual.transformer.resblocks"), at.size(0, "visual.transformer.resblocks.0.mlp.c_fc.weight"),
            at.patch("visual.conv1.weight"), at.grid(at.size(0, "visual.positional_embedding")), 0);
        TextSizes text = new TextSizes(at.size(1, t + "token_embedding.weight", t + "positional_embedding"), at.layers(t + "transformer.resblocks"),
            at.size(0, t + "transformer.resblocks.0.mlp.c_fc.weight"), at.size(0, t + "positional_embedding"), at.size(0, t + "token_embedding.weight"));
        int embedding = at.size(1, t + "text_projection", "visual.proj");

        RecipeBook book = new RecipeBook();
        book.seen("logit_scale", "logit_scale", Shape.SCALAR);
        book.whole("vision_model.embeddings.class_embedding", "visual.class_embedding", width);
        book.whole("vision_model.embeddings.patch_embedding.weight", "visual.conv1.weight", width, 3, vision.patch(), vision.patch());
        book.whole("vision_model.embeddings.position_embedding.weight", "visual.positional_embedding", 1 + vision.grid() * vision.grid(), width);
        book.norm("vision_model.pre_layrnorm", "visual.ln_pre", width);
        BlockNames.OPENAI.map(book, Mapping.VISION, "visual.transformer.resblocks", vision.layers(), width, vision.mlpWidth());
        book.norm("vision_model.post_layernorm", "visual.ln_post", width);
        book.transposed("visual_projection.weight", "visual.proj", embedding, width);
        book.whole("text_model.embeddings.token_embedding.weight", t + "token_embedding.weight", text.vocabulary(), text.width());
        book.whole("text_model.embeddings.position_embedding.weight", t + "positional_embedding", text.context(), text.width());
        BlockNames.OPENAI.map(book, Mapping.TEXT, t + "transformer.resblocks", text.layers(), text.width(), text.mlpWidth());
        book.norm("text_model.final_layer_norm", t + "ln_final", text.width());
        book.transposed("text_projection.weight", t + "text_projection", embedding, text.width());
        return new Mapping(book.recipes(), vision, text, embedding);
    }
}
