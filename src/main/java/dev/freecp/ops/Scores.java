package dev.freecp.ops;

/** What a head compares with what, before the softmax over keys (specification, section 3.2). */
public enum Scores {
    /** softmax(q k^T / sqrt d): the plain path. */
    QK,
    /** The same, each token seeing itself and those before it: the text tower. */
    QK_CAUSAL,
    /** softmax(q q^T / sqrt d): ClearCLIP. */
    QQ,
    /** softmax(q q^T / sqrt d) + softmax(k k^T / sqrt d), rows sum to 2: SCLIP. */
    QQ_PLUS_KK,
    /** The identity, every token takes its own value: MaskCLIP. */
    IDENTITY
}
