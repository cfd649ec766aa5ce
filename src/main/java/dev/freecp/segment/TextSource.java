package dev.freecp.segment;

/** Which sentences stand for a word when every patch is compared with it. */
public enum TextSource {
    /** The filled templates, as published. */
    TEMPLATES,
    /** The word's descriptions; templates where it has none. */
    DESCRIPTIONS
}
