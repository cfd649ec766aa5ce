package dev.freecp.cpu;

import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Storage;
import dev.freecp.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/** GEM's self-self attention (specification, section 3.2), one task a sequence and head. */
final class SelfSelfAttention {

    /** Floor of a norm, as in the reference's row normalisation. */
    private static final float SMALLEST_NORM = 1e-12f;

    private final Pool pool;
    private final Scratch scratch;

    SelfSelfAttention(Pool pool, Scratch scratch) {
        this.pool = pool;
        this.scratch = scratch;
    }

    void attention(Tensor context, Tensor qkv, int sequences, int heads, Tensor tau) {
        int n = qkv.rows() / sequences;
        pool.run(sequences * heads, (task, worker) -> {
            int sequence = task / heads;
            head(context, qkv, sequence * n, n, task % heads, heads, tau.get(0, sequence), worker);
        });
    }

    private void head(Tensor context, Tensor qkv, int start, int n, int head, int heads, float tau, int worker) {
        int d = context.cols() / heads, stride = (d + 15) / 16 * 16;
        long keyFloats = Panels.floats(d, n), valueFloats = Panels.floats(n, d), rowFloats = (long) n * stride;
        MemorySegment memory = scratch.of(worker, keyFloats + 2 * valueFloats + 2 * rowFloats + HeadTile.floats(n, d));
        long ownValuesAt = keyFloats * Float.BYTES, valuesAt = ownValuesAt + valueFloats * Float.BYTES;
        long unitsAt = valuesAt + valueFloats * Float.BYTES, mixedAt = unitsAt + rowFloats * Float.BYTES;
        Tensor units = rows("x1", memory, unitsAt, n, d, stride), mixed = rows("x3", memory, mixedAt, n, d, stride);
        HeadTile tile = new HeadTile(memory, mixedAt + rowFloats * Float.BYTES, n, d);
        HeadTile.packValues(memory, valuesAt, qkv, start, (2 * heads + head) * d, n, d);
        for (int part = 2; part >= 0; part--) {                       // v, k, q
            for (int t = 0; t < n; t++) unit(units, t, qkv, start + t, (part * heads + head) * d);
            HeadTile.packKeys(memory, 0, units, 0, 0, n, d);
            HeadTile.packValues(memory, ownValuesAt, units, 0, 0, n, d);
            attend(tile, units, tau, memory, ownValuesAt, mixed, 0, 0, 1, false);
            for (int t = 0; t < n; t++) unit(mixed, t, mixed, t, 0);
            HeadTile.packKeys(memory, 0, mixed, 0, 0, n, d);
            attend(tile, mixed, tau, memory, valuesAt, context, start, head * d, 1f / 3, part < 2);
        }
    }

    private static Tensor rows(String name, MemorySegment memory, long at, int n, int d, int stride) {
        return new Tensor(name, Shape.of("token channel", n, d), DType.F32, stride, new Storage.Host(memory.asSlice(at, (long) n * stride * Float.BYTES)));
    }

    /** y(row + t, column + i) = factor * softmax(tau x x^T) values; keys lie at the front of {@code memory}. */
    private static void attend(HeadTile tile, Tensor x, float tau, MemorySegment memory, long valuesAt, Tensor y, int row, int column, float factor, boolean add) {
        for (int t = 0; t < x.rows(); t += Tile.ROWS) {
            int count = Math.min(Tile.ROWS, x.rows() - t);
            tile.queries(0, x, t, 0, count, tau);
            tile.scores(0, 0, count, memory, 0);
            tile.softmax(x.rows(), false);
            tile.values(memory, valuesAt, y, row + t, column, factor, add);
        }
    }

    private static void unit(Tensor y, int yRow, Tensor x, int xRow, int xColumn) {
        long from = x.offset(xRow, xColumn);
        float norm = (float) Math.sqrt(Vectors.dot(x.segment(), from, x.segment(), from, y.cols()));
        Vectors.scale(y.segment(), y.offset(yRow, 0), x.segment(), from, y.cols(), 1 / Math.max(norm, SMALLEST_NORM));
    }
}
