package dev.freecp.cuda;

import dev.freecp.ops.Activation;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Tensor;
import java.util.stream.Stream;

/**
 * The project's own ways to multiply matrices: all of a kernel's arguments are alike, and a grid has a block for each tile of c in x and one for each matrix
 * in y. Those on tensor cores give the same bits; {@link #PLAIN} and {@link #NAIVE}, whose sums run in another order, others.
 */
enum OwnGemm {

    /** A thread an element, for comparison only. */
    NAIVE("naive", "_naive", 16, 16, 256, 0),

    /** Anything, float32 too, on any card. */
    PLAIN("gemm", "", 64, 64, 256, 0),

    /** 16-bit factors on tensor cores. */
    MMA_64("gemm_mma", "_64", 64, 64, 128, 3),

    /** The same in larger tiles, which read half as much, for products that have enough of them; b transposed only. */
    MMA_128("gemm_mma", "_128", 128, 128, 128, 3),

    /** Still larger. */
    MMA_256("gemm_mma", "_256", 256, 128, 256, 3);

    /** What asynchronous copies, and writes of four sums, are aligned to. */
    private static final int ALIGNMENT_BYTES = 16;

    /** Of each row of a tile in each stage: 32 elements of 16 bits. */
    private static final int ROW_BYTES = 64;

    private final String module;
    private final String ending;
    private final int height;
    private final int width;
    private final int threads;
    private final int stages;

    /** @param stages of dynamic shared memory */
    OwnGemm(String module, String ending, int height, int width, int threads, int stages) {
        this.module = module;
        this.ending = ending;
        this.height = height;
        this.width = width;
        this.threads = threads;
        this.stages = stages;
    }

    /** Whether it can do that; numbers of rows never decide, so that a row's bits do not depend on them. */
    boolean takes(Product p) {
        if (this == PLAIN || this == NAIVE) return true;
        boolean aligned = Stream.of(p.a(), p.b(), p.c()).allMatch(OwnGemm::isAligned);
        return aligned && p.a().type() != DType.F32 && (p.transposed() || this == MMA_64);
    }

    private static boolean isAligned(Matrix m) {
        return (m.address() | (long) m.stride() * m.type().bytes() | m.step() * m.type().bytes()) % ALIGNMENT_BYTES == 0;
    }

    /** Blocks for one of the matrices c. */
    long blocks(Product p) {
        return Grid.ceil(p.c().rows(), height) * Grid.ceil(p.c().cols(), width);
    }

    /** Whether at least half of a tile lies in c. */
    boolean fits(Product p) {
        return 2 * p.c().rows() > height && 2 * p.c().cols() > width;
    }

    /**
     * Puts it on the stream.
     *
     * @param bias of c's columns, or null
     */
    void launch(CudaDevice device, Product p, Tensor bias, Activation activation) {
        Matrix c = p.c(), a = p.a(), b = p.b();
        Kernel kernel = device.kernel(module, a.type(), (p.transposed() ? "gemm_transposed" : "gemm") + ending);
        kernel.launchShared(Grid.of(blocks(p), threads).by(p.count(), 1), stages * (height + width) * ROW_BYTES, c.address(), a.address(), b.address(), bias,
            c.rows(), c.cols(), a.cols(), c.stride(), a.stride(), b.stride(), c.step(), a.step(), b.step(),
            p.alpha(), p.beta(), activation.ordinal(), c.type() == DType.F32 ? 1 : 0);
    }
}
