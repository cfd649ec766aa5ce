package dev.freecp.evaluate.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Expected masks and texts are those of pycocotools 2.0.11 ({@code frPyObjects} and {@code decode}) for 7 x 9 pixels. */
class MaskPainterTest {

    private record Case(String polygon, String runs, String mask) {
    }

    static Stream<Case> cases() {
        return Stream.of(
            new Case("1 1 7 1.5 4.2 6.3", "8161O2N1ONf0", """
                .........
                .#####...
                ..####...
                ...###...
                ...##....
                ....#....
                .........
                """),
            new Case("-1 2.5 3.3 -0.5 12 4 5.5 9", "2242N2O80H001O00", """
                ..###....
                .######..
                #########
                #########
                .########
                ..#######
                ...######
                """),
            new Case("0 0 9 0 9 7 0 7", "0o1", """
                #########
                #########
                #########
                #########
                #########
                #########
                #########
                """),
            new Case("2.4 0.6 6.9 3.1 2.1 5.2 4.4 3.3", "f01202110c0", """
                .........
                ...#.....
                ....##...
                ....##...
                ...#.....
                .........
                .........
                """),
            new Case("1 1 1 1 5 1 5 4 1 4 1 1", "83400000k0", """
                .........
                .####....
                .####....
                .####....
                .........
                .........
                .........
                """));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void fillsOutlinesAsCocoDoes(Case wanted) {
        MaskPainter painter = new MaskPainter(7, 9);
        painter.paintPolygon(Arrays.stream(wanted.polygon.split(" ")).mapToDouble(Double::parseDouble).toArray(), 1);
        assertEquals(wanted.mask, drawn(painter.labels()));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void fillsRunsAsCocoDoes(Case wanted) {
        MaskPainter painter = new MaskPainter(7, 9);
        painter.paintRuns(RunLengths.decode(wanted.runs), 1);
        assertEquals(wanted.mask, drawn(painter.labels()));
    }

    @Test
    void laterMasksCoverEarlierOnes() {
        MaskPainter painter = new MaskPainter(2, 2);
        painter.paintRuns(new int[] {0, 4}, 7);
        painter.paintRuns(new int[] {1, 2, 1}, 9);
        assertArrayEquals(new int[] {7, 9, 9, 7}, painter.labels());
    }

    @ParameterizedTest
    @ValueSource(strings = {"P", "1 1", "1\u007f", "PPPPPPPPPPPPPP1"})
    void refusesBrokenRunLengths(String text) {
        assertThrows(IllegalArgumentException.class, () -> RunLengths.decode(text));
    }

    private static String drawn(int[] labels) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < labels.length; i++) text.append(labels[i] == 0 ? '.' : '#').append(i % 9 == 8 ? "\n" : "");
        return text.toString();
    }
}
