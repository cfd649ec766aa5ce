package dev.freecp.convert.family;

/** Sizes of a text tower as its tensors have them. */
public record TextSizes(int width, int layers, int mlpWidth, int context, int vocabulary) {
}
