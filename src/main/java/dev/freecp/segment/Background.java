package dev.freecp.segment;

import dev.freecp.error.UsageException;

import java.util.Arrays;
import java.util.List;

/** What label 0 stands for, and the words that only compete in the softmax (specification, sections 4, 9 and 9.1). */
public sealed interface Background {

    /** No background: every pixel gets a class. */
    record None() implements Background {
    }

    /** Label 0 is the background, with the score 1 - max P(c); these words take score away from the classes. */
    record Words(List<String> words) implements Background {

        /** @throws UsageException if there is no word */
        public Words {
            words = List.copyOf(words);
            if (words.isEmpty()) {
                throw new UsageException("a background of words needs at least one word, such as \"sky, wall, tree\"");
            }
        }
    }

    /** As {@link Words}, with the first entry of the class list as the words: how the data sets' files have it. */
    record First() implements Background {
    }

    /**
     * Label 0 where no class reaches a score.
     *
     * @param score from 0 to 1
     */
    record Threshold(float score) implements Background {

        private static final String PREFIX = "threshold:";

        /** @throws UsageException if the score is not within 0 to 1 */
        public Threshold {
            if (!(score >= 0 && score <= 1)) {
                throw new UsageException("a background threshold must lie from 0 to 1, not at " + score);
            }
        }
    }

    /**
     * The value of {@code --background}: {@code none}, {@code first}, {@code threshold:0.3}, or words separated by a comma and a space.
     *
     * @throws UsageException if the text is none of these
     */
    static Background parse(String option) {
        String text = option.strip();
        if (text.startsWith(Threshold.PREFIX)) {
            String number = text.substring(Threshold.PREFIX.length());
            try {
                return new Threshold(Float.parseFloat(number));
            } catch (NumberFormatException e) {
                throw new UsageException("background '" + text + "': '" + number + "' is no number; write it as threshold:0.3");
            }
        }
        return switch (text) {
            case "" -> throw new UsageException("an empty background; choose none, first, threshold:0.3 or words such as \"sky, wall, tree\"");
            case "none" -> new None();
            case "first" -> new First();
            default -> new Words(Arrays.stream(text.split(Vocabulary.WORD_SEPARATOR, -1)).map(String::strip).toList());
        };
    }
}
