package dev.freecp.segment;

import dev.freecp.clip.Utf8Lines;
import dev.freecp.error.FreecpException;
import dev.freecp.error.InputException;
import dev.freecp.error.UsageException;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The entries of a class list as they were written, and how to speak of them when one is wrong.
 *
 * @param entries without blank ones at the end
 * @param file    where they come from; null for the command line
 */
record ClassList(List<String> entries, Path file) {

    /** Classes separated by semicolons. */
    static ClassList ofOption(String text) {
        return new ClassList(withoutBlankEnd(Arrays.asList(text.split(";", -1))), null);
    }

    /** One class a line. */
    static ClassList ofFile(Path file) {
        return new ClassList(withoutBlankEnd(Utf8Lines.read(file)), file);
    }

    /** One class an element. */
    static ClassList ofLines(List<String> lines) {
        return new ClassList(withoutBlankEnd(lines), null);
    }

    /** The words of every entry, stripped. Refuses empty lists and words, and control characters. */
    List<List<String>> words() {
        if (entries.isEmpty()) {
            throw refusal("the class list is empty; give at least one class");
        }
        List<List<String>> words = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            String entry = entries.get(i).strip();
            if (entry.isEmpty()) {
                throw refusal(place(i) + " is empty; remove it or name a class");
            }
            List<String> ofEntry = Arrays.stream(entry.split(Vocabulary.WORD_SEPARATOR, -1)).map(String::strip).toList();
            for (String word : ofEntry) {
                requireWord(word, place(i));
            }
            words.add(ofEntry);
        }
        return words;
    }

    /** Refuses a word that is empty, as behind a last comma, or holds control characters. */
    void requireWord(String word, String place) {
        if (word.isEmpty() || word.endsWith(",")) {
            throw refusal(place + " has an empty word; write words with one comma and a space between them");
        }
        if (word.codePoints().anyMatch(Character::isISOControl)) {
            throw refusal(place + " has a control character in '" + word.replaceAll("\\p{Cntrl}", "?") + "'; remove it");
        }
    }

    /** "line 3" or "class 3". */
    String place(int entry) {
        return (file == null ? "class " : "line ") + (entry + 1);
    }

    /** The error to throw: input for a file, usage otherwise. */
    FreecpException refusal(String problem) {
        return file == null ? new UsageException(problem) : new InputException(file + ": " + problem);
    }

    private static List<String> withoutBlankEnd(List<String> entries) {
        int end = entries.size();
        while (end > 0 && entries.get(end - 1).isBlank()) {
            end--;
        }
        return List.copyOf(entries.subList(0, end));
    }
}
