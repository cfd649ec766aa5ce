package dev.freecp.segment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.clip.Utf8Lines;
import dev.freecp.error.FreecpException;
import dev.freecp.error.InputException;
import dev.freecp.error.UsageException;
import dev.freecp.ops.LabelRule;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class VocabularyTest {

    private static final Background NONE = new Background.None();
    private static final Background FIRST = new Background.First();

    @TempDir
    Path folder;

    @Test
    void readsClassesWithSynonyms() {
        Vocabulary vocabulary = Vocabulary.parse("a; b, synonym; c", NONE);
        assertEquals(List.of("a", "b", "synonym", "c"), vocabulary.words());
        assertEquals(List.of("a", "b", "c"), vocabulary.classes());
        assertEquals(List.of("a", "b", "c"), vocabulary.labelNames());
        assertEquals(0, vocabulary.backgroundWords());
        assertEquals(4, vocabulary.foregroundWords());
        assertEquals(1, vocabulary.classOfWord(2));
        assertRule(vocabulary, new int[] {0, 1, 1, 2}, 3, LabelRule.Background.NONE, 0);
    }

    @Test
    void namedBackgroundWordsGoFirst() {
        Vocabulary vocabulary = Vocabulary.parse("cat, kitten; dog", Background.parse("sky, wall, tree"));
        assertEquals(List.of("sky", "wall", "tree", "cat", "kitten", "dog"), vocabulary.words());
        assertEquals(3, vocabulary.backgroundWords());
        assertEquals(List.of("background", "cat", "dog"), vocabulary.labelNames());
        assertRule(vocabulary, new int[] {0, 0, 1}, 2, LabelRule.Background.ONE_MINUS_MAX, 0);
    }

    @Test
    void firstEntryCanBeTheBackground() {
        Vocabulary vocabulary = Vocabulary.parse("sky, bed; cat; bed", Background.parse("first"));
        assertEquals(List.of("sky", "bed", "cat", "bed"), vocabulary.words());
        assertEquals(2, vocabulary.backgroundWords());
        assertEquals(List.of("cat", "bed"), vocabulary.classes());
        assertRule(vocabulary, new int[] {0, 1}, 2, LabelRule.Background.ONE_MINUS_MAX, 0);
    }

    @Test
    void thresholdBackgroundHasNoWords() {
        Vocabulary vocabulary = Vocabulary.parse("cat; dog", Background.parse("threshold:0.3"));
        assertEquals(0, vocabulary.backgroundWords());
        assertEquals(List.of("background", "cat", "dog"), vocabulary.labelNames());
        assertRule(vocabulary, new int[] {0, 1}, 2, LabelRule.Background.THRESHOLD, 0.3f);
    }

    @Test
    void dataSetsCountBackgroundWordsOfLineZero() {
        Vocabulary with = Vocabulary.dataset(List.of("sky, wall", "cat", "dog"), true);
        assertEquals(2, with.backgroundWords());
        assertEquals(List.of("cat", "dog"), with.classes());
        Vocabulary without = Vocabulary.dataset(List.of("sky", "cat"), false);
        assertEquals(0, without.backgroundWords());
        assertEquals(List.of("sky", "cat"), without.classes());
        refuses("class 2 has several words", () -> Vocabulary.dataset(List.of("sky", "cat, kitten"), true));
        refuses("class 1 has several words", () -> Vocabulary.dataset(List.of("sky, wall", "cat"), false));
    }

    @Test
    void readsTheGoldenLists() {
        Path golden = Path.of(System.getProperty("freecp.testdata"), "golden/vocab");
        Vocabulary bg21 = Vocabulary.dataset(Utf8Lines.read(golden.resolve("bg21.txt")), true);
        assertEquals(26, bg21.words().size());
        assertEquals(6, bg21.backgroundWords());
        assertEquals(20, bg21.classes().size());
        Vocabulary pc60 = Vocabulary.dataset(Utf8Lines.read(golden.resolve("pc60.txt")), true);
        assertEquals(1, pc60.backgroundWords());
        assertEquals(1, Vocabulary.dataset(Utf8Lines.read(golden.resolve("one.txt")), false).words().size());
    }

    @Test
    void acceptsByteOrderMarksCarriageReturnsAndBlankEnds() throws IOException {
        Path file = Files.writeString(folder.resolve("classes"), "\ufeffcat, kitten\r\n  dog \r\n\r\n  \n");
        Vocabulary vocabulary = Vocabulary.of(file.toString(), NONE);
        assertEquals(List.of("cat", "kitten", "dog"), vocabulary.words());
        assertEquals(List.of("cat", "dog"), Vocabulary.parse("cat;dog; ", NONE).words());
    }

    @Test
    void commaWithoutSpaceBelongsToTheWord() {
        assertEquals(List.of("a,b"), Vocabulary.parse("a,b", NONE).words());
    }

    @Test
    void optionIsAListUnlessItNamesAFile() {
        assertEquals(List.of("traffic light"), Vocabulary.of("traffic light", NONE).words());
        assertEquals(List.of("a.txt", "b"), Vocabulary.of("a.txt; b", NONE).words());
        Path missing = folder.resolve("missing.txt");
        InputException e = assertThrows(InputException.class, () -> Vocabulary.of(missing.toString(), NONE));
        assertTrue(e.getMessage().startsWith(missing.toString()), e.getMessage());
    }

    @Test
    void refusesWrongLists() {
        refuses("the class list is empty", () -> Vocabulary.parse("  ", NONE));
        refuses("class 2 is empty", () -> Vocabulary.parse("a;;b", NONE));
        refuses("class 1 has an empty word", () -> Vocabulary.parse("a, , b", NONE));
        refuses("the word 'A' of class 3 has come before in class 1", () -> Vocabulary.parse("a; b; A", NONE));
        refuses("the word 'b' of class 2 has come before in class 2", () -> Vocabulary.parse("a; b, b", NONE));
        refuses("only background words", () -> Vocabulary.parse("sky, wall", FIRST));
        refuses("control character in 'a?b'", () -> Vocabulary.parse("a\u0007b", NONE));
        refuses("the word 'sky' of class 1 has come before in the background", () -> Vocabulary.parse("sky", Background.parse("sky, wall")));
        refuses("has come before in the background", () -> Vocabulary.parse("a", Background.parse("sky, sky")));
        refuses("the background has an empty word", () -> Vocabulary.parse("a", Background.parse("sky, ")));
        refuses("a class is named background", () -> Vocabulary.parse("background; a", Background.parse("threshold:0.5")));
    }

    @Test
    void fileErrorsNameFileAndLine() throws IOException {
        Path file = Files.writeString(folder.resolve("list.txt"), "cat\n\ndog\n");
        InputException e = assertThrows(InputException.class, () -> Vocabulary.read(file, NONE));
        assertEquals(file + ": line 2 is empty; remove it or name a class", e.getMessage());
        Path latin = Files.write(folder.resolve("latin.txt"), "café".getBytes(StandardCharsets.ISO_8859_1));
        assertTrue(assertThrows(InputException.class, () -> Vocabulary.read(latin, NONE)).getMessage().contains("is not UTF-8"));
    }

    @Test
    void refusesWrongBackgrounds() {
        refuses("empty background", () -> Background.parse(" "));
        refuses("is no number", () -> Background.parse("threshold:x"));
        refuses("must lie from 0 to 1", () -> Background.parse("threshold:1.5"));
        refuses("must lie from 0 to 1", () -> Background.parse("threshold:NaN"));
        refuses("at least one word", () -> new Background.Words(List.of()));
    }

    @Test
    void changingTheRuleLeavesTheVocabulary() {
        Vocabulary vocabulary = Vocabulary.parse("a; b", NONE);
        vocabulary.labelRule().classOfMap()[0] = 7;
        assertEquals(0, vocabulary.classOfWord(0));
    }

    private static void assertRule(Vocabulary vocabulary, int[] classOfMap, int classes, LabelRule.Background background, float threshold) {
        LabelRule rule = vocabulary.labelRule();
        assertArrayEquals(classOfMap, rule.classOfMap());
        assertEquals(classes, rule.classes());
        assertEquals(background, rule.background());
        assertEquals(threshold, rule.threshold());
        assertEquals(vocabulary.labelNames().size(), rule.labels());
    }

    private static void refuses(String problem, Executable action) {
        FreecpException e = assertThrows(UsageException.class, action);
        assertTrue(e.getMessage().contains(problem), e.getMessage());
    }
}
