package dev.freecp.clip;

import dev.freecp.ops.Affine;
import dev.freecp.ops.Linear;

/**
 * One pre-norm transformer block.
 *
 * @param ln1     before attention (C)
 * @param inProj  q, k and v in one map (3C, C)
 * @param outProj after attention (C, C)
 * @param ln2     before the MLP (C)
 * @param fc      the MLP's first map (F, C)
 * @param proj    the MLP's second map (C, F)
 */
record BlockWeights(Affine ln1, Linear inProj, Linear outProj, Affine ln2, Linear fc, Linear proj) {

    /** @param at prefix of the layer, such as {@code vision_model.encoder.layers.3} */
    static BlockWeights bind(Binder bind, String at, int width, int mlpWidth) {
        return new BlockWeights(
            bind.affine(at + ".layer_norm1", width),
            bind.fused(at + ".self_attn.", width, "q_proj", "k_proj", "v_proj"),
            bind.linear(at + ".self_attn.out_proj", width, width),
            bind.affine(at + ".layer_norm2", width),
            bind.linear(at + ".mlp.fc1", mlpWidth, width),
            bind.linear(at + ".mlp.fc2", width, mlpWidth));
    }
}
