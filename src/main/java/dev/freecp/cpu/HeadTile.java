package dev.freecp.cpu;

import dev.freecp.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/**
 * Six queries of one head against all n keys: scores, softmax, values. Rows are kept unnormalised; the reciprocals of their sums are applied where the row is
 * read next. Lives in one worker's memory.
 */
final class HeadTile {

    /** Queries of a set at most. */
    static final int QUERIES = 10 * Tile.ROWS;

    private final int n;
    private final int d;
    private final MemorySegment memory;
    private final long[] queriesAt;
    private final long queryStride;
    private final long scoreStride;
    private final long scoresAt;
    private final long keptAt;
    private final long outAt;
    private final float[] inverse = new float[Tile.ROWS];
    private final float[] keptInverse = new float[Tile.ROWS];
    private int rows;

    HeadTile(Scratch scratch, int worker, int n, int d) {
        this(scratch.of(worker, floats(n, d)), 0, n, d);
    }

    HeadTile(MemorySegment memory, long at, int n, int d) {
        this.n = n;
        this.d = d;
        this.memory = memory;
        queryStride = aligned(d) * Float.BYTES;
        scoreStride = scoreFloats(n) * Float.BYTES;
        queriesAt = new long[]{at, at + QUERIES * queryStride};
        scoresAt = at + 2 * QUERIES * queryStride;
        keptAt = scoresAt + Tile.ROWS * scoreStride;
        outAt = keptAt + Tile.ROWS * scoreStride;
    }

    /** Floats that a tile's memory takes. */
    static long floats(int n, int d) {
        return 2 * QUERIES * aligned(d) + Tile.ROWS * (2 * scoreFloats(n) + Tile.COLUMNS);
    }

    private static long aligned(int floats) {
        return (floats + 15L) / 16 * 16;
    }

    /** One cache line more than the panels, so that six rows do not meet in the same cache sets. */
    private static long scoreFloats(int n) {
        return (long) Tile.panels(n) * Tile.COLUMNS + 16;
    }

    /** Packs n rows of d floats from (row, column) on as keys. */
    static void packKeys(MemorySegment packed, long at, Tensor x, int row, int column, int n, int d) {
        for (int panel = 0; panel < Tile.panels(n); panel++) {
            int key = panel * Tile.COLUMNS;
            Panels.transpose(packed, at + (long) key * d * Float.BYTES, x.segment(), x.offset(row + key, column), (long) x.stride() * Float.BYTES, n - key, d);
        }
    }

    /** Packs n rows of d floats from (row, column) on as values. */
    static void packValues(MemorySegment packed, long at, Tensor x, int row, int column, int n, int d) {
        for (int panel = 0; panel < Tile.panels(d); panel++) {
            int first = panel * Tile.COLUMNS;
            Panels.copy(packed, at + (long) first * n * Float.BYTES, x.segment(), x.offset(row, column + first), (long) x.stride() * Float.BYTES, d - first, n);
        }
    }

    /** Takes up to {@link #QUERIES} queries, multiplied by {@code scale}, into one of two sets: rows of far memory are fetched together, not six at a time. */
    void queries(int set, Tensor x, int row, int column, int count, float scale) {
        for (int r = 0; r < count; r++) Vectors.scale(memory, queriesAt[set] + r * queryStride, x.segment(), x.offset(row + r, column), d, scale);
    }

    /** Scores of {@code count} queries, six at most, from the set's {@code first} on. */
    void scores(int set, int first, int count, MemorySegment packed, long keysAt) {
        rows = count;
        for (int panel = 0; panel < Tile.panels(n); panel++) {
            long column = (long) panel * Tile.COLUMNS * Float.BYTES;
            Tile.multiply(memory, queriesAt[set] + first * queryStride, queryStride, rows, packed, keysAt + column * d, d, n - panel * Tile.COLUMNS,
                memory, scoresAt + column, scoreStride);
        }
    }

    /** Over {@code keys} keys; {@code growing}: one key more for each row, the others get 0. */
    void softmax(int keys, boolean growing) {
        for (int r = 0; r < rows; r++) {
            int count = growing ? keys + r : keys;
            long at = scoresAt + r * scoreStride;
            inverse[r] = 1 / Softmax.exponents(memory, at, count);
            if (count < n) memory.asSlice(at + count * 4L, (n - count) * 4L).fill((byte) 0);
        }
    }

    /** Puts the present attention aside; {@link #addKept} adds it to the next. */
    void keepForSum() {
        MemorySegment.copy(memory, scoresAt, memory, keptAt, rows * scoreStride);
        System.arraycopy(inverse, 0, keptInverse, 0, rows);
    }

    void addKept() {
        for (int r = 0; r < rows; r++) {
            Vectors.mix(memory, scoresAt + r * scoreStride, memory, keptAt + r * scoreStride, n, keptInverse[r], inverse[r]);
            inverse[r] = 1;
        }
    }

    /** map(row + r) += weight * attention(r). */
    void addTo(Tensor map, int row, float weight) {
        for (int r = 0; r < rows; r++)
            Vectors.mix(map.segment(), map.offset(row + r, 0), memory, scoresAt + r * scoreStride, n, weight * inverse[r], 1);
    }

    /** y(row + r, column + i) = factor * attention times values, added to what is there if {@code add}. */
    void values(MemorySegment packed, long valuesAt, Tensor y, int row, int column, float factor, boolean add) {
        for (int first = 0; first < d; first += Tile.COLUMNS) {
            Tile.multiply(memory, scoresAt, scoreStride, rows, packed, valuesAt + (long) first * n * Float.BYTES, n, d - first, memory, outAt, Panels.STEP);
            int columns = Math.min(Tile.COLUMNS, d - first);
            for (int r = 0; r < rows; r++) {
                long to = y.offset(row + r, column + first), from = outAt + r * Panels.STEP;
                if (add) Vectors.mix(y.segment(), to, memory, from, columns, factor * inverse[r], 1);
                else Vectors.scale(y.segment(), to, memory, from, columns, factor * inverse[r]);
            }
        }
    }
}
