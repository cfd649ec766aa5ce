package dev.freecp.cpu;

import dev.freecp.ops.Activation;
import dev.freecp.ops.HostMemory;
import dev.freecp.ops.Linear;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import dev.freecp.weights.Floats;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Linear maps y = x W^T + b. Weights are packed once into panels; activations are read where they are. Blocked so that a block of x (rows x depth) stays in the
 * second-level cache while panels stream past it; partial sums over the depth stay in the worker's memory, and y is touched once, when they are complete.
 */
final class Gemm {

    /** Depth of a block: a panel of it is 96 KiB, and sums of at most this many terms keep float32's error small. */
    private static final int DEPTH = 384;

    /** Rows of a block: with {@link #DEPTH} 441 KiB. */
    private static final int BLOCK_ROWS = 294;

    /** Blocks that take a group of panels one after the other, while it is in the third-level cache: with their 3 MB, weights come from memory a quarter as often. */
    private static final int RUN_BLOCKS = 4;

    /** Panels of one task at most. */
    private static final int BLOCK_PANELS = 3;

    private static final long TILE_BYTES = (long) Epilogue.TILE_FLOATS * Float.BYTES;

    private final Pool pool;
    private final Scratch scratch;

    Gemm(Pool pool, Scratch scratch) {
        this.pool = pool;
        this.scratch = scratch;
    }

    /** Packs W and b; both are padded with zeros to whole panels. */
    Linear pack(HostMemory memory, Tensor weight, Tensor bias) {
        int out = weight.rows(), in = weight.cols(), panels = Tile.panels(out);
        Tensor packed = memory.permanent(weight.name(), Shape.of("panel in column", panels, in, Tile.COLUMNS), DType.F32);
        Tensor shift = memory.permanent(bias == null ? "zero" : bias.name(), Shape.of("out", panels * Tile.COLUMNS), DType.F32);
        if (bias != null) {
            Shape filled = Shape.of("out", out);
            Floats.copy(bias, new Tensor(bias.name(), filled, DType.F32, out, shift.storage().slice(0, (long) out * Float.BYTES)));
        }
        pool.run(panels, (panel, worker) -> packPanel(packed.segment(), weight, panel));
        return new Linear(weight.name(), out, in, packed, shift);
    }

    /** Columns of the panel are rows of {@code w}, of any float type. */
    private static void packPanel(MemorySegment packed, Tensor w, int panel) {
        int in = w.cols(), first = panel * Tile.COLUMNS, count = Math.min(Tile.COLUMNS, w.rows() - first);
        Shape part = Shape.of("out in", count, in);
        try (Arena arena = Arena.ofConfined()) {
            Tensor rows = Tensor.allocate(arena, w.name(), part, DType.F32, in);
            Floats.copy(w.slice(w.name(), part, first), rows);
            Panels.transpose(packed, (long) first * in * Float.BYTES, rows.segment(), 0, (long) in * Float.BYTES, count, in);
        }
    }

    /** y = activation(x W^T + b). */
    void linear(Tensor y, Tensor x, Linear w, Activation activation) {
        run(new Product(y, x, w.weight().segment(), w.bias().segment(), false, activation, 1));
    }

    /** y += x W^T + b. */
    void linearAdd(Tensor y, Tensor x, Linear w) {
        run(new Product(y, x, w.weight().segment(), w.bias().segment(), true, Activation.NONE, 1));
    }

    /** y = factor * x B with B already in panels, (cols of x) x (cols of y). */
    void product(Tensor y, Tensor x, MemorySegment panels, float factor) {
        run(new Product(y, x, panels, null, false, Activation.NONE, factor));
    }

    /** y = activation(x B + bias), or y += that; without a bias factor * x B. */
    private record Product(Tensor y, Tensor x, MemorySegment panels, MemorySegment bias, boolean add, Activation activation, float factor) {
    }

    private void run(Product p) {
        int rows = p.x.rows(), panels = Tile.panels(p.y.cols());
        if (rows == 0) return;
        int blocks = (rows + BLOCK_ROWS - 1) / BLOCK_ROWS;
        int blockRows = ((rows + blocks - 1) / blocks + Tile.ROWS - 1) / Tile.ROWS * Tile.ROWS;
        int group = Math.clamp((long) panels * blocks / (4L * pool.workers()), 1, BLOCK_PANELS);
        int groups = (panels + group - 1) / group;
        int run = Math.min(blocks, RUN_BLOCKS);
        pool.run(groups * blocks, (task, worker) -> {
            int first = task / (groups * run) * run, blocksHere = Math.min(run, blocks - first), inRun = task - first * groups;
            int row = (first + inRun % blocksHere) * blockRows, panel = inRun / blocksHere * group;
            block(p, row, Math.min(row + blockRows, rows), panel, Math.min(panel + group, panels), worker);
        });
    }

    private void block(Product p, int row0, int row1, int panel0, int panel1, int worker) {
        int in = p.x.cols(), tiles = (row1 - row0 + Tile.ROWS - 1) / Tile.ROWS;
        long stride = (long) p.x.stride() * Float.BYTES;
        boolean deep = in > DEPTH;
        long keptAt = 3 * TILE_BYTES;                                   // behind the present tile and what its activation needs
        MemorySegment sums = scratch.of(worker, Epilogue.TILE_FLOATS * (3 + (deep ? (long) tiles * (panel1 - panel0) : 0)));
        for (int k = 0; k < in; k += DEPTH) {
            int depth = Math.min(DEPTH, in - k);
            long kept = deep ? keptAt : 0;
            for (int panel = panel0; panel < panel1; panel++) {
                long b = ((long) panel * in + k) * Panels.STEP;
                for (int row = row0; row < row1; row += Tile.ROWS) {
                    int count = Math.min(Tile.ROWS, row1 - row);
                    Tile.multiply(p.x.segment(), p.x.offset(row, k), stride, count, p.panels, b, depth, p.y.cols() - panel * Tile.COLUMNS,
                        sums, k == 0 ? kept : 0, Panels.STEP);
                    if (k > 0) Epilogue.accumulate(sums, kept);
                    if (k + depth == in) finish(p, sums, kept, row, count, panel * Tile.COLUMNS);
                    if (deep) kept += TILE_BYTES;
                }
            }
        }
    }

    /** From the tile's sums to y. */
    private static void finish(Product p, MemorySegment sums, long at, int row, int rows, int column) {
        if (p.bias == null) Epilogue.scale(sums, at, p.factor);
        else Epilogue.shift(sums, at, p.bias, column * 4L);
        Epilogue.activate(sums, at, p.activation, TILE_BYTES);
        Epilogue.write(p.y, row, rows, column, sums, at, p.add);
    }
}
