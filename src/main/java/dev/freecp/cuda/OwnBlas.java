package dev.freecp.cuda;

import dev.freecp.ops.Activation;
import dev.freecp.ops.Linear;
import dev.freecp.tensor.Tensor;
import java.util.List;
import java.util.function.Function;
import jcuda.driver.CUdevice_attribute;

/**
 * Products by {@code kernels/gemm.cu} and {@code kernels/gemm_mma.cu}, where no cuBLAS is at hand, with bias, activation and residual in the same launch.
 * A row's bits depend neither on the other rows nor on their number: types and how the matrices lie decide between the two files, and the tilings of the
 * latter, between which sizes decide, add in the same order. float32 is multiplied as it is, in {@link dev.freecp.ops.Precision#TF32} too.
 */
final class OwnBlas implements Blas {

    /** From here on there are the tensor-core instructions that {@code gemm_mma.cu} is made of. */
    private static final int AMPERE = 8;

    private static final List<OwnGemm> LARGER = List.of(OwnGemm.MMA_256, OwnGemm.MMA_128);

    private final CudaDevice device;
    private final Function<Product, OwnGemm> way;
    private final boolean tensorCores;
    private final int multiprocessors;

    OwnBlas(CudaDevice device) {
        this(device, null);
    }

    /** @param way chooses for each product; null for this class's own choice */
    OwnBlas(CudaDevice device, Function<Product, OwnGemm> way) {
        this.device = device;
        this.way = way == null ? this::choose : way;
        tensorCores = device.attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR) >= AMPERE;
        multiprocessors = device.attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT);
    }

    @Override
    public String name() {
        return tensorCores ? "own matrix products (fp16 and bf16 on tensor cores)" : "own matrix products";
    }

    /** Tensor cores wherever they can; of their tilings the largest with a tile for each multiprocessor, if no tile lies mostly outside. */
    OwnGemm choose(Product p) {
        if (!tensorCores || !OwnGemm.MMA_64.takes(p)) return OwnGemm.PLAIN;
        return LARGER.stream().filter(larger -> larger.takes(p) && larger.fits(p) && larger.blocks(p) * p.count() >= multiprocessors)
            .findFirst().orElse(OwnGemm.MMA_64);
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

    /** In as many launches as the grid's second dimension asks for. */
    private void launch(Product all, Tensor bias, Activation activation) {
        if (all.isEmpty()) return;
        OwnGemm gemm = way.apply(all);
        if (!gemm.takes(all)) throw new IllegalArgumentException(gemm + " cannot multiply " + all);
        int most = device.limits().blocks();
        for (int first = 0; first < all.count(); first += most) gemm.launch(device, all.part(first, Math.min(most, all.count() - first)), bias, activation);
    }
}
