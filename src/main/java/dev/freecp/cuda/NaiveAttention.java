package dev.freecp.cuda;

import dev.freecp.ops.Heads;
import dev.freecp.ops.MemoryPool;
import dev.freecp.ops.Scores;
import dev.freecp.ops.Workspace;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;

/**
 * Attention as its formula says, a thread a query: the lowest rung of the ladder in {@code docs/kernels/attention.md}, for benchmarks and as one more
 * implementation that the others are held against.
 */
final class NaiveAttention implements AttentionKernels {

    /** Columns of a head, as many as a thread keeps sums. */
    private static final int HEAD = 64;

    private static final int THREADS = 128;

    /** Rows of a block where a warp owns a row. */
    private static final int ROWS = 8;

    /** Thirds of a row of qkv. */
    private static final int Q = 0, K = 1, V = 2;

    private static final float SCALE = (float) (1 / Math.sqrt(HEAD));

    private final CudaDevice device;
    private final MemoryPool pool;

    /**
     * A softmax on its way into context.
     *
     * @param left        what rows are compared by, (S*N, H*64)
     * @param right       what they are compared with
     * @param stride      of both
     * @param values      what is weighted
     * @param temperature (S), or null for 1
     * @param factor      of the result
     * @param add         to what context holds, instead of replacing it
     */
    private record Look(long left, long right, int stride, long values, int valueStride, Tensor temperature, float scale, float factor, boolean add,
                        boolean causal) {

        static Look plain(Tensor qkv, int left, int right) {
            return new Look(third(qkv, left), third(qkv, right), qkv.stride(), third(qkv, V), qkv.stride(), null, SCALE, 1, false, false);
        }

        Look causally() {
            return new Look(left, right, stride, values, valueStride, temperature, scale, factor, add, true);
        }

        Look added() {
            return new Look(left, right, stride, values, valueStride, temperature, scale, factor, true, causal);
        }
    }

    NaiveAttention(CudaDevice device, MemoryPool pool) {
        this.device = device;
        this.pool = pool;
    }

    /** Of 64 columns, in any type. */
    @Override
    public boolean fits(Tensor context, int heads) {
        return context.cols() == heads * HEAD;
    }

    /** Not for {@link Scores#IDENTITY}, which has no softmax. A sum of softmaxes is rounded to the type between its parts. */
    @Override
    public void attention(Tensor context, Tensor qkv, int sequences, int heads, Scores scores, Tensor map, Heads mapHeads, float weight) {
        context.requireType(qkv.type());
        if (qkv.rows() == 0) return;
        switch (scores) {
            case QK -> {
                if (map == null) look(context, null, sequences, heads, Look.plain(qkv, Q, K));
                else attentionAndMap(context, qkv, sequences, heads, map, mapHeads == Heads.MEAN ? heads : 1, weight);
            }
            case QK_CAUSAL -> look(context, null, sequences, heads, Look.plain(qkv, Q, K).causally());
            case QQ -> look(context, null, sequences, heads, Look.plain(qkv, Q, Q));
            case QQ_PLUS_KK -> {
                look(context, null, sequences, heads, Look.plain(qkv, Q, Q));
                look(context, null, sequences, heads, Look.plain(qkv, K, K).added());
            }
            case IDENTITY -> throw new IllegalArgumentException("there is no softmax in " + scores);
        }
    }

    private void attentionAndMap(Tensor context, Tensor qkv, int sequences, int heads, Tensor map, int mapHeads, float weight) {
        int n = qkv.rows() / sequences;
        try (Workspace scratch = pool.workspace()) {
            Tensor ends = scratch.tensor("ends", Shape.of("end", sequences * heads * n), DType.F32);
            look(context, ends, sequences, heads, Look.plain(qkv, Q, K));
            device.kernel("naive", qkv.type(), "naive_map").launch(Grid.each(n, THREADS).by(n, sequences),
                map, ends, qkv, third(qkv, K), n, heads, mapHeads, map.stride(), qkv.stride(), SCALE, weight);
        }
    }

    /** q, k and v go through the first softmax together, as three times as many heads. */
    @Override
    public void selfSelfAttention(Tensor context, Tensor qkv, int sequences, int heads, Tensor tau) {
        context.requireType(qkv.type());
        if (qkv.rows() == 0) return;
        try (Workspace scratch = pool.workspace()) {
            Tensor x1 = scratch.tensor("x1", qkv.shape(), qkv.type()), x3 = scratch.tensor("x3", qkv.shape(), qkv.type());
            long units = DeviceMemory.addressOf(x1);
            unitHeads(x1, qkv, 3 * heads);
            look(x3, null, sequences, 3 * heads, new Look(units, units, x1.stride(), units, x1.stride(), tau, 1, 1, false, false));
            unitHeads(x3, x3, 3 * heads);
            for (int part = V; part >= Q; part--) {
                long x = third(x3, part);
                look(context, null, sequences, heads, new Look(x, x, x3.stride(), third(qkv, V), qkv.stride(), tau, 1, 1f / 3, part < V, false));
            }
        }
    }

    private void unitHeads(Tensor y, Tensor x, int heads) {
        device.kernel("attention", x.type(), "unit_heads").launch(Grid.warps((long) x.rows() * heads, ROWS), y, x,
            x.rows(), heads, HEAD, y.stride(), x.stride());
    }

    /** @param ends (S, H, N), where the softmaxes end up, or null */
    private void look(Tensor context, Tensor ends, int sequences, int heads, Look look) {
        int n = context.rows() / sequences;
        device.kernel("naive", context.type(), "naive_attention").launch(Grid.each(n, THREADS).by(heads, sequences),
            context, ends, look.left, look.right, look.values, look.temperature, n, context.stride(), look.stride, look.valueStride,
            look.scale, look.factor, look.add ? 1 : 0, look.causal ? 1 : 0);
    }

    /** Address of q, k or v of the first token. */
    private static long third(Tensor qkv, int third) {
        return DeviceMemory.addressOf(qkv) + qkv.offset(0, third * (qkv.cols() / 3));
    }
}
