package dev.freecp.clip;

import java.util.Optional;

/**
 * Repairs text whose UTF-8 bytes were read in a single-byte code page ("cafÃ©" for "café"), once or several times over. A repair counts only if
 * the characters are valid UTF-8 in that page and if it makes the text less odd, where oddity counts neighbours that hardly ever meet in real
 * text; so "naïve", "CAFÉ…" and Greek or Russian words stay. The aims are ftfy's; the measure of oddity is our own and simpler.
 */
final class Mojibake {

    /** What first bytes become, in all the code pages, that is seldom followed by more than ASCII when it is meant. */
    private static final String LEADS = "ÃÂĂâ×√¬‚‰∩";

    private Mojibake() {
    }

    /** The text after every repair that helps. Each round shortens the text or removes C1 controls, so it ends. */
    static String repair(String text) {
        String before = text;
        for (String after = round(before); !after.equals(before); after = round(before)) {
            before = after;
        }
        return before;
    }

    private static String round(String text) {
        if (text.chars().allMatch(c -> c < 0x80) || oddity(text) == 0) {
            return text;
        }
        for (CodePage page : CodePage.ALL) {
            Optional<String> decoded = Utf8Bytes.decode(page.encode(text)).filter(better -> oddity(better) < oddity(text));
            if (decoded.isPresent()) {
                return decoded.get();
            }
        }
        return repairRuns(windowsForControls(text));
    }

    /** Broken stretches within sound text: each maximal run of characters that are UTF-8 sequences in Windows-1252. */
    private static String repairRuns(String text) {
        int[] characters = text.codePoints().toArray();
        int[] bytes = CodePage.WINDOWS_1252.encode(text);
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < bytes.length; ) {
            StringBuilder decoded = new StringBuilder();
            int end = i;
            while (end < bytes.length && bytes[end] >= 0x80) {
                Optional<Utf8Bytes.Read> next = Utf8Bytes.read(bytes, end);
                if (next.isEmpty()) {
                    break;
                }
                decoded.append(next.get().character());
                end += next.get().length();
            }
            if (end == i) {
                out.appendCodePoint(characters[i++]);
                continue;
            }
            int from = Math.max(0, i - 1);
            String before = new String(characters, from, i - from);
            String run = new String(characters, i, end - i);
            out.append(oddity(before + run) > oddity(before + decoded) ? decoded : run);
            i = end;
        }
        return out.toString();
    }

    /** C1 control characters are never meant: they are Windows-1252 read as Latin-1. */
    private static String windowsForControls(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().map(c -> isC1(c) ? CodePage.WINDOWS_1252.characterAt(c) : c).forEach(out::appendCodePoint);
        return out.toString();
    }

    /** Number of C1 controls, phonetic letters and neighbours that hardly ever meet. */
    private static int oddity(String text) {
        int[] c = text.codePoints().toArray();
        int count = 0;
        for (int i = 0; i < c.length; i++) {
            int previous = i == 0 ? ' ' : c[i - 1];
            int next = i + 1 == c.length ? ' ' : c[i + 1];
            count += isC1(c[i]) || isPhonetic(c[i]) || isOddPair(c[i], next) || isLoneLead(previous, c[i], next) ? 1 : 0;
        }
        return count;
    }

    private static boolean isOddPair(int a, int b) {
        if (b < 0x80) {
            return false;
        }
        boolean symbolBehind = !isWordPart(b) && !isC1(b);
        if (a < 0x80) {
            return Character.isLowerCase(a) && Character.isUpperCase(b);
        }
        if (LEADS.indexOf(a) >= 0 || isBox(a) != isBox(b) || isRaised(a) && isRaised(b) && a != b) {
            return true;
        }
        if (!isWordPart(a)) {
            return false;
        }
        boolean mixed = isWordPart(b) && scriptGroup(a) != scriptGroup(b) || Character.isLowerCase(a) && Character.isUpperCase(b);
        return mixed || symbolBehind && !mayFollowWord(b);
    }

    /** "Ã" or "Â" before a space, not at the end of a word in capitals (IRMÃ). */
    private static boolean isLoneLead(int previous, int c, int next) {
        return (c == 'Ã' || c == 'Â') && next == ' ' && !Character.isUpperCase(previous);
    }

    private static boolean isC1(int c) {
        return c >= 0x80 && c <= 0x9F;
    }

    /** IPA letters: a wrong code page makes them out of common pairs. */
    private static boolean isPhonetic(int c) {
        return c >= 0x250 && c <= 0x2AF;
    }

    private static boolean isBox(int c) {
        return c >= 0x2500 && c <= 0x257F;
    }

    /** Superscripts, fractions and free accents, of which two different ones do not meet. */
    private static boolean isRaised(int c) {
        return "¨¯´¸¹²³¼½¾ªº".indexOf(c) >= 0;
    }

    private static boolean isWordPart(int c) {
        return (Character.isLetter(c) || Character.getType(c) == Character.NON_SPACING_MARK) && "ªºµˆ˜ˇ".indexOf(c) < 0;
    }

    /** Closing punctuation, dashes, spaces and marks that do stand directly behind words. */
    private static boolean mayFollowWord(int c) {
        return "”’»›…–—·•™®©¹²³\u00a0\u00ad\u2019\u200b\u200c\u200d".indexOf(c) >= 0 || c > 0x2E7F || Character.isWhitespace(c);
    }

    /** Latin, Greek and Cyrillic never mix within a word; whatever else there is may. */
    private static int scriptGroup(int c) {
        return switch (Character.UnicodeScript.of(c)) {
            case LATIN -> 1;
            case GREEK -> 2;
            case CYRILLIC -> 3;
            default -> 0;
        };
    }
}
