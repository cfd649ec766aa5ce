package dev.freecp.clip;

import dev.freecp.ops.Activation;

/**
 * Sizes of a text tower, read from {@code text_config}.
 *
 * @param width      of the residual stream
 * @param heads      attention heads; head size is width / heads
 * @param layers     number of blocks
 * @param mlpWidth   hidden width of the MLP
 * @param context    rows of the position table: the longest sequence
 * @param vocabulary number of token ids
 * @param embedding  E, size of the joint embedding
 * @param activation between the MLP's two linear maps
 * @param eps        of every layer norm
 */
public record TextConfig(int width, int heads, int layers, int mlpWidth, int context, int vocabulary, int embedding, Activation activation, float eps) {
}
