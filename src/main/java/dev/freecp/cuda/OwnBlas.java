package dev.freecp.cuda;

import dev.freecp.ops.Activation;
import dev.freecp.ops.Linear;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Tensor;

/**
 * Products by {@code kernels/gemm.cu}, where no cuBLAS is at hand, with bias, activation and residual in the same launch. One tile size for everything, so
 * that a row's bits depend neither on the other rows nor on their number. float32 is multiplied as it is, in {@link dev.freecp.ops.Precision#TF32} too.
 */
final class OwnBlas implements Blas {

    private static final int TILE = 64;
    private static final int THREADS = 256;

    private final CudaDevice device;

    OwnBlas(CudaDevice device) {
        this.device = device;
    }

    @Override
    public String name() {
        return "own matrix products";
    }

    @Override
    public void multiply(Product product) {
        launch(product, null, Activation.NONE);
    }

    @Override
    public void linear(Tensor y, Tensor x, Linear w, Activation activation) {
        launch(Product.transposed(Matrix.of(y), Matrix.of(x), Matrix.of(w.weight())), w.bias(), activation);
    }

    @Override
    public void linearAdd(Tensor y, Tensor x, Linear w) {
        launch(Product.transposed(Matrix.of(y), Matrix.of(x), Matrix.of(w.weight())).added(), w.bias(), Activation.NONE);
    }

    /** In as many launches as the grid's third dimension asks for. */
    private void launch(Product p, Tensor bias, Activation activation) {
        if (p.isEmpty()) return;
        Matrix c = p.c(), a = p.a(), b = p.b();
        Kernel kernel = device.kernel("gemm", a.type(), p.transposed() ? "gemm_transposed" : "gemm");
        Grid tiles = Grid.of(Grid.ceil(c.rows(), TILE), THREADS);
        int columns = Math.toIntExact(Grid.ceil(c.cols(), TILE));
        int most = device.limits().blocks();
        for (int first = 0; first < p.count(); first += most) {
            kernel.launch(tiles.by(columns, Math.min(most, p.count() - first)), at(c, first), at(a, first), at(b, first), bias,
                c.rows(), c.cols(), a.cols(), c.stride(), a.stride(), b.stride(), c.step(), a.step(), b.step(),
                p.alpha(), p.beta(), activation.ordinal(), c.type() == DType.F32 ? 1 : 0);
        }
    }

    private static long at(Matrix matrix, int index) {
        return matrix.from(index * matrix.step(), matrix.step()).address();
    }
}
