package dev.freecp.cuda;

import dev.freecp.ops.Heads;
import dev.freecp.ops.Scores;
import dev.freecp.tensor.Tensor;

/**
 * A way to compute the attentions of {@link dev.freecp.ops.Ops}, with the same arguments; shapes have been checked. context and qkv are of one type. What a sequence
 * gets does not depend on those beside it, and the heads of a map are summed in one fixed order.
 */
interface AttentionKernels {

    /** Whether it can do heads of that type and size, whatever their number. */
    default boolean fits(Tensor context, int heads) {
        return true;
    }

    /** As {@link dev.freecp.ops.Ops#attention}. */
    void attention(Tensor context, Tensor qkv, int sequences, int heads, Scores scores, Tensor map, Heads mapHeads, float weight);

    /** As {@link dev.freecp.ops.Ops#selfSelfAttention}. */
    void selfSelfAttention(Tensor context, Tensor qkv, int sequences, int heads, Tensor tau);
}
