package dev.freecp.convert.family;

import dev.freecp.convert.family.Mapping.BlockNames;
import dev.freecp.tensor.Shape;

/** timm's names of a CLIP vision tower; its head, if it was kept, is the projection. */
final class TimmNames {

    private TimmNames() {
    }

    static Mapping map(SourceSizes at) {
        int width = at.size(0, "patch_embed.proj.weight", "norm.weight");
        VisionSizes v = new VisionSizes(width, at.layers("blocks"), at.size(0, "blocks.0.mlp.fc1.weight"), at.patch("patch_embed.proj.weight"), at.grid(at.size(1, "pos_embed")), 0);
        int embedding = at.size(0, "head.weight"), rows = 1 + v.grid() * v.grid();
        RecipeBook book = new RecipeBook();
        book.seen("vision_model.embeddings.class_embedding", "cls_token", Shape.unnamed(1, 1, width), width);
        book.whole("vision_model.embeddings.patch_embedding.weight", "patch_embed.proj.weight", width, 3, v.patch(), v.patch());
        book.seen("vision_model.embeddings.position_embedding.weight", "pos_embed", Shape.unnamed(1, rows, width), rows, width);
        book.norm("vision_model.pre_layrnorm", "norm_pre", width);
        BlockNames.TIMM.map(book, Mapping.VISION, "blocks", v.layers(), width, v.mlpWidth());
        book.norm("vision_model.post_layernorm", "norm", width);
        if (at.has("head.weight")) book.whole("visual_projection.weight", "head.weight", embedding, width);
        return new Mapping(book.recipes(), v, null, embedding);
    }
}
