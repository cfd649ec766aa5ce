package dev.freecp.cuda;

import dev.freecp.ops.Activation;
import dev.freecp.ops.Linear;
import dev.freecp.ops.MemoryPool;
import dev.freecp.ops.Workspace;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;

/** Linear maps of the towers, and similarities. Shapes have been checked. */
final class CudaLinear {

    private final CudaDevice device;
    private final MemoryPool pool;
    private final PermanentMemory permanent;
    private final DType type;
    private final Blas towers;
    private final Blas exact;
    private final WeightUpload weights;

    /**
     * @param type   of weights on the device
     * @param towers multiplies for the towers
     * @param exact  multiplies float32 without rounding it first
     */
    CudaLinear(CudaDevice device, MemoryPool pool, PermanentMemory permanent, DType type, Blas towers, Blas exact) {
        this.device = device;
        this.pool = pool;
        this.permanent = permanent;
        this.type = type;
        this.towers = towers;
        this.exact = exact;
        this.weights = new WeightUpload(device);
    }

    /** The bias stays float32, as sums are. */
    Linear linear(Tensor weight, Tensor bias) {
        Tensor w = permanent.tensor(weight.name(), Shape.of("out in", weight.rows(), weight.cols()), type);
        weights.upload(w, weight);
        Tensor b = null;
        if (bias != null) {
            b = permanent.tensor(bias.name(), Shape.of("out", bias.cols()), DType.F32);
            weights.upload(b, bias);
        }
        return new Linear(weight.name(), weight.rows(), weight.cols(), w, b);
    }

    /** A float32 copy, alive as long as the backend. */
    Tensor resident(Tensor host) {
        Tensor copy = permanent.tensor(host.name(), host.shape(), DType.F32);
        weights.upload(copy, host);
        return copy;
    }

    void linear(Tensor y, Tensor x, Linear w, Activation activation) {
        try (Workspace scratch = pool.workspace()) {
            towers.linear(y, narrowed(x, scratch), w, activation);
        }
    }

    void linearAdd(Tensor y, Tensor x, Linear w) {
        try (Workspace scratch = pool.workspace()) {
            towers.linearAdd(y, narrowed(x, scratch), w);
        }
    }

    void similarity(Tensor z, Tensor f, Tensor u, float factor) {
        exact.multiply(Product.transposed(Matrix.of(z), Matrix.of(f), Matrix.of(u)).scaled(factor));
    }

    /** x in the weights' type: a product takes factors of one type. */
    private Tensor narrowed(Tensor x, Workspace scratch) {
        if (x.type() == type) return x;
        Tensor narrow = scratch.tensor(x.name(), x.shape(), type);
        device.kernel("gemm", type, "narrow").launch(Grid.elements(x.rows(), x.cols()), narrow, x, x.rows(), x.cols(), narrow.stride(), x.stride());
        return narrow;
    }
}
