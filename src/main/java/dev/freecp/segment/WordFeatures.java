package dev.freecp.segment;

/**
 * A vocabulary with its two text matrices (specification, section 4), row-major (Q, E), background words first. They belong to the model that made
 * them. The arrays are not copied and must not be written: many threads may share them.
 *
 * @param vocabulary the words
 * @param embedding  E
 * @param queries    U, for class maps
 * @param details    V, for ambiguity purification
 */
public record WordFeatures(Vocabulary vocabulary, int embedding, float[] queries, float[] details) {

    /** @throws IllegalArgumentException if a matrix is not of Q x E numbers */
    public WordFeatures {
        requireSize("queries", queries, vocabulary, embedding);
        requireSize("details", details, vocabulary, embedding);
    }

    private static void requireSize(String name, float[] matrix, Vocabulary vocabulary, int embedding) {
        int words = vocabulary.words().size();
        if (matrix.length != words * embedding)
            throw new IllegalArgumentException(name + ": " + words + " words x " + embedding + " are wanted, got " + matrix.length + " numbers");
    }
}
