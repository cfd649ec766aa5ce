package dev.freecp.ops;

/** Which boxes a score map has (specification, section 6.1, and section 12 row 13). */
public enum BoxRule {
    /** One box for every component and every hole, ends clipped to the last column and row: what the released program does. */
    CONTOURS,
    /** One box for every component, not clipped: the high-response regions of the paper's text. */
    REGIONS
}
