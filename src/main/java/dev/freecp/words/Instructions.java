package dev.freecp.words;

import java.util.List;
import java.util.stream.Collectors;

/** What to tell a language model, so that its answer can be taken in by {@link Answers} and passes {@link DescriptionCheck}. */
public final class Instructions {

    private static final String TEXT = """
        You describe things as they look in photographs. For each word below write exactly %d sentences:
        %d on what it looks like (shape, parts, colours, texture, material),
        %d on how it differs from what it is most easily taken for, above all from the other words of this list,
        %d on how it appears in photographs (typical place, scale, viewpoint, seen in part, seen from far away).

        Rules: each sentence has %d to %d words and at most %d characters, plain ASCII, and ends with a full stop. It says only what can be seen, and names the thing.
        No two sentences of a word begin with the same three words. No opinions, no history, no sounds or smells, nothing invented, nothing about yourself.
        Never describe one word of the list as if it were another.

        Answer with one JSON object and nothing else: the word exactly as written here, then an array of its sentences.

        Words:
        %s
        """;

    private Instructions() {
    }

    /** Instructions for these words under these rules; the three intents share the sentences as evenly as they go. */
    public static String of(List<String> words, DescriptionCheck rules) {
        int third = rules.count() / 3, rest = rules.count() % 3;
        return TEXT.formatted(rules.count(), third + (rest > 0 ? 1 : 0), third + (rest > 1 ? 1 : 0), third, rules.fewestWords(), rules.mostWords(), rules.mostChars(),
            words.stream().map(word -> "- " + word).collect(Collectors.joining("\n")));
    }
}
