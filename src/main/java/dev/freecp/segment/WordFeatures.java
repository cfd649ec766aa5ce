package dev.freecp.segment;

import dev.freecp.error.UsageException;
import java.util.stream.IntStream;

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

    /** @throws UsageException if a model's features are not of {@code wanted} numbers, so that these words are not its own */
    void requireSize(int wanted) {
        if (embedding == wanted) return;
        throw new UsageException("the words have features of " + embedding + " numbers, this model's have " + wanted
            + ": make them with the segmenter that is to use them");
    }

    /**
     * The same features for fewer classes.
     *
     * @param chosen classes to keep, numbered from 0 without the background, increasing; background words stay
     * @throws UsageException if none is chosen
     */
    public WordFeatures only(int... chosen) {
        Vocabulary fewer = vocabulary.only(chosen);
        boolean[] wanted = new boolean[vocabulary.classes().size()];
        for (int c : chosen) wanted[c] = true;
        int b = vocabulary.backgroundWords();
        int[] rows = IntStream.range(0, vocabulary.words().size()).filter(word -> word < b || wanted[vocabulary.classOfWord(word - b)]).toArray();
        return new WordFeatures(fewer, embedding, rows(queries, rows), rows(details, rows));
    }

    private float[] rows(float[] matrix, int[] rows) {
        float[] part = new float[rows.length * embedding];
        for (int i = 0; i < rows.length; i++) System.arraycopy(matrix, rows[i] * embedding, part, i * embedding, embedding);
        return part;
    }

    private static void requireSize(String name, float[] matrix, Vocabulary vocabulary, int embedding) {
        int words = vocabulary.words().size();
        if (matrix.length != words * embedding)
            throw new IllegalArgumentException(name + ": " + words + " words x " + embedding + " are wanted, got " + matrix.length + " numbers");
    }
}
