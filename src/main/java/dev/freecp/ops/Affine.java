package dev.freecp.ops;

import dev.freecp.tensor.Tensor;

/** Scale and shift of a layer norm, both (C), resident on the backend that made them. */
public record Affine(Tensor gamma, Tensor beta) {
}
