package dev.freecp.cuda;

import dev.freecp.ops.Activation;
import dev.freecp.ops.Linear;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Tensor;
import jcuda.jcublas.cublasComputeType;

/**
 * Products by cuBLAS, which chooses its method by size: a row is the same within rounding, not bit for bit, when the number of rows changes. Bias and
 * activation follow in a kernel.
 */
final class Cublas implements Blas {

    private final CublasHandle cublas;
    private final Epilogue epilogue;
    private final boolean tf32;

    /** @param tf32 whether float32 factors may be rounded to 10 bits of mantissa; they go in whole otherwise */
    Cublas(CublasHandle cublas, Epilogue epilogue, boolean tf32) {
        this.cublas = cublas;
        this.epilogue = epilogue;
        this.tf32 = tf32;
    }

    @Override
    public String name() {
        return cublas.name();
    }

    @Override
    public void multiply(Product product) {
        if (product.isEmpty()) return;
        cublas.multiply(product, computeType(product.a().type()));
    }

    @Override
    public void linear(Tensor y, Tensor x, Linear w, Activation activation) {
        multiply(Product.transposed(Matrix.of(y), Matrix.of(x), Matrix.of(w.weight())));
        epilogue.bias(y, w.bias(), activation);
    }

    @Override
    public void linearAdd(Tensor y, Tensor x, Linear w) {
        multiply(Product.transposed(Matrix.of(y), Matrix.of(x), Matrix.of(w.weight())).added());
        epilogue.bias(y, w.bias(), Activation.NONE);
    }

    private int computeType(DType type) {
        if (type != DType.F32) return cublasComputeType.CUBLAS_COMPUTE_32F;
        return tf32 ? cublasComputeType.CUBLAS_COMPUTE_32F_FAST_TF32 : cublasComputeType.CUBLAS_COMPUTE_32F_PEDANTIC;
    }
}
