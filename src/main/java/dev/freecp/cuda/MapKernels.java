package dev.freecp.cuda;

import dev.freecp.ops.MemoryPool;
import dev.freecp.ops.Workspace;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;

/** From logits, one row a cell, to maps, one row a word; and attention maps without the class token. Shapes have been checked. */
final class MapKernels {

    /** Rows of a block where a warp owns a row. */
    private static final int ROWS = 8;

    /** Cells, and words, that a block turns at a time. */
    private static final int TILE = 32;

    /** Warps of a block that turns a tile. */
    private static final int TILE_WARPS = 8;

    private final CudaDevice device;
    private final MemoryPool pool;

    MapKernels(CudaDevice device, MemoryPool pool) {
        this.device = device;
        this.pool = pool;
    }

    void classMaps(Tensor p, Tensor y, Tensor z) {
        int windows = p.shape().dim(0), words = p.shape().dim(1), cells = p.cols(), tiles = tiles(cells);
        try (Workspace scratch = pool.workspace()) {
            Tensor ranges = scratch.tensor("ranges", Shape.of("number", windows * tiles * 2));
            device.kernel("class_maps", "softmax_maps").launch(turning(windows * tiles), p, ranges, z, words, cells, tiles, p.stride(), z.stride());
            device.kernel("class_maps", "stretch_maps").launch(Grid.warps(y.rows(), ROWS), y, p, ranges, y.rows(), words, cells, tiles, y.stride(), p.stride());
        }
    }

    void cosineMaps(Tensor y, Tensor z, float factor) {
        int windows = y.shape().dim(0), words = y.shape().dim(1), cells = y.cols(), tiles = tiles(cells);
        device.kernel("class_maps", "cosine_maps").launch(turning(windows * tiles).by(tiles(words), 1), y, z, factor, words, cells, tiles, y.stride(), z.stride());
    }

    void cutClassToken(Tensor y, Tensor map, float factor) {
        device.kernel("class_maps", "cut_class_token").launch(Grid.warps(y.rows(), ROWS), y, map, factor, y.rows(), y.cols(), y.stride(), map.stride());
    }

    private static int tiles(int count) {
        return Math.toIntExact(Grid.ceil(count, TILE));
    }

    private static Grid turning(int blocks) {
        return new Grid(blocks, 1, 1, TILE, TILE_WARPS, 1);
    }
}
