package dev.freecp.evaluate;

import dev.freecp.segment.TextSource;
import dev.freecp.segment.WordFeatures;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Which sentences stand for a word, at the start and in ambiguity purification (the paper's Table 4).
 *
 * @param start     what patches are compared with
 * @param ambiguity what crops are compared with
 */
public record TextChoice(TextSource start, TextSource ambiguity) {

    /** As published: templates at the start, descriptions in ambiguity purification. */
    public static final TextChoice PUBLISHED = new TextChoice(TextSource.TEMPLATES, TextSource.DESCRIPTIONS);

    /** All four. */
    public static List<TextChoice> all() {
        return Stream.of(TextSource.values())
            .flatMap(start -> Stream.of(TextSource.values()).map(ambiguity -> new TextChoice(start, ambiguity))).toList();
    }

    /** These words with this choice, from features of the {@link #PUBLISHED} one, whose two matrices are all there is. */
    public WordFeatures of(WordFeatures published) {
        return new WordFeatures(published.vocabulary(), published.embedding(), matrix(published, start), matrix(published, ambiguity));
    }

    private static float[] matrix(WordFeatures published, TextSource source) {
        return source == TextSource.TEMPLATES ? published.queries() : published.details();
    }

    /** {@code templates/descriptions}. */
    @Override
    public String toString() {
        return (start + "/" + ambiguity).toLowerCase(Locale.ROOT);
    }
}
