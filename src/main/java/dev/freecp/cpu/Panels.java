package dev.freecp.cpu;

import java.lang.foreign.MemorySegment;

/** Packing into the panels that {@link Tile} reads: {@code panel[k * COLUMNS + j] = B(k, j)}, columns beyond the last are zero. */
final class Panels {

    /** Bytes from one depth to the next. */
    static final long STEP = (long) Tile.COLUMNS * Float.BYTES;

    private Panels() {
    }

    /** Floats that panels for a B of {@code depth} x {@code columns} take. */
    static long floats(int depth, int columns) {
        return (long) Tile.panels(columns) * depth * Tile.COLUMNS;
    }

    /** Packs one panel of a matrix whose columns lie in memory as rows: B(k, j) is float k at {@code from + j * stride}. */
    static void transpose(MemorySegment panel, long at, MemorySegment source, long from, long stride, int columns, int depth) {
        int j = 0;
        for (; j + 4 <= columns && j < Tile.COLUMNS; j += 4) four(panel, at + j * 4L, source, from + j * stride, stride, depth);
        for (; j < Tile.COLUMNS; j++) {
            long to = at + j * 4L, row = from + j * stride;
            if (j < columns) for (int k = 0; k < depth; k++) panel.set(Lanes.FLOAT, to + k * STEP, source.get(Lanes.FLOAT, row + k * 4L));
            else for (int k = 0; k < depth; k++) panel.set(Lanes.FLOAT, to + k * STEP, 0);
        }
    }

    /** Four columns of {@link #transpose}: their rows are fetched at once, and what is written lies together. */
    private static void four(MemorySegment panel, long at, MemorySegment source, long from, long stride, int depth) {
        for (int k = 0; k < depth; k++) {
            long to = at + k * STEP, row = from + k * 4L;
            panel.set(Lanes.FLOAT, to, source.get(Lanes.FLOAT, row));
            panel.set(Lanes.FLOAT, to + 4, source.get(Lanes.FLOAT, row + stride));
            panel.set(Lanes.FLOAT, to + 8, source.get(Lanes.FLOAT, row + 2 * stride));
            panel.set(Lanes.FLOAT, to + 12, source.get(Lanes.FLOAT, row + 3 * stride));
        }
    }

    /** Packs one panel of a matrix that lies row by row: B(k, j) is float j at {@code from + k * stride}. */
    static void copy(MemorySegment panel, long at, MemorySegment source, long from, long stride, int columns, int depth) {
        int count = Math.min(columns, Tile.COLUMNS);
        for (int k = 0; k < depth; k++) {
            MemorySegment.copy(source, from + k * stride, panel, at + k * STEP, count * 4L);
            if (count < Tile.COLUMNS) panel.asSlice(at + k * STEP + count * 4L, (Tile.COLUMNS - count) * 4L).fill((byte) 0);
        }
    }
}
