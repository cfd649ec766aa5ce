package dev.freecp.clip;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextCleanerTest {

    private static final List<String> SENTENCES = List.of("naïve café", "El Niño ¿qué? ¡sí!", "Ærø Ångström Øre", "Příliš žluťoučký kůň", "привет мир",
        "Ελληνικά κείμενο", "日本語のテキスト", "emoji 😀 here", "10 °C ± 2 µm", "£5 ¥20 ©2020");

    @Test
    void repairsUtf8ReadAsAnySingleByteCodePage() {
        for (String codePage : List.of("ISO-8859-1", "windows-1252", "windows-1250", "windows-1254", "IBM437")) {
            for (String sentence : SENTENCES) {
                String broken = readAs(sentence, codePage);
                if (!broken.contains("\ufffd")) {
                    assertEquals(sentence, TextCleaner.clean(broken), () -> codePage + ": " + broken);
                }
            }
        }
    }

    @Test
    void repairsTextBrokenTwice() {
        for (String sentence : SENTENCES) {
            String twice = readAs(readAs(sentence, "ISO-8859-1"), "ISO-8859-1");
            assertEquals(sentence, TextCleaner.clean(twice), () -> twice);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        doesnâ€™t                            | doesn't
        âœ” No problems                     | ✔ No problems
        The Mona Lisa doesnÃƒÂ¢Ã¢â€šÂ¬Ã¢â€žÂ¢t | The Mona Lisa doesn't
        “sound” and cafÃ© au lait            | "sound" and café au lait
        voilÃ  le cafÃ©                      | voilà le café
        Ã la carte                           | à la carte
        10Â °C                               | 10 °C
        â€�lostâ€�                           | \ufffdlost\ufffd
        RUF MICH ZURÃœCK                     | RUF MICH ZURÜCK
        ‚Äúmac‚Äù                            | "mac"
        """)
    void repairsMojibake(String broken, String sound) {
        assertEquals(sound, TextCleaner.clean(broken));
    }

    @ParameterizedTest
    @ValueSource(strings = {"naïve café", "CAFÉ…", "«CAFÉ»", "IRMÃ GRANDE", "MAÇÃ VERDE", "ÀÉÎ", "señor mañana", "ação não coração", "Łódź gęś", "10 °C",
        "±5 3×4 √2", "ß²", "Ø©", "CAFÉ™", "x² ½", "À bientôt", "câţi", "привет", "Αθήνα ΕΛΛΗΝΙΚΑ", "日本語", "한국어", "─│┌┐", "Đà Nẵng", "40 µm", "Acme®"})
    void leavesSoundTextAlone(String text) {
        assertEquals(text, TextCleaner.clean(text));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        &lt;b&gt; &amp;amp;       | <b> &
        &eacute; &EACUTE; &Eacute; | é É É
        &copy 2020 &notit; &ampx  | © 2020 ¬it; &x
        &#233; &#xE9; &#38        | é é &
        &#128; &#x93;x&#x94;      | € "x"
        a&#0;b                    | a\ufffdb
        a&#xD800;b &#x110000;     | a\ufffdb \ufffd
        <i>&#128; &#x99;         | <i>€ ™
        a&#1;b                    | ab
        a&nbsp;&nbsp;b            | a b
        &foo; & &; &hearts;       | &foo; & &; ♥
        &Atilde;&copy;            | é
        don&rsquo;t               | don't
        <p>don&rsquo;t</p>        | <p>don’t</p>
        """)
    void decodesHtmlReferences(String html, String text) {
        assertEquals(text, TextCleaner.clean(html));
    }

    @Test
    void stopsReadingReferencesOnlyFromTheFirstTagOn() {
        assertEquals("don't <b> ’", TextCleaner.clean("don&rsquo;t\n<b>\n&rsquo;"));
    }

    @Test
    void foldsQuotesLigaturesAndWidths() {
        assertEquals("\"a\" 'b' 'c 'd", TextCleaner.clean("“a” ‘b’ \u02bcc ‚d"));
        assertEquals("fine flow ffi st", TextCleaner.clean("ﬁne ﬂow ﬃ ﬆ"));
        assertEquals("IJ ij Dž lj 'n", TextCleaner.clean("Ĳ ĳ ǅ ǉ ŉ").replace("ʼ", "'"));
        assertEquals("ABC! ガ", TextCleaner.clean("ＡＢＣ！　ｶﾞ"));
        assertEquals("café Å", TextCleaner.clean("cafe\u0301 A\u030a"));
        assertEquals("æ œ ½", TextCleaner.clean("æ œ ½"));
    }

    @Test
    void removesControlsEscapesAndLoneSurrogates() {
        assertEquals("red text", TextCleaner.clean("\u001b[36;1mred\u001b[0m text"));
        assertEquals("bom", TextCleaner.clean("\ufeffb\u0000o\u0008\u206am\ufffc\u007f"));
        assertEquals("a\ufffdb 😀", TextCleaner.clean("a\ud83db \ud83d\ude00"));
        assertEquals("–x…", TextCleaner.clean("\u0096x\u0085"));
    }

    @Test
    void everyWhiteSpaceBecomesOneSpace() {
        assertEquals("a b c d e f", TextCleaner.clean(" a\r\nb\u2028c\u2029d\u00a0\u3000e\t\u2003f\n"));
        assertEquals("", TextCleaner.clean(" \t\n"));
    }

    @Test
    void lowerCaseKnowsFinalSigma() {
        assertEquals("οδος. σ ας1 ασ'α ας-α ας\u0301 ασ:β σα", LowerCase.ofText("ΟΔΟΣ. Σ ΑΣ1 ΑΣ'Α ΑΣ-Α ΑΣ\u0301 ΑΣ:Β ΣΑ"));
        assertEquals("οδοσ", LowerCase.ofCharacters("ΟΔΟΣ"));
        assertEquals("i\u0307stanbul ß", LowerCase.ofText("İstanbul ẞ"));
    }

    @Test
    void plainCleaningOnlyNormalisesAndLowers() {
        assertEquals("“ca\u0301fé” &amp; \ufb01", Cleaning.PLAIN.apply("  “C\u0041\u0301FE\u0301”\n&amp; \ufb01 ").replace("á", "a\u0301"));
        assertEquals("cafã©", Cleaning.PLAIN.apply("cafÃ©"));
    }

    private static String readAs(String text, String codePage) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new String(bytes, Charset.forName(codePage));
    }
}
