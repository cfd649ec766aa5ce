package dev.freecp.words;

import dev.freecp.error.InputException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sentences as people have them: a JSON object, a Python dictionary as research code ships them (assignments, single quotes, tuples, comments,
 * trailing commas, strings side by side), either inside Markdown fences, or plain lists under headings:
 * <pre>
 * ## cat
 * - A cat has ...
 * 2. Whiskers ...
 * </pre>
 */
public final class Answers {

    private static final Pattern FENCE = Pattern.compile("(?s)```[a-zA-Z]*\\n(.*?)```");
    private static final Pattern DICTIONARY = Pattern.compile("(?s)^\\s*(?:(?:#[^\\n]*\\n|import [^\\n]*\\n|from [^\\n]*\\n)\\s*)*(?:[A-Za-z_]\\w*\\s*=\\s*)?\\{.*");
    private static final Pattern HEADING = Pattern.compile("^\\s*(?:#+\\s*(.+?)|\\*\\*(.+?)\\*\\*:?|([^-*\\d\\s].*?):)\\s*$");
    private static final Pattern ITEM = Pattern.compile("^\\s*(?:[-*\u2022]|\\d+[.)])\\s+(.+?)\\s*$");

    private Answers() {
    }

    /**
     * Reads one text.
     *
     * @param name for messages
     * @return words in order, each with its sentences
     * @throws InputException if the text is none of the forms, or a word comes twice
     */
    public static Map<String, List<String>> parse(String text, String name) {
        Matcher fence = FENCE.matcher(text);
        String body = fence.find() && DICTIONARY.matcher(fence.group(1)).matches() ? fence.group(1) : text;
        Map<String, List<String>> words = DICTIONARY.matcher(body).matches() ? new Literals(body, name).dictionary() : lists(text, name);
        if (words.isEmpty()) throw new InputException(name + ": no sentences found; wanted a JSON object, a Python dictionary, or lists under headings such as '## cat'");
        return words;
    }

    private static Map<String, List<String>> lists(String text, String name) {
        Map<String, List<String>> words = new LinkedHashMap<>();
        List<String> current = null;
        for (String line : text.lines().toList()) {
            Matcher heading = HEADING.matcher(line), item = ITEM.matcher(line);
            if (item.matches()) {
                if (current == null) throw new InputException(name + ": '" + line.strip() + "' stands under no word; put a heading such as '## cat' above it");
                current.add(item.group(1));
            } else if (heading.matches()) {
                String word = (heading.group(1) != null ? heading.group(1) : heading.group(2) != null ? heading.group(2) : heading.group(3)).strip();
                current = new ArrayList<>();
                if (words.put(word, current) != null) throw new InputException(name + ": '" + word + "' comes twice");
            }
        }
        words.values().removeIf(List::isEmpty);
        return words;
    }
}
