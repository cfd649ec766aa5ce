package dev.freecp.words;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.freecp.clip.Utf8Lines;
import dev.freecp.segment.Descriptions;
import dev.freecp.segment.Preset;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The words that come with the program: sentences for every query word of the eight data sets, synonyms, and distractors. */
class BuiltInWordsTest {

    @ParameterizedTest
    @EnumSource(Preset.class)
    void everyQueryWordHasFifteenSentencesThatPassTheCheck(Preset preset) {
        Descriptions descriptions = Descriptions.builtIn(preset);
        List<String> words = preset.vocabulary().words();
        for (String word : words) assertEquals(15, descriptions.sentences(word).orElseThrow(() -> new AssertionError(word)).size(), word);
        DescriptionCheck.Report report = DescriptionCheck.STANDARD.check(descriptions, null, null);
        assertEquals(List.of(), report.findings());
        assertTrue(report.nearRate() < 0.01);
    }

    @Test
    void overridesChangeWhatADataSetMeansByAWord() {
        assertFalse(Descriptions.builtIn(null).sentences("ship").equals(Descriptions.builtIn(Preset.VOC21).sentences("ship")), "VOC's ship is any boat");
        assertEquals(Descriptions.builtIn(Preset.VOC20).sentences("ship"), Descriptions.builtIn(Preset.VOC21).sentences("ship"));
        assertEquals(Descriptions.builtIn(null).sentences("ship"), Descriptions.builtIn(Preset.ADE20K).sentences("ship"));
    }

    @Test
    void distractorsAndSynonymsAreInNoVocabulary() throws IOException {
        Set<String> vocabulary = new HashSet<>();
        for (Preset preset : Preset.all()) preset.vocabulary().words().forEach(word -> vocabulary.add(plain(word)));
        List<String> distractors = Utf8Lines.resource(getClass(), "/dev/freecp/words/distractors.txt");
        assertTrue(distractors.size() >= 300, "several hundred, not " + distractors.size());
        assertEquals(distractors, List.copyOf(new TreeSet<>(distractors)), "sorted and each once");
        distractors.forEach(word -> assertFalse(vocabulary.contains(plain(word)), word));
        synonyms().forEach((word, names) -> {
            assertTrue(vocabulary.contains(plain(word)), word);
            assertTrue(names.size() >= 2 && names.size() <= 4, word);
            for (String name : names) {
                assertFalse(vocabulary.contains(plain(name)), word + ": " + name);
                assertFalse(distractors.contains(name), word + ": " + name);
            }
        });
    }

    @SuppressWarnings("unchecked")
    private Map<String, List<String>> synonyms() throws IOException {
        try (InputStream in = getClass().getResourceAsStream("/dev/freecp/words/synonyms.json")) {
            return (Map<String, List<String>>) (Map<String, ?>) JSON.std.mapFrom(in);
        }
    }

    private static String plain(String word) {
        return word.replaceAll("[ -]", "");
    }
}
