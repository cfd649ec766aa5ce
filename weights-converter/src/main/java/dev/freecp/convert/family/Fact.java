package dev.freecp.convert.family;

import java.util.Arrays;

/**
 * Something about a model that its tensors do not tell.
 *
 * @param from    who said so, in words: {@code config.json}, {@code --heads}, or why it is likely
 * @param guessed whether nobody did
 */
public record Fact<T>(T value, String from, boolean guessed) {

    static <T> Fact<T> known(T value, String from) {
        return new Fact<>(value, from, false);
    }

    static <T> Fact<T> guess(T value, String why) {
        return new Fact<>(value, why, true);
    }

    /** {@code quick_gelu (config.json)}, {@code gelu (a guess: open_clip's default)}. */
    @Override
    public String toString() {
        return (value instanceof double[] numbers ? String.join(" ", Arrays.stream(numbers).mapToObj(String::valueOf).toList()) : value)
            + (guessed ? " (a guess: " : " (") + from + ")";
    }
}
