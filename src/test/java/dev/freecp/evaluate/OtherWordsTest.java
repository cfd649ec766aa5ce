package dev.freecp.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.error.InputException;
import dev.freecp.error.UsageException;
import dev.freecp.segment.Background;
import dev.freecp.segment.Preset;
import dev.freecp.segment.Vocabulary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Words that are in no picture, and other names of words. */
class OtherWordsTest {

    private static final Vocabulary SHAPES = Vocabulary.parse("arrow; brick wall; moon, crescent", new Background.Words(List.of("sky")));

    @TempDir
    private Path folder;

    @Test
    void absentWordsAreSeveralHundredAndNoneIsInTheVocabulary() {
        AbsentWords words = AbsentWords.builtIn(SHAPES);
        assertTrue(words.words().size() >= 300, () -> "only " + words.words().size());
        assertFalse(words.words().contains("arrow"));
        assertTrue(AbsentWords.builtIn(Vocabulary.parse("cat", new Background.None())).words().contains("arrow"));
    }

    @Test
    void moreAbsentWordsHoldTheFewer() {
        AbsentWords words = AbsentWords.builtIn(SHAPES);
        assertEquals(words.first(10), words.first(40).subList(0, 10));
        assertEquals(words, AbsentWords.builtIn(SHAPES));
        assertThrows(UsageException.class, () -> words.first(100_000));
    }

    @Test
    void aFileOfWordsKeepsItsOrder() throws IOException {
        Path file = Files.writeString(folder.resolve("words.txt"), "zebra\nBrick-Wall\n\napple\nzebra\nsky\n");
        assertEquals(List.of("zebra", "apple"), AbsentWords.read(file, SHAPES).words());
    }

    @Test
    void everyPresetHasNearSynonymsThatAreNoneOfItsWords() {
        for (Preset preset : Preset.all()) {
            List<String> words = AbsentWords.synonyms(preset.vocabulary(), Synonyms.builtIn()).words();
            assertTrue(words.size() >= preset.vocabulary().classes().size(), preset.key());
            preset.vocabulary().words().forEach(word -> assertFalse(words.contains(word), word));
        }
    }

    @Test
    void namesAreGivenOnceAndNeverTakenFromAnotherWord() throws IOException {
        Path file = Files.writeString(folder.resolve("names.json"), "{\"arrow\": [\"Moon\", \"dart\"], \"moon\": [\"dart\", \"luna\"], \"sky\": [\"heavens\"]}");
        Map<String, String> renamed = Synonyms.read(file).rename(SHAPES);
        assertEquals(Map.of("arrow", "dart", "moon", "luna"), renamed);
        Vocabulary other = SHAPES.withNames(word -> renamed.getOrDefault(word, word));
        assertEquals(List.of("sky", "dart", "brick wall", "luna", "crescent"), other.words());
        assertEquals(List.of("background", "dart", "brick wall", "luna"), other.labelNames());
    }

    @Test
    void refusesFilesThatAreNoListsOfNames() throws IOException {
        for (String text : List.of("[]", "{\"a\": \"b\"}", "{\"a\": [1]}", "{"))
            assertThrows(InputException.class, () -> Synonyms.read(Files.writeString(folder.resolve("bad.json"), text)), text);
        assertThrows(InputException.class, () -> Synonyms.read(folder.resolve("missing.json")));
    }

    @Test
    void wordsBehindTheClassesAreClassesOfTheirOwn() {
        Vocabulary more = SHAPES.plus(List.of("spoon", "hot dog"));
        assertEquals(List.of("arrow", "brick wall", "moon", "spoon", "hot dog"), more.classes());
        assertEquals(List.of("moon", "crescent"), more.wordsOfClass(2));
        assertThrows(UsageException.class, () -> SHAPES.plus(List.of("Moon")));
    }

    @Test
    void shardsAreEvenAndTogetherEverything() {
        List<Integer> all = List.of(0, 1, 2, 3, 4, 5, 6);
        assertEquals(List.of(0, 3, 6), Shard.parse("1/3").of(all));
        assertEquals(List.of(2, 5), Shard.parse("3/3").of(all));
        for (String text : List.of("0/3", "4/3", "1", "a/b", "1/0")) assertThrows(UsageException.class, () -> Shard.parse(text), text);
    }
}
