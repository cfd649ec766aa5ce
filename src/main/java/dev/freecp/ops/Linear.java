package dev.freecp.ops;

import dev.freecp.tensor.Tensor;

/**
 * A linear map y = x W^T + b in the layout of the backend that made it ({@link Ops#linear(Tensor, Tensor)}); only that backend looks inside.
 *
 * @param name   of the weight, for messages
 * @param out    length of y
 * @param in     length of x
 * @param weight W, as the backend wants it (packed, perhaps of another type)
 * @param bias   b (out), or null
 */
public record Linear(String name, int out, int in, Tensor weight, Tensor bias) {
}
