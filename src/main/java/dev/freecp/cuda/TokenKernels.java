package dev.freecp.cuda;

import dev.freecp.ops.Affine;
import dev.freecp.ops.MemoryPool;
import dev.freecp.ops.Workspace;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.util.Arrays;

/** Operations on the tokens of a tower, between its matrix products and attentions. Shapes have been checked. */
final class TokenKernels {

    /** Rows of a block where a warp owns a row. */
    private static final int ROWS = 8;

    private final CudaDevice device;
    private final MemoryPool pool;

    TokenKernels(CudaDevice device, MemoryPool pool) {
        this.device = device;
        this.pool = pool;
    }

    void embedPatches(Tensor x, Tensor patches, Tensor cls, Tensor position) {
        device.kernel("embed", "embed_patches").launch(Grid.elements(x.rows(), x.cols()), x, patches, cls, position,
            x.rows(), position.rows(), x.cols(), x.stride(), patches.stride(), position.stride());
    }

    void embedTokens(Tensor x, int[][] ids, Tensor table, Tensor position) {
        if (ids.length == 0) return;
        try (Workspace scratch = pool.workspace()) {
            Tensor all = IntTable.upload(device, scratch, "ids", Arrays.stream(ids).flatMapToInt(Arrays::stream).toArray());
            device.kernel("embed", "embed_tokens").launch(Grid.elements(x.rows(), x.cols()), x, all, table, position,
                x.rows(), ids[0].length, x.cols(), x.stride(), table.stride(), position.stride());
        }
    }

    /** x is float32, y what the next product reads. */
    void layerNorm(Tensor y, Tensor x, Affine affine, float eps) {
        device.kernel("layer_norm", y.type(), "layer_norm").launch(Grid.warps(x.rows(), ROWS), y, x, affine.gamma(), affine.beta(),
            x.rows(), x.cols(), y.stride(), x.stride(), eps);
    }

    /** In two launches, so that a few long sequences keep the whole card busy. */
    void meanNorm(Tensor tau, Tensor x, float factor) {
        int sequences = Math.toIntExact(tau.shape().count());
        try (Workspace scratch = pool.workspace()) {
            Tensor norms = scratch.tensor("norms", Shape.of("token", x.rows()));
            device.kernel("tokens", x.type(), "row_norms").launch(Grid.warps(x.rows(), ROWS), norms, x, x.rows(), x.cols(), x.stride());
            device.kernel("tokens", x.type(), "mean_norm").launch(Grid.warps(sequences, ROWS), tau, norms, sequences, x.rows() / sequences, factor);
        }
    }

    /** x and y are of the same type. */
    void takeTokens(Tensor y, Tensor x, int sequences, int first, int count) {
        device.kernel("tokens", y.type(), "take_tokens").launch(Grid.elements(y.rows(), y.cols()), y, x,
            y.rows(), x.rows() / sequences, first, count, y.cols(), y.stride(), x.stride());
    }
}
