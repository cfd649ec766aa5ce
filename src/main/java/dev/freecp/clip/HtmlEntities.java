package dev.freecp.clip;

import java.nio.charset.Charset;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * HTML character references. The table has the 252 names of HTML 4 and {@code apos}; the other 2 000 names of HTML 5
 * ({@code &CounterClockwiseContourIntegral;}) stay as they are. Numeric references follow HTML 5: 128 to 159 mean Windows-1252, impossible numbers become U+FFFD.
 */
final class HtmlEntities {

    private static final Pattern STRICT = Pattern.compile("&#?[0-9A-Za-z]{1,24};");
    private static final Pattern LENIENT = Pattern.compile("&(?:#([0-9]+);?|#[xX]([0-9a-fA-F]+);?|([0-9A-Za-z]{1,32})(;?))");

    /** Only these may do without their semicolon: Latin-1 and the four of the syntax itself. */
    private static final int LAST_WITHOUT_SEMICOLON = 0xFF;

    private static final Map<String, Integer> NAMED = Utf8Lines.resource(HtmlEntities.class, "html-entities.txt").stream()
        .map(line -> line.split(" ")).collect(Collectors.toUnmodifiableMap(pair -> pair[0], pair -> Integer.parseInt(pair[1], 16)));

    private HtmlEntities() {
    }

    /** ftfy's reading: references with their semicolon only, and names shouted in capitals ({@code &EACUTE;}) as capital letters. */
    static String decodeStrict(String text) {
        return text.indexOf('&') < 0 ? text : STRICT.matcher(text).replaceAll(match -> {
            String name = match.group().substring(1, match.group().length() - 1);
            String lower = name.toLowerCase(Locale.ROOT);
            boolean shouted = !NAMED.containsKey(name) && NAMED.containsKey(lower) && name.equals(name.toUpperCase(Locale.ROOT));
            String decoded = shouted ? Character.toString(NAMED.get(lower)).toUpperCase(Locale.ROOT) : decode(match.group());
            return Matcher.quoteReplacement(decoded);
        });
    }

    /** Python's {@code html.unescape}: also numbers and Latin-1 names without a semicolon ({@code &ltb}), longest name first. */
    static String decode(String text) {
        return text.indexOf('&') < 0 ? text : LENIENT.matcher(text).replaceAll(match -> Matcher.quoteReplacement(decoded(match)));
    }

    private static String decoded(MatchResult reference) {
        if (reference.group(1) != null) {
            return numbered(reference.group(1), 10);
        }
        if (reference.group(2) != null) {
            return numbered(reference.group(2), 16);
        }
        String name = reference.group(3);
        if (!reference.group(4).isEmpty() && NAMED.containsKey(name)) {
            return Character.toString(NAMED.get(name));
        }
        for (int length = name.length(); length > 1; length--) {
            Integer character = NAMED.get(name.substring(0, length));
            if (character != null && character <= LAST_WITHOUT_SEMICOLON && !name.startsWith("apos")) {
                return Character.toString(character) + name.substring(length) + reference.group(4);
            }
        }
        return reference.group();
    }

    private static String numbered(String digits, int radix) {
        String significant = digits.replaceFirst("^0+(?=.)", "");
        long number = significant.length() > 8 ? Long.MAX_VALUE : Long.parseLong(significant, radix);
        if (number >= 0x80 && number <= 0x9F) {
            String windows = new String(new byte[] {(byte) number}, Charset.forName("windows-1252"));
            return windows.equals("\ufffd") ? Character.toString((int) number) : windows;
        }
        if (number == 0 || number > Character.MAX_CODE_POINT || (number >= Character.MIN_SURROGATE && number <= Character.MAX_SURROGATE)) {
            return "\ufffd";
        }
        return isRefused((int) number) ? "" : Character.toString((int) number);
    }

    /** Control characters and non-characters, which a reference cannot stand for. */
    private static boolean isRefused(int c) {
        boolean control = c < 0x20 && c != '\t' && c != '\n' && c != '\f' && c != '\r' || c == 0x7F;
        return control || (c >= 0xFDD0 && c <= 0xFDEF) || (c & 0xFFFE) == 0xFFFE;
    }
}
