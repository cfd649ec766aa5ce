package dev.freecp.cpu;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * The tile that every matrix product is made of: {@link #ROWS} rows of A, read in place, times one panel of B.
 *
 * <p>A panel holds {@link #COLUMNS} columns of B, step by step of the depth: {@code panel[k * COLUMNS + j] = B(k, j)}. Each result is one chain of fused
 * multiply-adds in the order of k, started at zero, so a row's bits do not depend on which rows are computed with it.
 */
final class Tile {

    /** Rows of a tile. */
    static final int ROWS = 6;

    /** Columns of a tile and of a panel: 256-bit vectors come with 16 registers, which hold half as many accumulators as the 32 of wider and of NEON's. */
    static final int COLUMNS = (Lanes.SPECIES.vectorBitSize() == 256 ? 2 : 4) * Lanes.LANES;

    private Tile() {
    }

    /**
     * c(r, j) = sum over k of a(r, k) * panel(k, j) for the panel's first {@code columns}. Always writes {@link #ROWS} rows; with fewer {@code rows}, the last of A is
     * repeated. Columns up to {@link #COLUMNS} beyond the wanted ones may be written too.
     *
     * @param aAt, bAt, cAt     byte offsets of the first element
     * @param aStride, cStride  bytes from row to row
     */
    static void multiply(MemorySegment a, long aAt, long aStride, int rows, MemorySegment b, long bAt, int depth, int columns,
                         MemorySegment c, long cAt, long cStride) {
        long last = aAt + (rows - 1) * aStride;
        long a1 = Math.min(aAt + aStride, last), a2 = Math.min(aAt + 2 * aStride, last), a3 = Math.min(aAt + 3 * aStride, last);
        long a4 = Math.min(aAt + 4 * aStride, last), a5 = Math.min(aAt + 5 * aStride, last);
        if (Math.min(columns, COLUMNS) <= 2 * Lanes.LANES) Tile6x2.multiply(a, aAt, a1, a2, a3, a4, a5, b, bAt, Panels.STEP, depth, c, cAt, cStride);
        else Tile6x4.multiply(a, aAt, a1, a2, a3, a4, a5, b, bAt, depth, c, cAt, cStride);
    }

    /** How many panels cover {@code columns}. */
    static int panels(int columns) {
        return (columns + COLUMNS - 1) / COLUMNS;
    }
}
