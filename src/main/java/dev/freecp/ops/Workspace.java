package dev.freecp.ops;

import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;

/**
 * Memory for intermediate results, taken from the backend in large pieces and handed out from front to back. A scope gives everything taken
 * since its beginning back at once, so that a loop over layers or pictures allocates nothing:
 * <pre>{@code
 * try (Workspace scratch = workspace.scope()) {
 *     Tensor hidden = scratch.tensor("hidden", Shape.of("token mlp", n, f));
 *     ...
 * }   // hidden's memory is free again
 * }</pre>
 * Scopes close in reverse order of opening. A workspace belongs to one thread at a time.
 */
public interface Workspace extends AutoCloseable {

    /** A float32 tensor with undefined contents, alive until this scope closes. Rows may be padded. */
    default Tensor tensor(String name, Shape shape) {
        return tensor(name, shape, DType.F32);
    }

    /** The same of another type. */
    Tensor tensor(String name, Shape shape, DType type);

    /**
     * A tower's activation on its way into a matrix product: float32, or the 16-bit type that the backend multiplies. What is summed up over
     * layers (the residual stream) or compared afterwards (features, maps) stays float32.
     */
    Tensor activation(String name, Shape shape);

    /** An inner scope. */
    Workspace scope();

    /** Most bytes that were in use at once so far. */
    long peakBytes();

    @Override
    void close();
}
