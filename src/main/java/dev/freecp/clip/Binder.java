package dev.freecp.clip;

import dev.freecp.ops.Affine;
import dev.freecp.ops.Linear;
import dev.freecp.ops.Ops;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import dev.freecp.weights.Floats;
import dev.freecp.weights.Pages;
import dev.freecp.weights.WeightBinding;
import java.lang.foreign.Arena;

/**
 * Makes weight records from tensors by name and shape. The same binding code runs twice: once without operations, which only collects what
 * is missing or misshapen and returns nulls, and once, after {@link WeightBinding#finish}, bringing the numbers to the backend. What the backend has a copy
 * of need not stay in memory a second time.
 */
final class Binder {

    private final WeightBinding names;
    private final Ops ops;

    /** @param ops the backend, or null to check only */
    Binder(WeightBinding names, Ops ops) {
        this.names = names;
        this.ops = ops;
    }

    /** y = x W^T + b with {@code name.weight} (out, in) and {@code name.bias} (out). */
    Linear linear(String name, int out, int in) {
        return linear(want(name + ".weight", Shape.of("out in", out, in)), want(name + ".bias", Shape.of("out", out)));
    }

    /** y = x W^T with {@code name.weight} (out, in). */
    Linear projection(String name, int out, int in) {
        return linear(want(name + ".weight", Shape.of("out in", out, in)), null);
    }

    /** The convolution {@code name.weight} (out, 3, patch, patch) as a linear map of a patch's pixels, ordered channel, row, column. */
    Linear patchEmbedding(String name, int out, int patch) {
        Tensor weight = want(name + ".weight", Shape.of("out channel row column", out, 3, patch, patch));
        return ops == null ? null : linear(weight.as(weight.name(), Shape.of("out in", out, 3 * patch * patch)), null);
    }

    /** Square maps of one input side by side: (parts * width, width), {@code prefix + part} each. */
    Linear fused(String prefix, int width, String... parts) {
        String name = prefix + String.join("+", parts);
        try (Arena arena = Arena.ofShared()) {
            Tensor weight = ops == null ? null : Tensor.allocate(arena, name, Shape.of("out in", parts.length * width, width), DType.F32, width);
            Tensor bias = ops == null ? null : Tensor.allocate(arena, name, Shape.of("out", parts.length * width), DType.F32, parts.length * width);
            for (int part = 0; part < parts.length; part++) {
                Tensor w = want(prefix + parts[part] + ".weight", Shape.of("out in", width, width)), b = want(prefix + parts[part] + ".bias", Shape.of("out", width));
                if (ops == null) continue;
                Floats.copy(w, weight.slice(w.name(), w.shape(), part * width));
                Pages.release(w);
                Tensor rows = bias.as(name, Shape.of("part out", parts.length, width));
                Floats.copy(b.as(b.name(), Shape.of("part out", 1, width)), rows.slice(b.name(), Shape.of("part out", 1, width), part));
            }
            return linear(weight, bias);
        }
    }

    Affine affine(String name, int width) {
        Tensor gamma = want(name + ".weight", Shape.of("width", width)), beta = want(name + ".bias", Shape.of("width", width));
        return ops == null ? null : new Affine(resident(gamma), resident(beta));
    }

    /** A table whose rows are looked up, or a single row, on the backend. */
    Tensor table(String name, int... sizes) {
        Tensor host = want(name, shape(sizes));
        return ops == null ? null : resident(host);
    }

    /** The same as dense float32 values on the host. */
    float[] values(String name, int... sizes) {
        Tensor host = want(name, shape(sizes));
        if (ops == null) return null;
        Tensor copy = Tensor.allocate(Arena.ofAuto(), name, host.shape(), DType.F32, host.cols());
        Floats.copy(host, copy);
        return copy.toFloats();
    }

    private static Shape shape(int... sizes) {
        return sizes.length == 1 ? Shape.of("width", sizes) : Shape.of("row width", sizes);
    }

    private Linear linear(Tensor weight, Tensor bias) {
        if (ops == null) return null;
        Linear linear = ops.linear(weight, bias);
        Pages.release(weight);
        return linear;
    }

    private Tensor resident(Tensor host) {
        Tensor copy = ops.resident(host);
        Pages.release(host);
        return copy;
    }

    private Tensor want(String name, Shape shape) {
        Tensor tensor = names.want(name, shape);
        if (ops != null) names.requireFinite(tensor);
        return tensor;
    }
}
