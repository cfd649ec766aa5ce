package dev.freecp.clip;

import dev.freecp.ops.Affine;
import dev.freecp.ops.Linear;
import dev.freecp.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Weights of a text tower under their Hugging Face names.
 *
 * @param tokens     token table (vocabulary, C)
 * @param position   position table (context, C)
 * @param blocks     the blocks
 * @param last       layer norm after the last block
 * @param projection to the joint embedding (E, C), without bias
 */
record TextWeights(Tensor tokens, Tensor position, List<BlockWeights> blocks, Affine last, Linear projection) {

    static TextWeights bind(Binder bind, TextConfig c) {
        String at = "text_model.";
        return new TextWeights(
            bind.table(at + "embeddings.token_embedding.weight", c.vocabulary(), c.width()),
            bind.table(at + "embeddings.position_embedding.weight", c.context(), c.width()),
            IntStream.range(0, c.layers()).mapToObj(i -> BlockWeights.bind(bind, at + "encoder.layers." + i, c.width(), c.mlpWidth())).toList(),
            bind.affine(at + "final_layer_norm", c.width()),
            bind.projection("text_projection", c.embedding(), c.width()));
    }
}
