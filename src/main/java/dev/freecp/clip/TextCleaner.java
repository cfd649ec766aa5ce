package dev.freecp.clip;

import java.text.Normalizer;
import java.util.regex.Pattern;

/**
 * What CLIP does to a text before its tokenizer (basic_clean and whitespace_clean): ftfy's {@code fix_text}, HTML references twice over, white
 * space. Written after ftfy 6's documentation. Not taken over: HTML 5's long tail of entity names (see {@link HtmlEntities}) and ftfy's
 * statistics of mojibake (see {@link Mojibake}).
 */
final class TextCleaner {

    private static final Pattern SPACES = Pattern.compile("\\p{IsWhite_Space}+");
    private static final Pattern SINGLE_QUOTES = Pattern.compile("[\u02bc\u2018-\u201b]");
    private static final Pattern DOUBLE_QUOTES = Pattern.compile("[\u201c-\u201f]");
    private static final Pattern LINE_BREAKS = Pattern.compile("\r\n|[\r\u2028\u2029]");
    private static final Pattern LINE_STARTS = Pattern.compile("(?<=\n)");
    private static final Pattern TERMINAL_ESCAPES = Pattern.compile("\u001b\\[[0-9;]*[a-zA-Z]");
    private static final Pattern LONE_SURROGATES = Pattern.compile("[\ud800-\udfff]");
    private static final Pattern CONTROLS =
        Pattern.compile("[\\x00-\\x08\\x0b\\x0e-\\x1f\\x7f\u206a-\u206f\ufeff\ufff9-\ufffc]");

    /** Ligatures and digraphs of Latin letters, and full and half width forms; NFKC takes just these apart. U+3000 is the full-width space. */
    private static final Pattern LIGATURES_AND_WIDTHS =
        Pattern.compile("[\u0132\u0133\u0149\u01c4-\u01cc\u01f1-\u01f3\ufb00-\ufb06\uff01-\uffef\u3000]");

    private TextCleaner() {
    }

    /** The repaired text, without white space at its ends and with single spaces inside; letters keep their case. */
    static String clean(String text) {
        return collapseSpaces(HtmlEntities.decode(HtmlEntities.decode(fix(text))));
    }

    /** Runs of white space (as Unicode has it) become one space, those at the ends go. */
    static String collapseSpaces(String text) {
        return SPACES.matcher(text).replaceAll(" ").strip();
    }

    /** ftfy's fix_text: line by line; from the first line with a "<" on the text is taken for HTML and its references are left alone. */
    static String fix(String text) {
        StringBuilder fixed = new StringBuilder();
        boolean html = false;
        for (String line : LINE_STARTS.split(text)) {
            html |= line.indexOf('<') >= 0;
            fixed.append(fixLine(line, !html));
        }
        return fixed.toString();
    }

    /** All repairs, again and again until nothing changes. */
    private static String fixLine(String line, boolean references) {
        String before = line;
        for (String after = fixOnce(before, references); !after.equals(before); after = fixOnce(before, references)) {
            before = after;
        }
        return before;
    }

    private static String fixOnce(String line, boolean references) {
        String text = references ? HtmlEntities.decodeStrict(line) : line;
        text = Mojibake.repair(text);
        text = LIGATURES_AND_WIDTHS.matcher(text).replaceAll(match -> Normalizer.normalize(match.group(), Normalizer.Form.NFKC));
        text = SINGLE_QUOTES.matcher(text).replaceAll("'");
        text = DOUBLE_QUOTES.matcher(text).replaceAll("\"");
        text = LINE_BREAKS.matcher(text).replaceAll("\n");
        text = LONE_SURROGATES.matcher(text).replaceAll("\ufffd");
        text = TERMINAL_ESCAPES.matcher(text).replaceAll("");
        text = CONTROLS.matcher(text).replaceAll("");
        return Normalizer.normalize(text, Normalizer.Form.NFC);
    }
}
