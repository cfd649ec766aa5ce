package dev.freecp.cuda;

import dev.freecp.ops.MemoryPool;
import dev.freecp.ops.Overlap;
import dev.freecp.ops.Workspace;
import dev.freecp.tensor.Tensor;

/** What purification asks of refined maps: their range, what they share with class maps and with each other. Shapes have been checked. */
final class ConsistencyKernels {

    /** Rows of a block where a warp owns a row. */
    private static final int ROWS = 8;

    /** A block owns as many pairs of maps in both directions. */
    private static final int PAIRS = 16;

    private final CudaDevice device;
    private final MemoryPool pool;

    ConsistencyKernels(CudaDevice device, MemoryPool pool) {
        this.device = device;
        this.pool = pool;
    }

    void minMaxRows(Tensor r, float eps) {
        device.kernel("consistency", "min_max_rows").launch(Grid.warps(r.rows(), ROWS), r, eps, r.rows(), r.cols(), r.stride());
    }

    void overlapSums(Tensor sums, Tensor p, int first, Tensor r) {
        device.kernel("consistency", "overlap_sums").launch(Grid.warps(r.rows(), ROWS), sums, p, r, r.rows(), r.shape().dim(1), p.shape().dim(1), first, r.cols(),
            sums.stride(), p.stride(), r.stride());
    }

    void softIou(Tensor j, Tensor r, int[] rows, Overlap overlap) {
        int blocks = Math.toIntExact(Grid.ceil(rows.length, PAIRS));
        try (Workspace scratch = pool.workspace()) {
            Tensor picked = IntTable.upload(device, scratch, "rows", rows);
            device.kernel("consistency", "soft_iou").launch(new Grid(blocks, blocks, 1, PAIRS, PAIRS, 1), j, r, picked, rows.length, r.cols(),
                overlap == Overlap.PRODUCT ? 1 : 0, j.stride(), r.stride());
        }
    }
}
