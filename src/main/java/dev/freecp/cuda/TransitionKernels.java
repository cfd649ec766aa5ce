package dev.freecp.cuda;

import dev.freecp.ops.MemoryPool;
import dev.freecp.ops.Workspace;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;

/** From affinity to transition matrix. Shapes have been checked. */
final class TransitionKernels {

    /** Rows of a block where a warp owns a row. */
    private static final int ROWS = 8;

    /** Columns of a block that adds up columns, and its warps. */
    private static final int COLUMNS = 32;
    private static final int COLUMN_WARPS = 16;

    /** Side of a tile that is added to its mirror image, and warps of the block that does it. */
    private static final int TILE = 32;
    private static final int TILE_WARPS = 8;

    private final CudaDevice device;
    private final MemoryPool pool;

    TransitionKernels(CudaDevice device, MemoryPool pool) {
        this.device = device;
        this.pool = pool;
    }

    /** T = diag(r) A diag(c): a round makes c = 1 / (A^T r), then r = 1 / (A c), and A is only read. */
    void transition(Tensor t, Tensor a, int rounds, boolean symmetric) {
        int windows = a.shape().dim(0), n = a.cols();
        try (Workspace scratch = pool.workspace()) {
            Shape factors = Shape.of("factor", windows * n);
            Tensor r = null, c = null;
            if (rounds > 0) c = scratch.tensor("column factors", factors);
            for (int round = 0; round < rounds; round++) {
                Grid columns = new Grid(blocks(n, COLUMNS), windows, 1, COLUMNS, COLUMN_WARPS, 1);
                device.kernel("transition", "column_factors").launch(columns, c, a, r, n, a.stride());
                if (r == null) r = scratch.tensor("row factors", factors);                          // ones until now
                device.kernel("transition", "row_factors").launch(Grid.warps(a.rows(), ROWS), r, a, c, a.rows(), n, a.stride());
            }
            if (symmetric) {
                Grid tiles = new Grid(blocks(n, TILE), blocks(n, TILE), windows, TILE, TILE_WARPS, 1);
                device.kernel("transition", "scale_symmetric").launch(tiles, t, a, r, c, n, t.stride(), a.stride());
            } else {
                device.kernel("transition", "scale_matrix").launch(Grid.warps(a.rows(), ROWS), t, a, r, c, a.rows(), n, t.stride(), a.stride());
            }
        }
    }

    private static int blocks(int n, int each) {
        return Math.toIntExact(Grid.ceil(n, each));
    }
}
