package dev.freecp.ops;

/** What two maps share at one position, in the soft intersection over union {@code J = s / (a + b - s)}. */
public enum Overlap {
    /** min(a, b); then a + b - min = max, so J is sum of minima over sum of maxima (released). */
    MINIMUM,
    /** a * b (the paper's text). */
    PRODUCT
}
