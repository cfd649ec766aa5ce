package dev.freecp.cpu;

import static dev.freecp.cpu.Lanes.LANES;
import static dev.freecp.cpu.Lanes.load;
import static dev.freecp.cpu.Lanes.store;

import dev.freecp.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** From logits, one row a cell, to maps, one row a query word. */
final class ClassMaps {

    /** Cells of one task: their softmaxes stay in the first-level cache while they are turned. */
    private static final int CELLS = 32;

    private final Pool pool;
    private final Scratch scratch;

    ClassMaps(Pool pool, Scratch scratch) {
        this.pool = pool;
        this.scratch = scratch;
    }

    void softmax(Tensor p, Tensor y, Tensor z) {
        int windows = p.shape().dim(0), queries = p.shape().dim(1), n = p.cols(), runs = (n + CELLS - 1) / CELLS;
        float[] min = new float[windows * runs], max = new float[windows * runs];
        pool.run(windows * runs, (task, worker) -> {
            int window = task / runs, cell = task % runs * CELLS, cells = Math.min(CELLS, n - cell);
            MemorySegment rows = scratch.of(worker, CELLS * stride(queries) / Float.BYTES);
            min[task] = Float.POSITIVE_INFINITY;
            max[task] = Float.NEGATIVE_INFINITY;
            for (int i = 0; i < cells; i++) {
                long at = i * stride(queries);
                MemorySegment.copy(z.segment(), z.offset(window * n + cell + i, 0), rows, at, queries * 4L);
                divide(rows, at, queries, Softmax.exponents(rows, at, queries));
                min[task] = Math.min(min[task], min(rows, at, queries));
                max[task] = Math.max(max[task], Softmax.max(rows, at, queries));
            }
            turn(p, window * queries, cell, rows, cells, queries);
        });
        pool.run(windows * queries, (row, worker) -> {
            int window = row / queries;
            float low = Float.POSITIVE_INFINITY, high = Float.NEGATIVE_INFINITY;
            for (int i = window * runs; i < (window + 1) * runs; i++) {
                low = Math.min(low, min[i]);
                high = Math.max(high, max[i]);
            }
            if (high == low) y.segment().asSlice(y.offset(row, 0), n * 4L).fill((byte) 0);
            else stretch(y.segment(), y.offset(row, 0), p.segment(), p.offset(row, 0), n, low, high - low);
        });
    }

    void cosine(Tensor y, Tensor z, float factor) {
        int windows = y.shape().dim(0), queries = y.shape().dim(1), n = y.cols(), runs = (n + CELLS - 1) / CELLS;
        pool.run(windows * runs, (task, worker) -> {
            int window = task / runs, cell = task % runs * CELLS, cells = Math.min(CELLS, n - cell);
            MemorySegment rows = scratch.of(worker, CELLS * stride(queries) / Float.BYTES);
            for (int i = 0; i < cells; i++)
                for (int q = 0; q < queries; q++)
                    rows.set(Lanes.FLOAT, i * stride(queries) + q * 4L, Math.max(factor * z.get(window * n + cell + i, q), 0));
            turn(y, window * queries, cell, rows, cells, queries);
        });
    }

    /** Bytes from one cell's row to the next: whole vectors. */
    private static long stride(int queries) {
        return (queries + LANES - 1) / LANES * Lanes.WIDTH;
    }

    /** maps(first + q, cell + i) = rows(i, q). */
    private static void turn(Tensor maps, int first, int cell, MemorySegment rows, int cells, int queries) {
        MemorySegment to = maps.segment();
        for (int q = 0; q < queries; q++) {
            long at = maps.offset(first + q, cell);
            for (int i = 0; i < cells; i++) to.set(Lanes.FLOAT, at + i * 4L, rows.get(Lanes.FLOAT, i * stride(queries) + q * 4L));
        }
    }

    private static void divide(MemorySegment x, long at, int count, float by) {
        for (int i = 0; i < count; i += LANES) {
            VectorMask<Float> mask = Lanes.first(count - i);
            store(load(x, at + i * 4L, mask).div(by), x, at + i * 4L, mask);
        }
    }

    /** y = (x - low) / range with a true division: a peak of exactly 1, or just below, decides bytes later. */
    static void stretch(MemorySegment y, long yAt, MemorySegment x, long xAt, int count, float low, float range) {
        for (int i = 0; i < count; i += LANES) {
            VectorMask<Float> mask = Lanes.first(count - i);
            store(load(x, xAt + i * 4L, mask).sub(low).div(range), y, yAt + i * 4L, mask);
        }
    }

    static float min(MemorySegment x, long at, int count) {
        FloatVector infinite = Lanes.all(Float.POSITIVE_INFINITY), min = infinite;
        for (int i = 0; i < count; i += LANES) {
            VectorMask<Float> mask = Lanes.first(count - i);
            min = Lanes.smaller(min, infinite.blend(load(x, at + i * 4L, mask), mask));
        }
        return min.reduceLanes(VectorOperators.MIN);
    }
}
