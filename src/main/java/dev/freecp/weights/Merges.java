package dev.freecp.weights;

import dev.freecp.error.InputException;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Merges of byte-pair encoding in the forms in which they are published. */
final class Merges {

    private Merges() {
    }

    /** {@code merges.txt}: one pair a line, perhaps under a line {@code #version: 0.2}. Only the first line can be that: '#' is also a token. */
    static List<String> text(Path file) {
        List<String> lines;
        try {
            lines = Files.readString(file).stripTrailing().lines().toList();
        } catch (CharacterCodingException e) {
            throw new InputException(file + ": the text is not UTF-8", e);
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read: " + e.getMessage(), e);
        }
        int first = !lines.isEmpty() && lines.getFirst().startsWith("#version") ? 1 : 0;
        List<String> merges = new ArrayList<>(lines.size());
        for (int i = first; i < lines.size(); i++) merges.add(pair(file + ": line " + (i + 1), lines.get(i)));
        return merges;
    }

    /** {@code model.merges} of tokenizer.json: strings {@code "a b"}, or since tokenizers 0.20 arrays {@code ["a", "b"]}. */
    static List<String> json(Path file, JsonObject model) {
        List<String> merges = new ArrayList<>();
        for (Object merge : model.list("merges")) {
            String where = file + ": model.merges[" + merges.size() + "]";
            merges.add(switch (merge) {
                case String text -> pair(where, text);
                case List<?> two when two.size() == 2 && two.get(0) instanceof String a && two.get(1) instanceof String b -> pair(where, a + " " + b);
                case null, default -> throw new InputException(where + " must be two tokens, but is " + merge);
            });
        }
        return merges;
    }

    private static String pair(String where, String text) {
        int space = text.indexOf(' ');
        if (space < 1 || space == text.length() - 1 || text.indexOf(' ', space + 1) >= 0) {
            throw new InputException(where + " must be two tokens with a space between, but is \"" + text + "\"");
        }
        return text;
    }
}
