package dev.freecp.clip;

import java.nio.charset.Charset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * A single-byte character set through which UTF-8 may once have been read. Bytes that a set leaves undefined stand for the control character of
 * the same number, as every decoder in use has it.
 */
final class CodePage {

    static final CodePage LATIN_1 = new CodePage(b -> Character.toString(b));
    static final CodePage WINDOWS_1252 = of("windows-1252");

    /** Spelled out because the JDK's own table lies in a module that small run-time images lack. */
    private static final String MAC_ROMAN = "ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø"
        + "¿¡¬√ƒ≈∆«»…\u00a0ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€‹›ﬁﬂ‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\uf8ffÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ";

    /** The likeliest first. */
    static final List<CodePage> ALL = List.of(LATIN_1, WINDOWS_1252, of("windows-1251"), of("windows-1250"), of("windows-1253"), of("windows-1254"),
        of("windows-1257"), of("ISO-8859-2"), new CodePage(b -> MAC_ROMAN.substring(b - 0x80, b - 0x7F)), of("IBM437"));

    private final int[] characterOf = new int[0x100];
    private final Map<Integer, Integer> byteOf = new HashMap<>();

    private CodePage(IntFunction<String> decoder) {
        for (int b = 0x80; b < 0x100; b++) {
            int character = decoder.apply(b).codePointAt(0);
            characterOf[b] = character == 0xFFFD ? b : character;
            byteOf.put(characterOf[b], b);
        }
    }

    private static CodePage of(String charset) {
        return new CodePage(b -> new String(new byte[] {(byte) b}, Charset.forName(charset)));
    }

    /** The byte (0 to 255) that this set writes for each code point, -1 where it has none. U+FFFD, a byte already lost, is {@link Utf8Bytes#LOST}. */
    int[] encode(String text) {
        return text.codePoints().map(c -> c < 0x80 ? c : c == 0xFFFD ? Utf8Bytes.LOST : byteOf.getOrDefault(c, -1)).toArray();
    }

    /** The code point of a byte from 128 to 255. */
    int characterAt(int b) {
        return characterOf[b];
    }
}
