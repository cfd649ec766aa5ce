package dev.freecp.weights;

import dev.freecp.error.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class JsonFileTest {

    private static final String TEXT = """
        {"name": "ViT", "size": 224, "eps": 1e-5, "yes": true, "mean": [0.5, 1], "none": null,
         "vision": {"patch": "16", "deep": {"x": -3}}, "big": 12345678901, "huge": 123456789012345678901, "much": 1e999}
        """;

    @TempDir
    Path folder;

    @Test
    void answersTypedQuestions() {
        JsonObject object = read(TEXT);
        assertEquals("ViT", object.string("name"));
        assertEquals(224, object.integer("size"));
        assertEquals(224.0, object.number("size"));
        assertEquals(1e-5, object.number("eps"));
        assertTrue(object.flag("yes"));
        assertArrayEquals(new double[] {0.5, 1}, object.numbers("mean"));
        assertEquals(-3, object.object("vision").object("deep").integer("x"));
        assertEquals(List.of(0.5, 1L), object.list("mean"));
    }

    @Test
    void nullAndAbsentAreTheSame() {
        JsonObject object = read(TEXT);
        for (String key : List.of("none", "absent")) {
            assertFalse(object.has(key));
            assertEquals("x", object.string(key, "x"));
            assertEquals(7, object.integer(key, 7));
            assertEquals(0.5, object.number(key, 0.5));
            assertTrue(object.flag(key, true));
            assertEquals(Optional.empty(), object.optionalObject(key));
        }
        assertEquals(224, object.integer("size", 7));
        assertEquals("16", object.optionalObject("vision").orElseThrow().string("patch"));
    }

    @Test
    void isAMapInTheOrderOfTheFile() {
        JsonObject object = read("{\"b\":1,\"a\":{\"c\":[true,null]}}");
        assertEquals(List.of("b", "a"), List.copyOf(object.keySet()));
        assertEquals(Map.of("c", Arrays.asList(true, null)), object.get("a"));
        assertThrows(UnsupportedOperationException.class, () -> object.put("x", 1));
    }

    @Test
    void wrongAnswersNameFileKeyAndValue() {
        refuses(object -> object.integer("absent"), "absent must be a whole number, but is not there");
        refuses(object -> object.string("none"), "none must be a string, but is not there");
        refuses(object -> object.object("vision").integer("patch"), "vision.patch must be a whole number, but is \"16\"");
        refuses(object -> object.object("vision").integer("patch", 16), "vision.patch must be a whole number, but is \"16\"");
        refuses(object -> object.object("vision").object("deep").flag("x"), "vision.deep.x must be true or false, but is -3");
        refuses(object -> object.object("vision").object("absent").flag("x"), "vision.absent must be an object, but is not there");
        refuses(object -> object.integer("eps"), "eps must be a whole number, but is 1.0E-5");
        refuses(object -> object.integer("big"), "big must be a whole number below 2^31, but is 12345678901");
        refuses(object -> object.integer("huge"), "huge must be a whole number, but is 123456789012345678901");
        refuses(object -> object.number("much"), "much must be finite, but is Infinity");
        refuses(object -> object.string("size"), "size must be a string, but is 224");
        refuses(object -> object.numbers("vision"), "vision must be an array, but is an object of 2");
        refuses(object -> object.object("mean"), "mean must be an object, but is [0.5, 1]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        ``              | starts with '{'
        [1]             | starts with '{'
        3               | starts with '{'
        {"a":1} {}      | more follows
        {"a":1,"a":2}   | 'a'
        {"b":[{"a":1,"a":2}]} | 'a'
        {"a":1,}        | no valid JSON
        {"a":01}        | no valid JSON
        {"a":1          | no valid JSON
        {"a":"\\udc00"} | surrogate
        {/**/"a":1}     | no valid JSON
        """)
    void refusesWhatIsNotOneStrictObject(String text, String wanted) {
        String message = assertThrows(InputException.class, () -> read(text)).getMessage();
        assertTrue(message.startsWith(file() + ": ") && message.contains(wanted), message);
    }

    @Test
    void refusesNestingBombsAndEndlessLists() {
        assertThrows(InputException.class, () -> read("{\"a\":".repeat(100_000)));
        assertThrows(InputException.class, () -> read("{\"a\":[" + "1,".repeat(2_000_000) + "1]}"));
    }

    @Test
    void saysWhereTheFaultIs() {
        assertTrue(assertThrows(InputException.class, () -> read("{\n  \"a\": x\n}")).getMessage().contains("line 2"));
        assertTrue(assertThrows(InputException.class, () -> JsonFile.object(folder.resolve("none.json"))).getMessage().contains("no such file"));
        assertThrows(InputException.class, () -> JsonFile.object(folder));
    }

    private void refuses(Consumer<JsonObject> question, String wanted) {
        JsonObject object = read(TEXT);
        assertEquals(file() + ": " + wanted, assertThrows(InputException.class, () -> question.accept(object)).getMessage());
    }

    private JsonObject read(String text) {
        return JsonFile.object(RawFile.text(file(), text));
    }

    private Path file() {
        return folder.resolve("config.json");
    }
}
