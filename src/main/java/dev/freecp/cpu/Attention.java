package dev.freecp.cpu;

import dev.freecp.ops.Heads;
import dev.freecp.ops.Scores;
import dev.freecp.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/**
 * Multi-head attention. Keys and values of some sequences are packed into panels; then every task takes a block of queries of one sequence through all heads, six
 * rows at a time: scores, softmax, values. Heads follow each other inside the task, so that a kept map is summed in one fixed order, and no more than six rows of
 * scores exist at once.
 */
final class Attention {

    /** Packed keys and values in flight, 32 MiB: many short sentences together, or a few windows. */
    private static final long PACKED_FLOATS = 8L << 20;

    /** Queries of one task at most: a head's panels come from far memory once a task, and a third of a megabyte wants to be read often. */
    private static final int BLOCK_ROWS = 600;

    private final Pool pool;
    private final Scratch scratch;

    Attention(Pool pool, Scratch scratch) {
        this.pool = pool;
        this.scratch = scratch;
    }

    /** One call: sizes, and where the packed panels of a sequence and head begin. */
    private record Call(Tensor context, Tensor qkv, int n, int heads, int d, Scores scores, Tensor map, Heads mapHeads, float weight, MemorySegment packed) {

        /** Floats of the panels of one head: keys (twice for the sum of two attentions), then values. */
        static long headFloats(int n, int d, Scores scores) {
            return Panels.floats(d, n) * (scores == Scores.QQ_PLUS_KK ? 2 : 1) + Panels.floats(n, d);
        }

        long keys(int sequence, int head) {
            return (sequence * (long) heads + head) * headFloats(n, d, scores) * Float.BYTES;
        }

        long secondKeys(int sequence, int head) {
            return keys(sequence, head) + Panels.floats(d, n) * Float.BYTES;
        }

        long values(int sequence, int head) {
            return keys(sequence, head + 1) - Panels.floats(n, d) * Float.BYTES;
        }

        int q(int head) {
            return head * d;
        }

        int k(int head) {
            return (heads + head) * d;
        }

        int v(int head) {
            return (2 * heads + head) * d;
        }

        boolean keepsMap(int head) {
            return map != null && (mapHeads == Heads.MEAN || head == 0);
        }
    }

    void attention(Tensor context, Tensor qkv, int sequences, int heads, Scores scores, Tensor map, Heads mapHeads, float weight) {
        int n = qkv.rows() / sequences, d = context.cols() / heads;
        if (scores == Scores.IDENTITY) {
            copyValues(context, qkv);
            return;
        }
        long floats = Call.headFloats(n, d, scores) * heads;
        int together = Math.clamp(PACKED_FLOATS / floats, 1, sequences);
        Call call = new Call(context, qkv, n, heads, d, scores, map, mapHeads, weight, scratch.shared(floats * together));
        for (int first = 0; first < sequences; first += together) some(call, first, Math.min(together, sequences - first));
    }

    private void copyValues(Tensor context, Tensor qkv) {
        int width = context.cols();
        for (int row = 0; row < context.rows(); row++)
            MemorySegment.copy(qkv.segment(), qkv.offset(row, 2 * width), context.segment(), context.offset(row, 0), width * 4L);
    }

    private void some(Call call, int first, int count) {
        pool.run(count * call.heads, (task, worker) -> pack(call, first, task / call.heads, task % call.heads));
        int wanted = pool.workers() == 1 ? 1 : (4 * pool.workers() + count - 1) / count, blocks = Math.max(wanted, (call.n + BLOCK_ROWS - 1) / BLOCK_ROWS);
        int rows = Math.max(Tile.ROWS, ((call.n + blocks - 1) / blocks + Tile.ROWS - 1) / Tile.ROWS * Tile.ROWS);
        int perSequence = (call.n + rows - 1) / rows;
        pool.run(count * perSequence, (task, worker) -> {
            int row = task % perSequence * rows;
            block(call, first, task / perSequence, row, Math.min(row + rows, call.n), worker);
        });
    }

    private void pack(Call call, int first, int sequence, int head) {
        int row = (first + sequence) * call.n;
        boolean queries = call.scores == Scores.QQ || call.scores == Scores.QQ_PLUS_KK;
        HeadTile.packKeys(call.packed, call.keys(sequence, head), call.qkv, row, queries ? call.q(head) : call.k(head), call.n, call.d);
        if (call.scores == Scores.QQ_PLUS_KK) HeadTile.packKeys(call.packed, call.secondKeys(sequence, head), call.qkv, row, call.k(head), call.n, call.d);
        HeadTile.packValues(call.packed, call.values(sequence, head), call.qkv, row, call.v(head), call.n, call.d);
    }

    private void block(Call call, int first, int sequence, int row0, int row1, int worker) {
        HeadTile tile = new HeadTile(scratch, worker, call.n, call.d);
        float scale = (float) (1 / Math.sqrt(call.d));
        int start = (first + sequence) * call.n;
        for (int head = 0; head < call.heads; head++) {
            for (int row = row0; row < row1; row += HeadTile.QUERIES) {
                int count = Math.min(HeadTile.QUERIES, row1 - row);
                tile.queries(0, call.qkv, start + row, call.q(head), count, scale);
                if (call.scores == Scores.QQ_PLUS_KK) tile.queries(1, call.qkv, start + row, call.k(head), count, scale);
                for (int i = 0; i < count; i += Tile.ROWS) rows(call, tile, sequence, head, row, i, Math.min(Tile.ROWS, count - i), start);
            }
        }
    }

    /** Six queries at most, from {@code row + first} of the sequence on. */
    private static void rows(Call call, HeadTile tile, int sequence, int head, int row, int first, int count, int start) {
        int t = row + first;
        tile.scores(0, first, count, call.packed, call.keys(sequence, head));
        tile.softmax(call.scores == Scores.QK_CAUSAL ? t + 1 : call.n, call.scores == Scores.QK_CAUSAL);
        if (call.scores == Scores.QQ_PLUS_KK) {
            tile.keepForSum();
            tile.scores(1, first, count, call.packed, call.secondKeys(sequence, head));
            tile.softmax(call.n, false);
            tile.addKept();
        }
        if (call.keepsMap(head)) tile.addTo(call.map, start + t, call.weight);
        tile.values(call.packed, call.values(sequence, head), call.context, start + t, call.q(head), 1, false);
    }
}
