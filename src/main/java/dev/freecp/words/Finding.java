package dev.freecp.words;

/**
 * Something in a file of descriptions that an editor would change.
 *
 * @param kind     what kind of fault
 * @param word     whose sentences
 * @param sentence number of the sentence from 1, or 0 for the word as a whole
 * @param detail   what was found
 */
public record Finding(Kind kind, String word, int sentence, String detail) {

    /** Kinds of faults. */
    public enum Kind {
        /** A word of the vocabulary has no sentences. */
        COVERAGE,
        /** A word that the vocabulary does not have; it will never be looked up. */
        UNUSED,
        /** Not as many sentences as wanted. */
        COUNT,
        /** Too few or too many words, too many characters, or more tokens than the model reads. */
        LENGTH,
        /** Something other than printable ASCII, two spaces together, or a space at an end. */
        CHARACTERS,
        /** Does not end with a full stop. */
        STOP,
        /** Begins as another sentence of the word does. */
        OPENING,
        /** An opinion, or a language model talking about itself. */
        WORDING,
        /** The same sentence elsewhere. */
        DUPLICATE,
        /** Nearly the same sentence elsewhere. */
        NEAR_DUPLICATE
    }

    /** {@code cat 3: LENGTH 4 words, wanted 6 to 40}. */
    @Override
    public String toString() {
        return word + (sentence == 0 ? "" : " " + sentence) + ": " + kind + " " + detail;
    }
}
