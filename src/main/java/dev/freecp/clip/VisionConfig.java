package dev.freecp.clip;

import dev.freecp.ops.Activation;

/**
 * Sizes of a vision tower, read from {@code vision_config}.
 *
 * @param width      D, width of the residual stream
 * @param heads      A; head size is D / A
 * @param layers     L, number of blocks
 * @param mlpWidth   F, hidden width of the MLP
 * @param patch      p, side of a patch in pixels
 * @param imageSize  side of the square the position table was trained for, in pixels
 * @param embedding  E, size of the joint embedding
 * @param activation between the MLP's two linear maps
 * @param eps        of every layer norm
 */
public record VisionConfig(int width, int heads, int layers, int mlpWidth, int patch, int imageSize, int embedding, Activation activation, float eps) {

    /** g: side of the position table's square grid. */
    public int grid() {
        return imageSize / patch;
    }

    /**
     * Additions and multiplications in the blocks for one window of the size that the model was trained for: 24 N D^2 + 4 N^2 D a block where the MLP is four times
     * as wide (specification, section 14).
     */
    public double operations() {
        double tokens = grid() * grid() + 1;
        return layers * tokens * (8.0 * width * width + 4.0 * width * mlpWidth + 4 * tokens * width);
    }
}
