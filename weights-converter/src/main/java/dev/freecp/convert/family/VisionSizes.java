package dev.freecp.convert.family;

/**
 * Sizes of a vision tower as its tensors have them.
 *
 * @param grid      side of the position table's square
 * @param registers register tokens, which DINOv2 may have
 */
public record VisionSizes(int width, int layers, int mlpWidth, int patch, int grid, int registers) {

    /** The smallest square picture that fills the grid. */
    public int imageSize() {
        return grid * patch;
    }
}
