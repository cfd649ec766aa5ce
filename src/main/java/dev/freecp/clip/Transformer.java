package dev.freecp.clip;

import dev.freecp.ops.Activation;
import dev.freecp.ops.Heads;
import dev.freecp.ops.Ops;
import dev.freecp.ops.Scores;
import dev.freecp.ops.Workspace;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;

/** The pre-norm block that both towers are made of. N tokens in all sequences together, C wide, F the MLP's width. */
final class Transformer {

    private final Ops ops;
    private final int heads;
    private final Activation activation;
    private final float eps;

    Transformer(Ops ops, int heads, Activation activation, float eps) {
        this.ops = ops;
        this.heads = heads;
        this.activation = activation;
        this.eps = eps;
    }

    /** Memory for one block's intermediate results, used by every block in turn. */
    record Scratch(Tensor normed, Tensor qkv, Tensor context, Tensor hidden) {

        static Scratch take(Workspace workspace, int tokens, int width, int mlpWidth) {
            return new Scratch(
                workspace.activation("normed", Shape.of("token width", tokens, width)),
                workspace.activation("qkv", Shape.of("token qkv", tokens, 3 * width)),
                workspace.activation("context", Shape.of("token width", tokens, width)),
                workspace.activation("hidden", Shape.of("token mlp", tokens, mlpWidth)));
        }
    }

    /** x += Attn(LN1 x), then x += MLP(LN2 x). A map, if given, gains the attention of {@code kept} heads. */
    void block(Tensor x, BlockWeights w, Scratch s, int sequences, Scores scores, Tensor map, Heads kept) {
        project(x, w, s);                                                                   // qkv     (N, 3C)
        attend(s, sequences, scores, map, kept);                                            // context (N, C)
        ops.linearAdd(x, s.context(), w.outProj());                                         // x       (N, C)
        mlp(x, w, s.normed(), s.hidden());                                                  // x       (N, C)
    }

    /** q, k, v of LN1(x). */
    void project(Tensor x, BlockWeights w, Scratch s) {
        ops.layerNorm(s.normed(), x, w.ln1(), eps);                                         // normed  (N, C)
        ops.linear(s.qkv(), s.normed(), w.inProj(), Activation.NONE);                       // qkv     (N, 3C)
    }

    /** Attention of what {@link #project} left. */
    void attend(Scratch s, int sequences, Scores scores, Tensor map, Heads kept) {
        ops.attention(s.context(), s.qkv(), sequences, heads, scores, map, kept, kept == Heads.MEAN ? 1f / heads : 1);
    }

    /** x += MLP(LN2 x). */
    void mlp(Tensor x, BlockWeights w, Tensor normed, Tensor hidden) {
        ops.layerNorm(normed, x, w.ln2(), eps);                                             // normed  (N, C)
        ops.linear(hidden, normed, w.fc(), activation);                                     // hidden  (N, F)
        ops.linearAdd(x, hidden, w.proj());                                                 // x       (N, C)
    }

    /** GEM: g += Wo m + bo, m the self-self attention of what {@link #project} left of the plain stream. */
    void selfSelf(Tensor g, BlockWeights w, Scratch s, int sequences, Tensor tau) {
        int headSize = s.context().cols() / heads;
        ops.meanNorm(tau, s.normed(), (float) (1 / Math.sqrt(headSize)));                   // tau     (S)
        ops.selfSelfAttention(s.context(), s.qkv(), sequences, heads, tau);                 // context (N, C)
        ops.linearAdd(g, s.context(), w.outProj());                                         // g       (N, C)
    }
}
