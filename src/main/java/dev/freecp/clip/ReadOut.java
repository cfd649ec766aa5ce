package dev.freecp.clip;

import dev.freecp.ops.Scores;

/** How dense features are read from the last block (specification, section 3.2). */
public enum ReadOut {
    /** The block as it is: softmax(q k^T). */
    VANILLA(Scores.QK),
    /** Every token takes its own value. */
    MASKCLIP(Scores.IDENTITY),
    /** softmax(q q^T) + softmax(k k^T). */
    SCLIP(Scores.QQ_PLUS_KK),
    /** softmax(q q^T), no MLP. */
    CLEARCLIP(Scores.QQ),
    /** A second stream of self-self attention beside the last blocks. */
    GEM(null);

    private final Scores scores;

    ReadOut(Scores scores) {
        this.scores = scores;
    }

    /** Attention of the last block; null for {@link #GEM}, which has a stream of its own. */
    Scores scores() {
        return scores;
    }

    /** Which of the two rules resizes the position table, for windows and for crops alike. */
    public PositionRule positionRule() {
        return this == GEM ? PositionRule.ANTIALIAS_CUBIC : PositionRule.OFFSET_CUBIC;
    }
}
