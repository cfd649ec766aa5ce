package dev.freecp.cuda;

import dev.freecp.ops.Heads;
import dev.freecp.ops.MemoryPool;
import dev.freecp.ops.Scores;
import dev.freecp.ops.Workspace;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import jcuda.driver.CUdevice_attribute;

/**
 * Attention in one kernel on tensor cores: scores and probabilities never leave the registers. A map takes a second kernel, which computes the scores
 * again instead of reading them: what is stored in between is one number for each query and head. {@code docs/kernels/attention.md} counts both.
 */
final class FusedAttention implements AttentionKernels {

    /** The one head size of these kernels, that of every CLIP. */
    private static final int HEAD = 64;

    private static final int THREADS = 128;

    /** Queries of a block: with one softmax, and with a sum of them. */
    private static final int QUERIES = 128, QUERIES_OF_SUM = 64;

    /** Keys of a map that a block owns. */
    private static final int MAP_KEYS = 64;

    /** Rows of a block where a warp owns a row. */
    private static final int ROWS = 8;

    /** Thirds of a row of qkv. */
    private static final int Q = 0, K = 1, V = 2;

    /** Kernels raise 2 to their scores, not e. */
    private static final double LOG2_E = 1 / Math.log(2);

    /** Of plain scores. */
    private static final float SCALE = (float) (LOG2_E / Math.sqrt(HEAD));

    private final CudaDevice device;
    private final MemoryPool pool;

    FusedAttention(CudaDevice device, MemoryPool pool) {
        this.device = device;
        this.pool = pool;
    }

    /** Whether a card has the instructions: compute capability 8.0 or later. */
    static boolean runsOn(CudaDevice device) {
        return device.attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR) >= 8;
    }

    /** 16-bit, of 64 columns. */
    @Override
    public boolean fits(Tensor context, int heads) {
        return context.type().bytes() == Short.BYTES && context.cols() == heads * HEAD;
    }

    /** Not for {@link Scores#IDENTITY}, which has no softmax. */
    @Override
    public void attention(Tensor context, Tensor qkv, int sequences, int heads, Scores scores, Tensor map, Heads mapHeads, float weight) {
        context.requireType(qkv.type());
        if (qkv.rows() == 0) return;
        switch (scores) {
            case QK -> {
                if (map == null) launchAttention(context, qkv, sequences, heads, K, false, null, 0);
                else attentionAndMap(context, qkv, sequences, heads, map, mapHeads == Heads.MEAN ? heads : 1, weight);
            }
            case QK_CAUSAL -> launchAttention(context, qkv, sequences, heads, K, true, null, 0);
            case QQ -> launchAttention(context, qkv, sequences, heads, Q, false, null, 0);
            case QQ_PLUS_KK -> sum(context, qkv, qkv, 2, null, sequences, heads, SCALE, 1);
            case IDENTITY -> throw new IllegalArgumentException("there is nothing to fuse in " + scores);
        }
    }

    /** @param mapHeads heads that the map gains */
    private void attentionAndMap(Tensor context, Tensor qkv, int sequences, int heads, Tensor map, int mapHeads, float weight) {
        int n = qkv.rows() / sequences;
        try (Workspace scratch = pool.workspace()) {
            Tensor ends = scratch.tensor("ends", Shape.of("sequence head query", sequences, mapHeads, n), DType.F32);
            launchAttention(context, qkv, sequences, heads, K, false, ends, mapHeads);
            Grid grid = Grid.of(Grid.ceil(n, QUERIES), THREADS).by((int) Grid.ceil(n, MAP_KEYS), sequences);
            device.kernel("fused_attention", qkv.type(), "attention_map").launch(grid,
                map, ends, qkv, third(qkv, K), n, mapHeads, map.stride(), ends.stride(), qkv.stride(), SCALE, weight);
        }
    }

    /**
     * @param right third of qkv that queries are compared with
     * @param ends  (S, H, N), where the softmaxes of the first {@code endHeads} heads end up: log2 of the sums of their powers; or null
     */
    private void launchAttention(Tensor context, Tensor qkv, int sequences, int heads, int right, boolean causal, Tensor ends, int endHeads) {
        int n = qkv.rows() / sequences;
        device.kernel("fused_attention", qkv.type(), "fused_attention").launch(Grid.of(Grid.ceil(n, QUERIES), THREADS).by(heads, sequences),
            context, ends, qkv, third(qkv, right), third(qkv, V), n,
            context.stride(), qkv.stride(), qkv.stride(), ends == null ? 0 : ends.stride(), endHeads, SCALE, causal ? 1 : 0);
    }

    /** q, k and v go through the first softmax together, as three times as many heads. */
    @Override
    public void selfSelfAttention(Tensor context, Tensor qkv, int sequences, int heads, Tensor tau) {
        context.requireType(qkv.type());
        if (qkv.rows() == 0) return;
        int n = qkv.rows() / sequences, all = 3 * heads;
        try (Workspace scratch = pool.workspace()) {
            Tensor x1 = scratch.tensor("x1", qkv.shape(), qkv.type()), x3 = scratch.tensor("x3", qkv.shape(), qkv.type());
            device.kernel("attention", qkv.type(), "unit_heads").launch(Grid.warps((long) qkv.rows() * all, ROWS),
                x1, qkv, qkv.rows(), all, HEAD, x1.stride(), qkv.stride());
            device.kernel("fused_attention", qkv.type(), "attention_unit").launch(Grid.of(Grid.ceil(n, QUERIES), THREADS).by(all, sequences),
                x3, x1, tau, n, x3.stride(), x1.stride(), (float) LOG2_E);
            sum(context, x3, qkv, 3, tau, sequences, heads, (float) LOG2_E, 1f / 3);
        }
    }

    /** context = factor times the sum over the first parts X of x, each as wide as context, of softmax(scale tau X X^T) v, with v of qkv. */
    private void sum(Tensor context, Tensor x, Tensor qkv, int parts, Tensor tau, int sequences, int heads, float scale, float factor) {
        int n = qkv.rows() / sequences;
        device.kernel("fused_attention", qkv.type(), "attention_sum").launch(Grid.of(Grid.ceil(n, QUERIES_OF_SUM), THREADS).by(heads, sequences),
            context, x, third(qkv, V), tau, n, parts, context.cols(), context.stride(), x.stride(), qkv.stride(), scale, factor);
    }

    /** Address of q, k or v of the first token. */
    private static long third(Tensor qkv, int third) {
        return DeviceMemory.addressOf(qkv) + qkv.offset(0, third * (qkv.cols() / 3));
    }
}
