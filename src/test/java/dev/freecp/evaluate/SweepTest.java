package dev.freecp.evaluate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.freecp.clip.ReadOut;
import dev.freecp.error.UsageException;
import dev.freecp.segment.Background;
import dev.freecp.segment.SegmentSettings;
import dev.freecp.segment.TextSource;
import dev.freecp.segment.Vocabulary;
import dev.freecp.segment.WordFeatures;
import java.util.List;
import org.junit.jupiter.api.Test;

class SweepTest {

    private static final WordFeatures WORDS = new WordFeatures(Vocabulary.parse("cat; dog; spoon; fork", new Background.None()), 1, new float[] {1, 2, 3, 4}, new float[] {5, 6, 7, 8});
    private static final Sweep.Base BASE = new Sweep.Base(SegmentSettings.defaults(), WORDS, TextChoice.PUBLISHED, false);

    private static List<String> names(Sweep sweep) {
        return sweep.variants(BASE).stream().map(Variant::name).toList();
    }

    @Test
    void nothingVariedIsOneRunWithTheWordsAsTheyAre() {
        Variant only = Sweep.NONE.variants(BASE).getFirst();
        assertEquals("sclip refine,rp,ap", only.name());
        assertSame(WORDS, only.words());
        assertEquals(1, Sweep.NONE.variants(BASE).size());
    }

    @Test
    void methodsAndStepsAreAllCombined() {
        List<String> names = names(Sweep.parse("methods,steps"));
        assertEquals(30, names.size());
        assertEquals("vanilla none", names.getFirst());
        assertEquals("gem refine,rp,ap", names.getLast());
        assertEquals(24, Sweep.parse("methods,steps").without(ReadOut.GEM).variants(BASE).size());
    }

    @Test
    void thresholdsThatNoStepUsesAreNotRunTwice() {
        assertEquals(List.of("sclip none", "sclip refine", "sclip refine,rp tau-r 0.1", "sclip refine,rp tau-r 0.2", "sclip refine,ap", "sclip refine,ap,rp tau-r 0.1",
            "sclip refine,ap,rp tau-r 0.2", "sclip refine,rp,ap tau-r 0.1", "sclip refine,rp,ap tau-r 0.2"), names(Sweep.parse("steps,tau-r=0.1:0.2")));
    }

    @Test
    void textsExchangeTheMatrices() {
        List<Variant> variants = Sweep.parse("text").variants(BASE);
        assertEquals(4, variants.size());
        for (Variant variant : variants) {
            boolean templates = variant.choice().text().start() == TextSource.TEMPLATES;
            assertArrayEquals(templates ? WORDS.queries() : WORDS.details(), variant.words().queries());
            boolean apTemplates = variant.choice().text().ambiguity() == TextSource.TEMPLATES;
            assertArrayEquals(apTemplates ? WORDS.queries() : WORDS.details(), variant.words().details());
        }
        assertEquals("sclip refine,rp,ap text templates/descriptions", variants.get(1).name());
    }

    @Test
    void absentWordsAreTheLastOnes() {
        List<Variant> variants = Sweep.NONE.withAbsent(List.of(0, 1, 2)).variants(BASE);
        assertEquals(List.of("cat", "dog"), variants.get(0).words().vocabulary().words());
        assertEquals(List.of("cat", "dog", "spoon"), variants.get(1).words().vocabulary().words());
        assertSame(WORDS, variants.get(2).words());
        assertEquals("sclip refine,rp,ap +1 words", variants.get(1).name());
    }

    @Test
    void oracleIsWithoutAndWith() {
        assertEquals(List.of("sclip refine,rp,ap", "sclip refine,rp,ap oracle"), names(Sweep.parse("oracle")));
    }

    /** It never offers them. */
    @Test
    void anOracleIsNotRunAgainForAbsentWords() {
        assertEquals(List.of("sclip refine,rp,ap +0 words", "sclip refine,rp,ap +2 words", "sclip refine,rp,ap oracle"), names(Sweep.parse("oracle").withAbsent(List.of(0, 2)))
            .stream().sorted().toList());
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        for (String text : List.of("", "method", "steps=none", "tau-r=", "tau-r=a:b", "tau-a=0.5:9", "tau-r=NaN")) assertThrows(UsageException.class, () -> Sweep.parse(text), text);
    }
}
