package dev.freecp.cpu;

import static dev.freecp.cpu.Lanes.LANES;
import static dev.freecp.cpu.Lanes.load;
import static dev.freecp.cpu.Lanes.store;

import dev.freecp.ops.Activation;
import dev.freecp.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/**
 * From a tile's complete sums to the matrix: scaled or shifted, activated, then written or added. Every step is a loop of its own over the tile, which is in the
 * first-level cache: one loop for all would branch on what it does, and be compiled again whenever another product comes.
 */
final class Epilogue {

    /** Floats of a tile. */
    static final int TILE_FLOATS = Tile.ROWS * Tile.COLUMNS;

    private Epilogue() {
    }

    /** Adds the tile at the front of {@code sums} to the one at {@code at}. */
    static void accumulate(MemorySegment sums, long at) {
        for (int i = 0; i < TILE_FLOATS; i += LANES) store(load(sums, at + i * 4L).add(load(sums, i * 4L)), sums, at + i * 4L);
    }

    /** sums(r, j) *= factor. */
    static void scale(MemorySegment sums, long at, float factor) {
        for (int i = 0; i < TILE_FLOATS; i += LANES) store(load(sums, at + i * 4L).mul(factor), sums, at + i * 4L);
    }

    /** sums(r, j) += bias(j). */
    static void shift(MemorySegment sums, long at, MemorySegment bias, long biasAt) {
        for (int r = 0; r < Tile.ROWS; r++) {
            long row = at + r * Panels.STEP;
            for (int j = 0; j < Tile.COLUMNS; j += LANES) store(load(sums, row + j * 4L).add(load(bias, biasAt + j * 4L)), sums, row + j * 4L);
        }
    }

    /** @param freeAt where two tiles' floats may be written */
    static void activate(MemorySegment sums, long at, Activation activation, long freeAt) {
        switch (activation) {
            case NONE -> { }
            case QUICK_GELU -> Exp.quickGelu(sums, at, TILE_FLOATS, freeAt);
            case GELU -> Exp.gelu(sums, at, TILE_FLOATS, freeAt);
        }
    }

    /** y(row + r, column + j) = sums(r, j), or += with {@code add}, for the part of the tile that y has. */
    static void write(Tensor y, int row, int rows, int column, MemorySegment sums, long at, boolean add) {
        int columns = Math.min(Tile.COLUMNS, y.cols() - column);
        MemorySegment to = y.segment();
        for (int r = 0; r < rows; r++) {
            long from = at + r * Panels.STEP, yAt = y.offset(row + r, column);
            if (add) Vectors.sum(to, yAt, to, yAt, sums, from, columns);
            else MemorySegment.copy(sums, from, to, yAt, columns * 4L);
        }
    }
}
