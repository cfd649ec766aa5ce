package dev.freecp.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.clip.PromptTemplates;
import dev.freecp.error.InputException;
import dev.freecp.error.UsageException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DescriptionsTest {

    private static final Path GOLDEN = Path.of(System.getProperty("freecp.testdata"), "golden/vocab");
    private static final PromptTemplates TWO = new PromptTemplates(List.of("a {}.", "the {}."));

    @TempDir
    Path folder;

    @Test
    void describesEveryWordOfTheGoldenLists() {
        for (String name : List.of("bg21", "no30", "one", "pc60", "three")) {
            Descriptions descriptions = Descriptions.read(GOLDEN.resolve(name + ".descriptions.json"));
            for (String word : Vocabulary.read(GOLDEN.resolve(name + ".txt"), backgroundOf(name)).words()) {
                assertTrue(descriptions.sentences(word).isPresent(), () -> name + " " + word);
            }
        }
    }

    @Test
    void findsWordsByTheirExactName() throws IOException {
        Descriptions descriptions = read("{\"cat\": [\"It purrs.\", \"It has fur.\"]}");
        assertEquals(List.of("It purrs.", "It has fur."), descriptions.sentences("cat").orElseThrow());
        assertTrue(descriptions.sentences("Cat").isEmpty());
        assertTrue(Descriptions.none().sentences("cat").isEmpty());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"a": ["x"], "a": ["y"]} | Duplicate
        {"a": []}                | 'a' has no sentence
        {"a": "x"}               | 'a' must have an array
        {"a": ["x", 3]}          | sentence 2 of 'a' must be a string
        {"a": [null]}            | sentence 1 of 'a' must be a string
        {"a": [["x"]]}           | sentence 1 of 'a' must be a string
        {"a": [" "]}             | sentence 1 of 'a' is blank
        ["x"]                    | must be a JSON object
        {"a": ["x"]} {}          | goes on
        {"a": ["x"               | no valid JSON
        {"a": ["x"], }           | no valid JSON
        """)
    void refusesWrongFiles(String json, String problem) {
        InputException e = assertThrows(InputException.class, () -> read(json));
        assertTrue(e.getMessage().startsWith(folder.resolve("d.json").toString()), e.getMessage());
        assertTrue(e.getMessage().contains(problem), e.getMessage());
    }

    @Test
    void refusesEmptyAndMissingFiles() {
        assertThrows(InputException.class, () -> read(""));
        assertThrows(InputException.class, () -> Descriptions.read(folder.resolve("missing.json")));
        assertThrows(InputException.class, () -> Descriptions.read(folder));
    }

    @Test
    void templatesMakeUAndDescriptionsMakeV() throws IOException {
        Vocabulary vocabulary = Vocabulary.parse("cat; dog", new Background.None());
        Descriptions descriptions = read("{\"cat\": [\"1\", \"2\", \"3\"]}");
        QuerySentences released = QuerySentences.of(vocabulary, TWO, descriptions, TextSource.TEMPLATES, 0);
        assertEquals(List.of(List.of("a cat.", "the cat."), List.of("a dog.", "the dog.")), released.segmentation());
        assertEquals(List.of(List.of("1", "2", "3"), List.of("a dog.", "the dog.")), released.ambiguity());
        QuerySentences described = QuerySentences.of(vocabulary, TWO, descriptions, TextSource.DESCRIPTIONS, 0);
        assertEquals(released.ambiguity(), described.segmentation());
    }

    @Test
    void limitCutsDescriptionsButNotTemplates() throws IOException {
        Vocabulary vocabulary = Vocabulary.parse("cat; dog", new Background.None());
        Descriptions descriptions = read("{\"cat\": [\"1\", \"2\", \"3\"]}");
        QuerySentences one = QuerySentences.of(vocabulary, TWO, descriptions, TextSource.TEMPLATES, 1);
        assertEquals(List.of(List.of("1"), List.of("a dog.", "the dog.")), one.ambiguity());
        assertEquals(2, one.segmentation().getFirst().size());
        assertThrows(UsageException.class, () -> QuerySentences.of(vocabulary, TWO, descriptions, TextSource.TEMPLATES, -1));
    }

    private static Background backgroundOf(String name) {
        return name.equals("bg21") || name.equals("pc60") ? new Background.First() : new Background.None();
    }

    private Descriptions read(String json) throws IOException {
        return Descriptions.read(Files.writeString(folder.resolve("d.json"), json));
    }
}
