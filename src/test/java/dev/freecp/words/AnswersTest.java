package dev.freecp.words;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.error.InputException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The forms in which people and language models hand sentences over. */
class AnswersTest {

    private static final Map<String, List<String>> TWO = Map.of("cat", List.of("Soft fur.", "It's small."), "traffic light", List.of("Three lamps."));

    @Test
    void readsJson() {
        assertEquals(TWO, Answers.parse("{\"cat\": [\"Soft fur.\", \"It's small.\"], \"traffic light\": [\"Three lamps.\"]}", "a"));
        assertEquals(Map.of("cat", List.of("\u201cSoft\u201d \"fur\".")), Answers.parse("{\"cat\": [\"\\u201cSoft\\u201d \\\"fur\\\".\"]}", "a"));
    }

    @Test
    void readsJsonInsideAFenceWithTalkAround() {
        assertEquals(TWO, Answers.parse("Here you are:\n```json\n{\"cat\": [\"Soft fur.\", \"It's small.\"],\n\"traffic light\": [\"Three lamps.\"]}\n```\nAnything else?", "a"));
    }

    @Test
    void readsPythonDictionaries() {
        String python = """
            # descriptions of a language model
            import os
            voc_descriptions = {
                'cat': ['Soft fur.',   # first
                        "It's "
                        'small.',],
                "traffic light": (r'Three lamps.',),
            }
            """;
        assertEquals(TWO, Answers.parse(python, "a"));
    }

    @Test
    void readsTripleQuotesEscapesAndSingleStrings() {
        assertEquals(Map.of("cat", List.of("It's soft.")), Answers.parse("d = {'cat': 'It\\'s soft.'}", "a"));
        assertEquals(Map.of("cat", List.of("Two\nlines.")), Answers.parse("{'cat': ['''Two\nlines.''']}", "a"));
    }

    @Test
    void readsListsUnderHeadings() {
        assertEquals(TWO, Answers.parse("## cat\n- Soft fur.\n2. It's small.\n\n**traffic light**\n* Three lamps.\n", "a"));
        assertEquals(TWO, Answers.parse("cat:\n1) Soft fur.\n2) It's small.\ntraffic light:\n- Three lamps.\n", "a"));
    }

    @Test
    void refusesWhatIsNoneOfTheseWithTheLine() {
        assertRefused("", "no sentences found");
        assertRefused("just talk", "no sentences found");
        assertRefused("- A sentence without a word.", "stands under no word");
        assertRefused("{'cat': ['Soft fur.'}", "line 1: wanted a comma or ']'");
        assertRefused("{'cat':\n ['Soft fur", "line 2: a string has no end");
        assertRefused("{'cat': ['a'], 'cat': ['b']}", "'cat' comes twice");
        assertRefused("## cat\n- a\n## cat\n- b", "'cat' comes twice");
        assertRefused("{'cat': [open('x')]}", "wanted a string");
        assertRefused("{'cat': ['\\u12']}", "hexadecimal");
    }

    @Test
    void instructionsNameEveryWordAndTheRules() {
        String text = Instructions.of(List.of("grass", "fire truck"), DescriptionCheck.STANDARD);
        assertTrue(text.contains("exactly 15 sentences") && text.contains("- grass\n- fire truck") && text.contains("6 to 40 words"), text);
        assertTrue(Instructions.of(List.of("x"), new DescriptionCheck(8, 6, 40, 240, 0.8)).contains("2 on how it appears"));
    }

    private static void assertRefused(String text, String because) {
        String message = assertThrows(InputException.class, () -> Answers.parse(text, "answers.txt")).getMessage();
        assertTrue(message.startsWith("answers.txt: ") && message.contains(because), message);
    }
}
