package dev.freecp.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.image.ResizeRule;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class ConvertersTest {

    @ParameterizedTest
    @CsvSource({"1, 1", "512M, 536870912", "2G, 2147483648", "1.5k, 1536", "2GiB, 2147483648", "1T, 1099511627776"})
    void readsAmountsOfMemory(String text, long bytes) {
        assertEquals(bytes, new Converters.Bytes().convert(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "2 G", "G", "2X", "1e9"})
    void refusesOtherAmounts(String text) {
        assertThrows(TypeConversionException.class, () -> new Converters.Bytes().convert(text));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"0-3 | 0,1,2,3", "0,3,5-7 | 0,3,5,6,7", "7 | 7", "5,1,5 | 1,5", "0-0 | 0"})
    void readsLayers(String text, String layers) {
        int[] expected = Arrays.stream(layers.split(",")).mapToInt(Integer::parseInt).toArray();
        assertArrayEquals(expected, new Converters.Layers().convert(text).layers());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "3-1", "1,,2", "-1", "0-", "0:3"})
    void refusesOtherLayers(String text) {
        assertThrows(TypeConversionException.class, () -> new Converters.Layers().convert(text));
    }

    @Test
    void readsResizeLimits() {
        assertEquals(new ResizeRule(2048, 160), new Converters.Resize().convert("2048,160"));
        assertEquals(ResizeRule.NONE, new Converters.Resize().convert("none"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "448", "2048x448", "448,2048", "0,0", "2048,448,1"})
    void refusesOtherLimits(String text) {
        assertThrows(TypeConversionException.class, () -> new Converters.Resize().convert(text));
    }

    @Test
    void namesWhatThereIs() {
        String message = assertThrows(TypeConversionException.class, () -> new Converters.Method().convert("dino")).getMessage();
        assertTrue(message.contains("vanilla, maskclip, sclip, clearclip, gem"), message);
    }
}
