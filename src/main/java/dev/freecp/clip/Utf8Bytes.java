package dev.freecp.clip;

import java.util.Optional;

/**
 * Reads UTF-8 that has been through a code page. Besides the standard it takes surrogates of three bytes each (CESU-8), a no-break space (A0)
 * that became a plain space inside a sequence, and a byte that was lost on the way, which makes its character U+FFFD.
 */
final class Utf8Bytes {

    /** Stands for a byte of unknown value. */
    static final int LOST = 0x1A;

    /** First bytes after which a space is far likelier a lost A0 than a space: letters with accents, CJK, emoji. */
    private static final String BEFORE_A0 = "\u00c2\u00c3\u00c5\u00ce\u00d0\u00d9\u00e0\u00e1\u00e2\u00e3\u00f0";

    /** A character and the number of bytes it took. */
    record Read(String character, int length) {
    }

    private Utf8Bytes() {
    }

    /** The text that the bytes spell, or empty if they are not UTF-8. */
    static Optional<String> decode(int[] bytes) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < bytes.length; ) {
            Optional<Read> next = read(bytes, i);
            if (next.isEmpty()) {
                return Optional.empty();
            }
            text.append(next.get().character());
            i += next.get().length();
        }
        return Optional.of(text.toString());
    }

    /** The character that begins at byte i, or empty if none does. */
    static Optional<Read> read(int[] bytes, int i) {
        int first = bytes[i];
        if (first >= 0 && first < 0x80) {
            return Optional.of(new Read(first == LOST ? "\ufffd" : Character.toString(first), 1));
        }
        int length = first >= 0xC2 && first <= 0xDF ? 2 : first >= 0xE0 && first <= 0xEF ? 3 : first >= 0xF0 && first <= 0xF4 ? 4 : 0;
        if (length == 0 || i + length > bytes.length) {
            return Optional.empty();
        }
        int character = first & (0x7F >> length);
        boolean lost = false;
        int spaces = 0;
        for (int k = 1; k < length; k++) {
            int next = bytes[i + k];
            lost |= next == LOST;
            spaces += next == ' ' ? 1 : 0;
            if (next != LOST && next != ' ' && (next & 0xC0) != 0x80) {
                return Optional.empty();
            }
            character = character << 6 | (next == ' ' ? 0x20 : next & 0x3F);
        }
        boolean spaceIsA0 = spaces == 0 || spaces == 1 && BEFORE_A0.indexOf(first) >= 0;
        boolean overlong = length == 3 && character < 0x800 || length == 4 && character < 0x10000;
        if (!spaceIsA0 || !lost && (overlong || character > Character.MAX_CODE_POINT)) {
            return Optional.empty();
        }
        // "Ã " is a word of its own, the French "à": its space was both the lost A0 and the gap to the next word
        String gap = first == 0xC3 && spaces == 1 ? " " : "";
        return Optional.of(new Read((lost ? "\ufffd" : Character.toString(character)) + gap, length));
    }
}
