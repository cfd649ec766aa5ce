package dev.freecp.words;

import dev.freecp.error.InputException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A small reader of a dictionary of lists of strings, written in Python or JSON. Nothing is evaluated. */
final class Literals {

    private final String text;
    private final String name;
    private int at;

    Literals(String text, String name) {
        this.text = text;
        this.name = name;
        this.at = text.indexOf('{');
    }

    Map<String, List<String>> dictionary() {
        Map<String, List<String>> words = new LinkedHashMap<>();
        expect('{');
        while (!accept('}')) {
            String word = string();
            expect(':');
            if (words.put(word, sentences()) != null) throw refusal("'" + word + "' comes twice");
            if (!accept(',') && !isNext('}')) throw refusal("wanted a comma or a closing brace");
        }
        return words;
    }

    /** A list or tuple of strings, or one string. */
    private List<String> sentences() {
        char open = next();
        if (open != '[' && open != '(') return List.of(string());
        at++;
        List<String> sentences = new ArrayList<>();
        char close = open == '[' ? ']' : ')';
        while (!accept(close)) {
            sentences.add(string());
            if (!accept(',') && !isNext(close)) throw refusal("wanted a comma or '" + close + "'");
        }
        return sentences;
    }

    /** A string, or several side by side, which Python joins. */
    private String string() {
        StringBuilder value = new StringBuilder();
        int parts = 0;
        while (isNext('"') || isNext('\'') || isPrefixed()) {
            boolean raw = isPrefixed() && Character.toLowerCase(text.charAt(at)) == 'r';
            if (isPrefixed()) at++;
            quoted(value, raw);
            parts++;
        }
        if (parts == 0) throw refusal("wanted a string");
        return value.toString();
    }

    /** r"..." or u"...". */
    private boolean isPrefixed() {
        skip();
        return at + 1 < text.length() && "rRuU".indexOf(text.charAt(at)) >= 0 && (text.charAt(at + 1) == '"' || text.charAt(at + 1) == '\'');
    }

    private void quoted(StringBuilder value, boolean raw) {
        String quote = text.substring(at, at + 1);
        if (text.startsWith(quote.repeat(3), at)) quote = quote.repeat(3);
        at += quote.length();
        while (!text.startsWith(quote, at)) {
            if (at >= text.length() || quote.length() == 1 && text.charAt(at) == '\n') throw refusal("a string has no end");
            char c = text.charAt(at++);
            if (c == '\\' && !raw) escape(value);
            else value.append(c);
        }
        at += quote.length();
    }

    private void escape(StringBuilder value) {
        if (at >= text.length()) throw refusal("a string has no end");
        char c = text.charAt(at++);
        switch (c) {
            case 'n' -> value.append('\n');
            case 't' -> value.append('\t');
            case 'r' -> value.append('\r');
            case 'u', 'x' -> {
                int digits = c == 'u' ? 4 : 2;
                if (at + digits > text.length()) throw refusal("a string has no end");
                try {
                    value.append((char) Integer.parseInt(text.substring(at, at + digits), 16));
                } catch (NumberFormatException e) {
                    throw refusal("\\" + c + " is not followed by " + digits + " hexadecimal digits");
                }
                at += digits;
            }
            case '\n' -> { }                                                                // a line that goes on
            default -> value.append(c);
        }
    }

    private void expect(char c) {
        if (!accept(c)) throw refusal("wanted '" + c + "'");
    }

    private boolean accept(char c) {
        if (!isNext(c)) return false;
        at++;
        return true;
    }

    private boolean isNext(char c) {
        return next() == c;
    }

    /** The next character that is neither white space nor in a comment, or 0 at the end. */
    private char next() {
        skip();
        return at < text.length() ? text.charAt(at) : 0;
    }

    private void skip() {
        while (at < text.length()) {
            if (text.charAt(at) == '#') {
                while (at < text.length() && text.charAt(at) != '\n') at++;
            } else if (Character.isWhitespace(text.charAt(at)) || text.charAt(at) == '\\') {
                at++;
            } else {
                return;
            }
        }
    }

    private InputException refusal(String problem) {
        long line = text.substring(0, Math.min(at, text.length())).chars().filter(c -> c == '\n').count() + 1;
        return new InputException(name + ": line " + line + ": " + problem);
    }
}
