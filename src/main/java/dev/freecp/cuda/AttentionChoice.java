package dev.freecp.cuda;

import dev.freecp.ops.Heads;
import dev.freecp.ops.Scores;
import dev.freecp.tensor.Tensor;

/**
 * One implementation wherever it fits type and head size, matrix products with a softmax between them elsewhere.
 *
 * @param first    null where the card has no instructions for it
 * @param products takes every case
 */
record AttentionChoice(AttentionKernels first, AttentionKernels products) implements AttentionKernels {

    private AttentionKernels of(Tensor context, int heads) {
        return first != null && first.fits(context, heads) ? first : products;
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
