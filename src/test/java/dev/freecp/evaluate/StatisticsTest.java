package dev.freecp.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.error.InputException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.junit.jupiter.api.Test;

/** Intervals and comparisons, on pictures of 100 pixels of two classes. */
class StatisticsTest {

    /** 50 true pixels of each class, so many of the first found and all of the second. */
    private static PictureCounts picture(int found) {
        return new PictureCounts(new int[] {0, 0, found, 0, 1, 50 - found, 1, 1, 50}, new int[0], new int[0]);
    }

    private static Map<String, PictureCounts> run(int... found) {
        Map<String, PictureCounts> run = new LinkedHashMap<>();
        for (int i = 0; i < found.length; i++) run.put("p" + i, picture(found[i]));
        return run;
    }

    @Test
    void equalPicturesLeaveNoDoubt() {
        Bootstrap.Interval interval = Bootstrap.STANDARD.meanIou(2, List.of(picture(30), picture(30), picture(30)));
        double score = (100.0 * 30 / 50 + 100.0 * 50 / 70) / 2;
        assertEquals(score, interval.low(), 1e-9);
        assertEquals(score, interval.high(), 1e-9);
    }

    @Test
    void theIntervalIsThatOfTheMeanForPicturesThatAreDrawnApart() {
        // One class, IoU = found / 100: mIoU of a draw is the mean, whose spread is known.
        Random random = new Random(1);
        List<PictureCounts> pictures = new ArrayList<>();
        double sum = 0, squares = 0;
        for (int i = 0; i < 200; i++) {
            int found = random.nextInt(101);
            pictures.add(new PictureCounts(new int[] {0, 0, found, 0, 1, 100 - found}, new int[0], new int[0]));
            sum += found;
            squares += found * found;
        }
        double mean = sum / 200, error = Math.sqrt((squares / 200 - mean * mean) / 200);
        Bootstrap.Interval interval = new Bootstrap(4000, 5).meanIou(1, pictures);
        assertEquals(mean - 1.96 * error, interval.low(), 0.3);
        assertEquals(mean + 1.96 * error, interval.high(), 0.3);
    }

    @Test
    void theSameSeedDrawsTheSamePictures() {
        List<PictureCounts> pictures = List.of(picture(10), picture(30), picture(50), picture(20));
        assertEquals(new Bootstrap(200, 1).meanIou(2, pictures), new Bootstrap(200, 1).meanIou(2, pictures));
        assertNotEquals(new Bootstrap(200, 1).meanIou(2, pictures), new Bootstrap(200, 2).meanIou(2, pictures));
    }

    @Test
    void aRunIsNoBetterThanItself() {
        PairedComparison same = PairedComparison.of(2, run(10, 20, 30), run(10, 20, 30), Bootstrap.STANDARD);
        assertEquals(new PairedComparison(3, same.first(), same.first(), new Bootstrap.Interval(0, 0), 1, 0, 0, 1), same);
    }

    @Test
    void sixPicturesThatAllGetBetterHaveTheExactPOfSignedRanks() {
        PairedComparison better = PairedComparison.of(2, run(10, 20, 30, 20, 10, 5), run(11, 22, 33, 24, 15, 11), Bootstrap.STANDARD);
        assertEquals(2.0 / 64, better.wilcoxonP(), 1e-12);
        assertEquals(6, better.better());
        assertEquals(0, better.worse());
        assertEquals(0, better.bootstrapP());
        assertTrue(better.difference().low() > 0);
    }

    /** Thirty pairs have 2^30 signs: the exact test would take half a minute. */
    @Test
    void manyPicturesThatAllGetBetterHaveTheNormalPOfSignedRanks() {
        int[] before = new int[30], after = new int[30];
        for (int i = 0; i < 30; i++) after[i] = (before[i] = i % 15) + 1 + i;
        double z = 30 * 31 / 4.0 / Math.sqrt(30 * 31 * 61 / 24.0), p = 2 * new NormalDistribution().cumulativeProbability(-z);
        assertEquals(p, PairedComparison.of(2, run(before), run(after), Bootstrap.STANDARD).wilcoxonP(), 0.1 * p);     // the library corrects by half a rank
    }

    @Test
    void equalPicturesDoNotCountForEitherSide() {
        PairedComparison mixed = PairedComparison.of(2, run(10, 20, 30, 20, 10, 5, 7, 7, 7), run(11, 22, 33, 24, 15, 11, 7, 7, 7), Bootstrap.STANDARD);
        assertEquals(2.0 / 64, mixed.wilcoxonP(), 1e-12);
        assertEquals(9, mixed.pictures());
    }

    @Test
    void comparesWhatBothHave() {
        Map<String, PictureCounts> second = run(10, 20, 30);
        second.remove("p1");
        second.put("other", picture(50));
        assertEquals(2, PairedComparison.of(2, run(10, 20, 30), second, Bootstrap.STANDARD).pictures());
        assertThrows(InputException.class, () -> PairedComparison.of(2, run(1), Map.of("other", picture(1)), Bootstrap.STANDARD));
    }

    @Test
    void refusesPicturesWhoseTruthDiffers() {
        PictureCounts other = new PictureCounts(new int[] {0, 0, 49, 1, 1, 51}, new int[0], new int[0]);
        InputException refusal = assertThrows(InputException.class, () -> PairedComparison.of(2, run(10), Map.of("p0", other), Bootstrap.STANDARD));
        assertTrue(refusal.getMessage().startsWith("p0: its truth is not the same"), refusal.getMessage());
    }
}
