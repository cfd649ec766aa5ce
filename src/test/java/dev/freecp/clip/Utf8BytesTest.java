package dev.freecp.clip;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;

import org.junit.jupiter.api.Test;

class Utf8BytesTest {

    @Test
    void readsEveryLength() {
        assertEquals(Optional.of("aé€😀"), Utf8Bytes.decode(new int[] {'a', 0xC3, 0xA9, 0xE2, 0x82, 0xAC, 0xF0, 0x9F, 0x98, 0x80}));
    }

    @Test
    void readsSurrogatesOfThreeBytesEach() {
        assertEquals(Optional.of("😀"), Utf8Bytes.decode(new int[] {0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80}));
    }

    @Test
    void readsASpaceInPlaceOfA0() {
        assertEquals(Optional.of("à x"), Utf8Bytes.decode(new int[] {0xC3, ' ', 'x'}));
        assertEquals(Optional.of("\u00a0x"), Utf8Bytes.decode(new int[] {0xC2, ' ', 'x'}));
        assertEquals(Optional.empty(), Utf8Bytes.decode(new int[] {0xC9, ' ', 'x'}));
        assertEquals(Optional.empty(), Utf8Bytes.decode(new int[] {0xE2, ' ', ' '}));
    }

    @Test
    void lostBytesMakeTheirCharacterUnknown() {
        assertEquals(Optional.of("\ufffdx\ufffd"), Utf8Bytes.decode(new int[] {0xE2, 0x80, Utf8Bytes.LOST, 'x', Utf8Bytes.LOST}));
    }

    @Test
    void refusesWhatIsNotUtf8() {
        int[][] wrong = {{0x80}, {-1}, {0xC1, 0x81}, {0xC3}, {0xC3, 'a'}, {0xC3, -1}, {0xE2, 0x82}, {0xE0, 0x80, 0x80}, {0xF0, 0x80, 0x80, 0x80},
            {0xF4, 0x90, 0x80, 0x80}, {0xF5, 0x80, 0x80, 0x80}};
        for (int[] bytes : wrong) {
            assertEquals(Optional.empty(), Utf8Bytes.decode(bytes));
        }
    }
}
