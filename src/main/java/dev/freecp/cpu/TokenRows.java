package dev.freecp.cpu;

import static dev.freecp.cpu.Lanes.LANES;
import static dev.freecp.cpu.Lanes.load;
import static dev.freecp.cpu.Lanes.store;

import dev.freecp.ops.Affine;
import dev.freecp.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Operations on the rows of activations, each row on its own. */
final class TokenRows {

    /** Rows of one task: a few hundred kilobytes. */
    private static final int RUN = 64;

    private final Pool pool;

    TokenRows(Pool pool) {
        this.pool = pool;
    }

    void fill(Tensor y, float value) {
        pool.rows(y.rows(), RUN, (from, to, worker) -> {
            for (int row = from; row < to; row++)
                for (int c = 0; c < y.cols(); c += LANES) store(Lanes.all(value), y.segment(), y.offset(row, c), Lanes.first(y.cols() - c));
        });
    }

    void embedPatches(Tensor x, Tensor patches, Tensor cls, Tensor position) {
        int tokens = position.rows();
        pool.rows(x.rows(), RUN, (from, to, worker) -> {
            for (int row = from; row < to; row++) {
                int token = row % tokens;
                Tensor source = token == 0 ? cls : patches;
                int sourceRow = token == 0 ? 0 : row / tokens * (tokens - 1) + token - 1;
                Vectors.sum(x.segment(), x.offset(row, 0), source.segment(), source.offset(sourceRow, 0), position.segment(), position.offset(token, 0), x.cols());
            }
        });
    }

    void embedTokens(Tensor x, int[][] ids, Tensor table, Tensor position) {
        if (ids.length == 0) return;
        int length = ids[0].length;
        pool.rows(x.rows(), RUN, (from, to, worker) -> {
            for (int row = from; row < to; row++) {
                long entry = table.offset(ids[row / length][row % length], 0);
                Vectors.sum(x.segment(), x.offset(row, 0), table.segment(), entry, position.segment(), position.offset(row % length, 0), x.cols());
            }
        });
    }

    void layerNorm(Tensor y, Tensor x, Affine affine, float eps) {
        pool.rows(x.rows(), RUN, (from, to, worker) -> {
            for (int row = from; row < to; row++)
                layerNorm(y.segment(), y.offset(row, 0), x.segment(), x.offset(row, 0), affine.gamma().segment(), affine.beta().segment(), x.cols(), eps);
        });
    }

    /**
     * The mean's own rounding error, large where the mean dwarfs the deviation, is measured as the mean of what is left after subtracting it, and taken off
     * mean and variance.
     */
    private static void layerNorm(MemorySegment y, long yAt, MemorySegment x, long xAt, MemorySegment gamma, MemorySegment beta, int count, float eps) {
        float mean = Vectors.sum(x, xAt, count) / count;
        FloatVector left = FloatVector.zero(Lanes.SPECIES), squares = left;
        int whole = Lanes.whole(count);
        for (int i = 0; i < whole; i += LANES) {
            FloatVector d = load(x, xAt + i * 4L).sub(mean);
            left = left.add(d);
            squares = d.fma(d, squares);
        }
        VectorMask<Float> rest = Lanes.first(count - whole);
        if (whole < count) {
            FloatVector d = Lanes.all(0).blend(load(x, xAt + whole * 4L, rest).sub(mean), rest);
            left = left.add(d);
            squares = d.fma(d, squares);
        }
        float error = Lanes.sum(left) / count;
        float scale = (float) (1 / Math.sqrt(Lanes.sum(squares) / count - error * error + eps));
        for (int i = 0; i < whole; i += LANES)
            store(load(x, xAt + i * 4L).sub(mean).sub(error).mul(scale).fma(load(gamma, i * 4L), load(beta, i * 4L)), y, yAt + i * 4L);
        if (whole == count) return;
        FloatVector normed = load(x, xAt + whole * 4L, rest).sub(mean).sub(error).mul(scale);
        store(normed.fma(load(gamma, whole * 4L, rest), load(beta, whole * 4L, rest)), y, yAt + whole * 4L, rest);
    }

    void meanNorm(Tensor tau, Tensor x, float factor) {
        int sequences = Math.toIntExact(tau.shape().count()), length = x.rows() / sequences;
        pool.run(sequences, (s, worker) -> {
            double sum = 0;
            for (int row = s * length; row < (s + 1) * length; row++) sum += norm(x, row);
            tau.set(0, s, (float) (factor * sum / length));
        });
    }

    void normalize(Tensor x) {
        pool.rows(x.rows(), RUN, (from, to, worker) -> {
            for (int row = from; row < to; row++)
                Vectors.scale(x.segment(), x.offset(row, 0), x.segment(), x.offset(row, 0), x.cols(), (float) (1 / norm(x, row)));
        });
    }

    private static double norm(Tensor x, int row) {
        return Math.sqrt(Vectors.dot(x.segment(), x.offset(row, 0), x.segment(), x.offset(row, 0), x.cols()));
    }

    void take(Tensor y, Tensor x, int sequences, int first, int count) {
        int length = x.rows() / sequences;
        for (int row = 0; row < y.rows(); row++)
            MemorySegment.copy(x.segment(), x.offset(row / count * length + first + row % count, 0), y.segment(), y.offset(row, 0), x.cols() * 4L);
    }

    void groupMeans(Tensor y, Tensor x, int[][] groups) {
        pool.run(groups.length, (g, worker) -> {
            MemorySegment to = y.segment();
            long at = y.offset(g, 0);
            for (int i = 0; i < groups[g].length; i++) {
                long from = x.offset(groups[g][i], 0);
                if (i == 0) Vectors.scale(to, at, x.segment(), from, x.cols(), 1);
                else Vectors.sum(to, at, to, at, x.segment(), from, x.cols());
            }
            Vectors.scale(to, at, to, at, x.cols(), 1f / groups[g].length);
        });
    }
}
