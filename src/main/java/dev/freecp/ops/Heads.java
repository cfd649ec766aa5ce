package dev.freecp.ops;

/** Which heads' attention goes into an attention map. */
public enum Heads {
    /** The mean over all heads. */
    MEAN,
    /** Head 0 alone: what the released program ends up with for GEM (specification, section 3.3). */
    FIRST
}
