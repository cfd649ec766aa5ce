package dev.freecp.cuda;

import dev.freecp.ops.Heads;
import dev.freecp.ops.Scores;
import dev.freecp.tensor.Tensor;

/**
 * The fused kernels where card, type and head size fit them, matrix products with a softmax between them elsewhere.
 *
 * @param fused    null where the card has no such instructions
 * @param products takes every case
 */
record AttentionChoice(AttentionKernels fused, AttentionKernels products) implements AttentionKernels {

    private AttentionKernels of(Tensor context, int heads) {
        return fused != null && FusedAttention.fits(context, heads) ? fused : products;
    }

    @Override
    public void attention(Tensor context, Tensor qkv, int sequences, int heads, Scores scores, Tensor map, Heads mapHeads, float weight) {
        AttentionKernels kernels = scores == Scores.IDENTITY ? products : of(context, heads);
        kernels.attention(context, qkv, sequences, heads, scores, map, mapHeads, weight);
    }

    @Override
    public void selfSelfAttention(Tensor context, Tensor qkv, int sequences, int heads, Tensor tau) {
        of(context, heads).selfSelfAttention(context, qkv, sequences, heads, tau);
    }
}
