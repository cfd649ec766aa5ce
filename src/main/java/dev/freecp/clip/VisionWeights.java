package dev.freecp.clip;

import dev.freecp.ops.Affine;
import dev.freecp.ops.Linear;
import dev.freecp.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Weights of a vision tower under their Hugging Face names.
 *
 * @param cls        class token (D)
 * @param patch      patch embedding as a linear map (D, 3*p*p)
 * @param position   position table (1 + g*g, D), class token first
 * @param pre        layer norm before block 0
 * @param blocks     L blocks
 * @param post       layer norm after the last block
 * @param projection to the joint embedding (E, D), without bias
 */
record VisionWeights(Tensor cls, Linear patch, PositionTable position, Affine pre, List<BlockWeights> blocks, Affine post, Linear projection) {

    static VisionWeights bind(Binder bind, VisionConfig c) {
        String at = "vision_model.";
        return new VisionWeights(
            bind.table(at + "embeddings.class_embedding", c.width()),
            bind.patchEmbedding(at + "embeddings.patch_embedding", c.width(), c.patch()),
            new PositionTable(bind.values(at + "embeddings.position_embedding.weight", 1 + c.grid() * c.grid(), c.width()), c.grid(), c.width()),
            bind.affine(at + "pre_layrnorm", c.width()),
            IntStream.range(0, c.layers()).mapToObj(i -> BlockWeights.bind(bind, at + "encoder.layers." + i, c.width(), c.mlpWidth())).toList(),
            bind.affine(at + "post_layernorm", c.width()),
            bind.projection("visual_projection", c.embedding(), c.width()));
    }
}
