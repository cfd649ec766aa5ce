package dev.freecp.cuda;

import dev.freecp.ops.Activation;
import dev.freecp.ops.Linear;
import dev.freecp.tensor.Tensor;

/** Matrix products on the device's stream: a library's or the project's own. */
interface Blas {

    /** For people: {@code cuBLAS 12.6}. */
    String name();

    /**
     * Puts a product on the stream.
     *
     * @throws dev.freecp.error.DeviceException naming the matrices, if it fails
     */
    void multiply(Product product);

    /** y = activation(x W^T + b); x and the weight are of one type, y of theirs or F32. */
    void linear(Tensor y, Tensor x, Linear w, Activation activation);

    /** y += x W^T + b; y is F32. */
    void linearAdd(Tensor y, Tensor x, Linear w);
}
