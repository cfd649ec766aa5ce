package dev.freecp.cuda;

import dev.freecp.ops.Activation;
import dev.freecp.tensor.Tensor;

/** What follows a matrix product, in the memory that it wrote. */
final class Epilogue {

    private final CudaDevice device;

    Epilogue(CudaDevice device) {
        this.device = device;
    }

    /**
     * y = activation(y + bias), in place.
     *
     * @param y    (N, O) of any of the three types
     * @param bias (O) float32, or null
     */
    void bias(Tensor y, Tensor bias, Activation activation) {
        if (bias == null && activation == Activation.NONE) return;
        device.kernel("epilogue", y.type(), "bias").launch(Grid.elements(y.rows(), y.cols()), y, bias, y.rows(), y.cols(), y.stride(), activation.ordinal());
    }
}
