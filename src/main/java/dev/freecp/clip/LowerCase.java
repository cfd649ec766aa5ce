package dev.freecp.clip;

import java.util.Locale;

/**
 * Lower case as the original tokenizers have it. {@link String#toLowerCase(Locale)} asks a word-break iterator about a capital sigma and so
 * disagrees with Python next to hyphens and colons; here sigma is decided first, by the rule of the Unicode standard (Final_Sigma).
 */
final class LowerCase {

    private static final int CAPITAL_SIGMA = 0x3A3;

    /** Word_Break = MidLetter, MidNumLet or Single_Quote: skipped when looking for the letters beside a sigma. */
    private static final String MID_WORD = "'.:\u00b7\u0387\u055f\u05f4\u2018\u2019\u2024\u2027\ufe13\ufe52\ufe55\uff07\uff0e\uff1a";

    private LowerCase() {
    }

    /** Python's {@code str.lower()}: a sigma that ends a word becomes its final form. */
    static String ofText(String text) {
        if (text.indexOf(CAPITAL_SIGMA) < 0) {
            return text.toLowerCase(Locale.ROOT);
        }
        StringBuilder sigmas = new StringBuilder(text);
        for (int i = text.indexOf(CAPITAL_SIGMA); i >= 0; i = text.indexOf(CAPITAL_SIGMA, i + 1)) {
            sigmas.setCharAt(i, letterBefore(text, i) && !letterFrom(text, i + 1) ? '\u03c2' : '\u03c3');
        }
        return sigmas.toString().toLowerCase(Locale.ROOT);
    }

    /** Every character by itself, as the Rust tokenizers have it: a sigma never becomes final. */
    static String ofCharacters(String text) {
        return text.replace('\u03a3', '\u03c3').toLowerCase(Locale.ROOT);
    }

    private static boolean letterBefore(String text, int end) {
        for (int i = end; i > 0; ) {
            int c = text.codePointBefore(i);
            if (!isIgnorable(c)) {
                return isCased(c);
            }
            i -= Character.charCount(c);
        }
        return false;
    }

    private static boolean letterFrom(String text, int start) {
        for (int i = start; i < text.length(); ) {
            int c = text.codePointAt(i);
            if (!isIgnorable(c)) {
                return isCased(c);
            }
            i += Character.charCount(c);
        }
        return false;
    }

    private static boolean isCased(int c) {
        return Character.isLowerCase(c) || Character.isUpperCase(c) || Character.isTitleCase(c);
    }

    private static boolean isIgnorable(int c) {
        return switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT, Character.MODIFIER_LETTER, Character.MODIFIER_SYMBOL -> true;
            default -> MID_WORD.indexOf(c) >= 0;
        };
    }
}
