package dev.freecp.cuda;

import dev.freecp.ops.Heads;
import dev.freecp.ops.MemoryPool;
import dev.freecp.ops.Scores;
import dev.freecp.ops.Workspace;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.util.List;

/**
 * Attention in three steps: scores by matrix products, a softmax over them that adds to the map on its way, values by matrix products. The scores of some
 * sequences exist at once: of as many as {@link #SCORE_BYTES} hold, of one at least.
 */
final class CudaAttention implements AttentionKernels {

    /** Two windows of ViT-B/16 at 384 pixels, or hundreds of sentences; about what stays in the second-level cache of a large card. */
    private static final long SCORE_BYTES = 32L << 20;

    /** Heads that a block of the softmax takes at a time, if their rows fit into the shared memory that every kernel has. */
    private static final int WARPS = 4, SHARED_BYTES = 48 << 10;

    /** Rows of a block where a warp owns a row. */
    private static final int ROWS = 8;

    /** Thirds of a row of qkv. */
    private static final int Q = 0, K = 1, V = 2;

    /** What is compared with what: softmax(left right^T / sqrt d). */
    private record Pair(int left, int right) {
    }

    /** Where a softmax adds weight times the sum of the first {@code heads} heads: rows of a map. */
    private record Kept(long address, int stride, int heads, float weight) {

        static Kept of(Tensor map, int row, int heads, float weight) {
            return new Kept(DeviceMemory.addressOf(map) + map.offset(row, 0), map.stride(), heads, weight);
        }
    }

    private final CudaDevice device;
    private final MemoryPool pool;
    private final Blas blas;

    CudaAttention(CudaDevice device, MemoryPool pool, Blas blas) {
        this.device = device;
        this.pool = pool;
        this.blas = blas;
    }

    /** The softmaxes that an attention is the sum of. */
    private static List<Pair> pairs(Scores scores) {
        return switch (scores) {
            case QK, QK_CAUSAL -> List.of(new Pair(Q, K));
            case QQ -> List.of(new Pair(Q, Q));
            case QQ_PLUS_KK -> List.of(new Pair(Q, Q), new Pair(K, K));
            case IDENTITY -> List.of();
        };
    }

    @Override
    public void attention(Tensor context, Tensor qkv, int sequences, int heads, Scores scores, Tensor map, Heads mapHeads, float weight) {
        context.requireType(qkv.type());
        if (qkv.rows() == 0) return;
        List<Pair> pairs = pairs(scores);
        if (pairs.isEmpty()) {
            takeValues(context, qkv);
            return;
        }
        int n = qkv.rows() / sequences, d = context.cols() / heads;
        int together = Math.clamp(SCORE_BYTES / ((long) Float.BYTES * pairs.size() * heads * n * n), 1, sequences);
        try (Workspace scratch = pool.workspace()) {
            ScoreMemory memory = ScoreMemory.take(scratch, together, pairs.size(), heads, n);
            for (int first = 0; first < sequences; first += together) {
                int count = Math.min(together, sequences - first);
                for (int part = 0; part < pairs.size(); part++) {
                    HeadMatrices left = third(qkv, pairs.get(part).left, n, d, first), right = third(qkv, pairs.get(part).right, n, d, first);
                    HeadMatrices.multiply(blas, memory.part(part), left, right, true, count, heads, (float) (1 / Math.sqrt(d)));
                }
                Kept kept = map == null ? null : Kept.of(map, first * n, mapHeads == Heads.MEAN ? heads : 1, weight);
                softmax(memory, qkv.type(), count, null, 1, scores == Scores.QK_CAUSAL, kept);
                HeadMatrices values = third(qkv, V, n, d, first);
                HeadMatrices.multiply(blas, HeadMatrices.of(context, 0, n, d, first), memory.probabilities(qkv.type()), values, false, count, heads, 1);
            }
        }
    }

    /** A sequence's q, k and v go through both stages together, as three times as many heads, until their second softmaxes are summed up. */
    @Override
    public void selfSelfAttention(Tensor context, Tensor qkv, int sequences, int heads, Tensor tau) {
        context.requireType(qkv.type());
        if (qkv.rows() == 0) return;
        int n = qkv.rows() / sequences, d = context.cols() / heads, all = 3 * heads;
        DType type = qkv.type();
        try (Workspace scratch = pool.workspace()) {
            Tensor units = scratch.tensor("x1", Shape.of("token part", n, qkv.cols()), type), mixed = scratch.tensor("x3", units.shape(), type);
            HeadMatrices x1 = HeadMatrices.of(units, 0, n, d, 0), x3 = HeadMatrices.of(mixed, 0, n, d, 0);
            ScoreMemory memory = ScoreMemory.take(scratch, 1, 3, heads, n), each = memory.partsAsHeads();
            for (int s = 0; s < sequences; s++) {
                long temperature = DeviceMemory.addressOf(tau) + (long) s * Float.BYTES;
                unitHeads(units, qkv.slice(qkv.name(), units.shape(), s * n), all);
                HeadMatrices.multiply(blas, each.part(0), x1, x1, true, 1, all, 1);
                softmax(each, type, 1, temperature, 1, false, null);
                HeadMatrices.multiply(blas, x3, each.probabilities(type), x1, false, 1, all, 1);
                unitHeads(mixed, mixed, all);
                HeadMatrices.multiply(blas, each.part(0), x3, x3, true, 1, all, 1);
                softmax(memory, type, 1, temperature, 1f / 3, false, null);
                HeadMatrices.multiply(blas, HeadMatrices.of(context, 0, n, d, s), memory.probabilities(type), third(qkv, V, n, d, s), false, 1, heads, 1);
            }
        }
    }

    private static HeadMatrices third(Tensor qkv, int third, int n, int d, int sequence) {
        return HeadMatrices.of(qkv, third * (qkv.cols() / 3), n, d, sequence);
    }

    /**
     * @param temperature address of the factor of the scores, or null for 1
     * @param factor      of the probabilities
     * @param kept        null if no map is kept
     */
    private void softmax(ScoreMemory memory, DType type, int sequences, Long temperature, float factor, boolean causal, Kept kept) {
        int n = memory.tokens(), rowBytes = n * Float.BYTES, sums = kept == null ? 0 : 1;
        int warps = Math.clamp(SHARED_BYTES / rowBytes - sums, 1, Math.min(WARPS, memory.heads()));
        device.kernel("attention", type, "attention_softmax").launchShared(new Grid(sequences * n, 1, 1, 32, warps, 1), (warps + sums) * rowBytes,
            memory.scores(), kept == null ? null : kept.address, temperature, n, memory.heads(), memory.parts(), memory.scores().stride(),
            kept == null ? 0 : kept.stride, factor, kept == null ? 0f : kept.weight, kept == null ? 0 : kept.heads, causal ? 1 : 0);
    }

    private void unitHeads(Tensor y, Tensor x, int heads) {
        device.kernel("attention", x.type(), "unit_heads").launch(Grid.warps((long) x.rows() * heads, ROWS), y, x,
            x.rows(), heads, x.cols() / heads, y.stride(), x.stride());
    }

    private void takeValues(Tensor context, Tensor qkv) {
        long values = DeviceMemory.addressOf(qkv) + qkv.offset(0, V * context.cols());
        device.kernel("attention", qkv.type(), "attention_identity").launch(Grid.elements(context.rows(), context.cols()), context, values,
            context.rows(), context.cols(), context.stride(), qkv.stride());
    }
}
