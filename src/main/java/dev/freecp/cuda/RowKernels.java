package dev.freecp.cuda;

import dev.freecp.ops.MemoryPool;
import dev.freecp.ops.Workspace;
import dev.freecp.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Operations on rows, whatever they hold: features, maps. Shapes have been checked. */
final class RowKernels {

    /** Rows of a block where a warp owns a row. */
    private static final int ROWS = 8;

    /** Threads of a block where each has a column. */
    private static final int THREADS = 256;

    private final CudaDevice device;
    private final MemoryPool pool;

    RowKernels(CudaDevice device, MemoryPool pool) {
        this.device = device;
        this.pool = pool;
    }

    /** Of any of the three types; what lies between rows stays. */
    void fill(Tensor y, float value) {
        device.kernel("fill", y.type(), "fill").launch(Grid.elements(y.rows(), y.cols()), y, y.rows(), y.cols(), y.stride(), value);
    }

    void clear(Tensor r, int row, int[] columns) {
        try (Workspace scratch = pool.workspace()) {
            Tensor table = IntTable.upload(device, scratch, "columns", columns);
            device.kernel("rows", "clear").launch(Grid.each(columns.length, THREADS), DeviceMemory.addressOf(r) + r.offset(row, 0), table, columns.length);
        }
    }

    void normalizeRows(Tensor x) {
        device.kernel("rows", "normalize_rows").launch(Grid.warps(x.rows(), ROWS), x, x.rows(), x.cols(), x.stride());
    }

    void groupMeans(Tensor y, Tensor x, int[][] groups) {
        try (Workspace scratch = pool.workspace()) {
            Tensor table = IntTable.upload(device, scratch, "groups", table(groups));
            device.kernel("rows", "group_means").launch(Grid.elements(y.rows(), y.cols()), y, x, table, y.rows(), y.cols(), y.stride(), x.stride());
        }
    }

    /** Where each group begins in this table and the last one ends, then the groups one after the other. */
    private static int[] table(int[][] groups) {
        int[] begins = new int[groups.length + 1];
        begins[0] = begins.length;
        for (int g = 0; g < groups.length; g++) begins[g + 1] = begins[g] + groups[g].length;
        return IntStream.concat(Arrays.stream(begins), Arrays.stream(groups).flatMapToInt(Arrays::stream)).toArray();
    }
}
