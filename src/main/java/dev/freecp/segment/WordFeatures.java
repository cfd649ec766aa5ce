package dev.freecp.segment;

/**
 * A vocabulary with its two text matrices (specification, section 4), row-major (Q, E), background words first.
 *
 * @param vocabulary the words
 * @param embedding  E
 * @param queries    U, for class maps
 * @param details    V, for ambiguity purification
 */
public record WordFeatures(Vocabulary vocabulary, int embedding, float[] queries, float[] details) {
}
