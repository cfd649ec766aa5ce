package dev.freecp.cpu;

import static dev.freecp.cpu.Lanes.LANES;
import static dev.freecp.cpu.Lanes.load;
import static dev.freecp.cpu.Lanes.store;

import dev.freecp.ops.Box;
import dev.freecp.ops.BoxRule;
import dev.freecp.ops.Boxes;
import dev.freecp.ops.Overlap;
import dev.freecp.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Class purification's operations on maps (specification, sections 6 to 8), each window or map on its own. */
final class Purification {

    /** Rows of one task. */
    private static final int RUN = 16;

    private final Pool pool;
    private final Scratch scratch;

    Purification(Pool pool, Scratch scratch) {
        this.pool = pool;
        this.scratch = scratch;
    }

    void cutClassToken(Tensor y, Tensor map, float factor) {
        int n = y.cols();
        pool.rows(y.rows(), RUN, (from, to, worker) -> {
            for (int row = from; row < to; row++)
                Vectors.scale(y.segment(), y.offset(row, 0), map.segment(), map.offset(row / n * (n + 1) + 1 + row % n, 1), n, factor);
        });
    }

    /**
     * Columns and rows are divided by nothing but numbers: T = diag(r) A diag(c) with c = 1 / (A^T r) and r = 1 / (A c) in turn, so that A is only
     * read and the factors are applied once. The row pass of a round makes the column sums of the next.
     */
    void transition(Tensor t, Tensor a, int rounds, boolean symmetric) {
        int n = a.cols();
        pool.run(a.shape().dim(0), (window, worker) -> {
            MemorySegment columns = scratch.of(worker, 2L * (n + LANES));
            long sums = (n + LANES) * 4L;
            float[] rows = new float[n];
            Arrays.fill(rows, 1);
            for (int i = 0; i < n; i++) columns.set(Lanes.FLOAT, i * 4L, 1);
            for (int round = -1; round < rounds; round++) {
                columns.asSlice(sums, n * 4L).fill((byte) 0);
                for (int i = 0; i < n; i++) {
                    long row = a.offset(window * n + i, 0);
                    if (round >= 0) rows[i] = 1 / Vectors.dot(a.segment(), row, columns, 0, n);
                    if (round + 1 < rounds) Vectors.mix(columns, sums, a.segment(), row, n, rows[i], 1);
                }
                if (round + 1 < rounds) reciprocal(columns, sums, n);
            }
            for (int i = 0; i < n; i++) {
                int row = window * n + i;
                product(t.segment(), t.offset(row, 0), a.segment(), a.offset(row, 0), columns, n, rows[i]);
            }
            if (symmetric) symmetrize(t, window * n, n);
        });
    }

    /** The first n values become one over those at {@code sums}. */
    private static void reciprocal(MemorySegment columns, long sums, int n) {
        for (int j = 0; j < n; j += LANES) {
            VectorMask<Float> mask = Lanes.first(n - j);
            store(Lanes.all(1).div(load(columns, sums + j * 4L, mask)), columns, j * 4L, mask);
        }
    }

    /** t(j) = a(j) * c(j) * r. */
    private static void product(MemorySegment t, long tAt, MemorySegment a, long aAt, MemorySegment c, int n, float r) {
        for (int j = 0; j < n; j += LANES) {
            VectorMask<Float> mask = Lanes.first(n - j);
            store(load(a, aAt + j * 4L, mask).mul(load(c, j * 4L, mask)).mul(r), t, tAt + j * 4L, mask);
        }
    }

    /** T = (T + T^T) / 2 in squares, so that the columns read stay in the cache. */
    private static void symmetrize(Tensor t, int first, int n) {
        int side = 32;
        for (int i0 = 0; i0 < n; i0 += side) {
            for (int j0 = 0; j0 <= i0; j0 += side) {
                for (int i = i0; i < Math.min(i0 + side, n); i++) {
                    for (int j = j0; j < Math.min(j0 + side, i); j++) {
                        float mean = (t.get(first + i, j) + t.get(first + j, i)) / 2;
                        t.set(first + i, j, mean);
                        t.set(first + j, i, mean);
                    }
                }
            }
        }
    }

    List<List<Box>> boxes(Tensor maps, int gridHeight, int gridWidth, BoxRule rule) {
        List<List<Box>> boxes = new ArrayList<>(Collections.nCopies(maps.rows(), null));
        pool.run(maps.rows(), (row, worker) -> boxes.set(row, Boxes.of(values(maps, row), gridHeight, gridWidth, rule)));
        return boxes;
    }

    void maskByBoxes(Tensor x, Tensor y, int first, int gridHeight, int gridWidth, BoxRule rule) {
        int maps = x.shape().dim(1), all = y.shape().dim(1);
        pool.run(x.rows(), (row, worker) -> {
            float[] map = values(y, row / maps * all + first + row % maps);
            boolean[] mask = Boxes.mask(Boxes.of(map, gridHeight, gridWidth, rule), gridHeight, gridWidth);
            for (int i = 0; i < map.length; i++) if (!mask[i]) map[i] = 0;
            MemorySegment.copy(map, 0, x.segment(), Lanes.FLOAT, x.offset(row, 0), map.length);
        });
    }

    private static float[] values(Tensor t, int row) {
        float[] values = new float[t.cols()];
        MemorySegment.copy(t.segment(), Lanes.FLOAT, t.offset(row, 0), values, 0, values.length);
        return values;
    }

    /** One task packs a panel of rows of t and multiplies all maps of its window with it. */
    void propagate(Tensor y, Tensor t, Tensor x) {
        int maps = x.shape().dim(1), n = x.cols(), panels = Tile.panels(n);
        pool.run(x.shape().dim(0) * panels, (task, worker) -> {
            int window = task / panels, column = task % panels * Tile.COLUMNS;
            long tileFloats = (long) Tile.ROWS * Tile.COLUMNS;
            MemorySegment memory = scratch.of(worker, (long) n * Tile.COLUMNS + tileFloats);
            long out = (long) n * Panels.STEP;
            Panels.transpose(memory, 0, t.segment(), t.offset(window * n + column, 0), (long) t.stride() * Float.BYTES, n - column, n);
            for (int c = 0; c < maps; c += Tile.ROWS) {
                int row = window * maps + c, count = Math.min(Tile.ROWS, maps - c);
                Tile.multiply(x.segment(), x.offset(row, 0), (long) x.stride() * Float.BYTES, count, memory, 0, n, n - column, memory, out, Panels.STEP);
                for (int r = 0; r < count; r++)
                    Vectors.scale(y.segment(), y.offset(row + r, column), memory, out + r * Panels.STEP, Math.min(Tile.COLUMNS, n - column), 1);
            }
        });
    }

    void minMaxRows(Tensor r, float eps) {
        pool.rows(r.rows(), RUN, (from, to, worker) -> {
            for (int row = from; row < to; row++) {
                long at = r.offset(row, 0);
                float min = ClassMaps.min(r.segment(), at, r.cols()), max = Softmax.max(r.segment(), at, r.cols());
                ClassMaps.stretch(r.segment(), at, r.segment(), at, r.cols(), min, max - min + eps);
            }
        });
    }

    void overlapSums(Tensor sums, Tensor p, int first, Tensor r) {
        int maps = r.shape().dim(1), all = p.shape().dim(1), n = r.cols();
        pool.rows(r.rows(), RUN, (from, to, worker) -> {
            for (int row = from; row < to; row++) {
                long pAt = p.offset(row / maps * all + first + row % maps, 0), rAt = r.offset(row, 0);
                sums.set(row, 0, Vectors.dot(p.segment(), pAt, r.segment(), rAt, n));
                sums.set(row, 1, Vectors.sum(p.segment(), pAt, n));
                sums.set(row, 2, Vectors.sum(r.segment(), rAt, n));
            }
        });
    }

    void softIou(Tensor j, Tensor r, int[] rows, Overlap overlap) {
        MemorySegment maps = r.segment();
        int n = r.cols();
        float[] sums = new float[rows.length];
        for (int a = 0; a < rows.length; a++) sums[a] = Vectors.sum(maps, r.offset(rows[a], 0), n);
        pool.run(rows.length, (a, worker) -> {
            for (int b = a; b < rows.length; b++) {
                long aAt = r.offset(rows[a], 0), bAt = r.offset(rows[b], 0);
                float shared = overlap == Overlap.MINIMUM ? sumOfMinima(maps, aAt, bAt, n) : Vectors.dot(maps, aAt, maps, bAt, n);
                float iou = shared / (sums[a] + sums[b] - shared);
                j.set(a, b, iou);
                j.set(b, a, iou);
            }
        });
    }

    /** Adds in the order of {@link Vectors#sum}, so that a map and itself overlap by exactly its sum. */
    private static float sumOfMinima(MemorySegment x, long aAt, long bAt, int count) {
        int whole = Lanes.whole(count), pairs = whole / (2 * LANES) * 2 * LANES;
        FloatVector even = FloatVector.zero(Lanes.SPECIES), odd = even;
        for (int i = 0; i < pairs; i += 2 * LANES) {
            even = even.add(Lanes.smaller(load(x, aAt + i * 4L), load(x, bAt + i * 4L)));
            odd = odd.add(Lanes.smaller(load(x, aAt + i * 4L + Lanes.WIDTH), load(x, bAt + i * 4L + Lanes.WIDTH)));
        }
        if (pairs < whole) even = even.add(Lanes.smaller(load(x, aAt + pairs * 4L), load(x, bAt + pairs * 4L)));
        if (whole < count) {
            VectorMask<Float> rest = Lanes.first(count - whole);
            odd = odd.add(Lanes.smaller(load(x, aAt + whole * 4L, rest), load(x, bAt + whole * 4L, rest)));
        }
        return Lanes.sum(even.add(odd));
    }

    void clear(Tensor r, int row, int[] columns) {
        for (int c : columns) r.set(row, c, 0);
    }
}
