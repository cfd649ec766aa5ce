package dev.freecp.report.video;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.freecp.image.LabelMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabelSmoothingTest {

    /** What a pixel shows, frame by frame, given its labels and one confidence for each. */
    private static String shown(double keep, String labels, double... confidence) {
        LabelSmoothing smoothing = new LabelSmoothing(keep);
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < labels.length(); i++) {
            float score = (float) confidence[i % confidence.length];
            shown.append(smoothing.next(new LabelMap(1, 1, new int[] {labels.charAt(i) - '0'}), new float[] {score}).labels()[0]);
        }
        return shown.toString();
    }

    @ParameterizedTest
    @CsvSource({"0.8,4", "0.5,2", "0.9,7", "0.3,1"})
    void aLastingChangeIsFollowedOnceHalfOfTheVotesAreIts(double keep, int frames) {
        assertEquals(frames, IntStream.rangeClosed(1, 9).filter(n -> Math.pow(keep, n) < 0.5).findFirst().orElseThrow());
        assertEquals("111" + "1".repeat(frames - 1) + "2".repeat(9 - frames + 1), shown(keep, "111222222222", 0.7));
    }

    @Test
    void flickerIsNotShown() {
        assertEquals("1111111111", shown(0.8, "1212121212", 0.6));
        assertEquals("1111111111", shown(0.8, "1112111312", 0.6));
    }

    @Test
    void aSureFrameCountsForMore() {
        assertEquals("1112", shown(0.8, "1122", 0.2, 0.2, 0.7, 0.7));
        assertEquals("1111", shown(0.8, "1122", 0.7, 0.7, 0.2, 0.2));
    }

    @Test
    void anotherLabelTakesTheChallengersPlaceAndBeginsAnew() {
        assertEquals("1111133333", shown(0.8, "1222333333", 0.7));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1212", "1233", "0000"})
    void withNothingKeptEveryFrameIsFollowed(String labels) {
        assertEquals(labels, shown(0, labels, 0.5));
    }

    @Test
    void pixelsAreIndependentAndTheFramesOwnLabelsStayAsTheyAre() {
        LabelSmoothing smoothing = new LabelSmoothing(0.8);
        float[] confidence = {0.5f, 0.5f};
        smoothing.next(new LabelMap(1, 2, new int[] {1, 2}), confidence);
        LabelMap second = new LabelMap(1, 2, new int[] {3, 2});
        assertArrayEquals(new int[] {1, 2}, smoothing.next(second, confidence).labels());
        assertArrayEquals(new int[] {3, 2}, second.labels());
    }

    @Test
    void refusesOtherSizesAndOtherNumbers() {
        LabelSmoothing smoothing = new LabelSmoothing(0.8);
        smoothing.next(new LabelMap(1, 1, new int[1]), new float[1]);
        assertThrows(IllegalArgumentException.class, () -> smoothing.next(new LabelMap(1, 2, new int[2]), new float[2]));
        assertThrows(IllegalArgumentException.class, () -> new LabelSmoothing(1));
        assertThrows(IllegalArgumentException.class, () -> new LabelSmoothing(Double.NaN));
    }
}
