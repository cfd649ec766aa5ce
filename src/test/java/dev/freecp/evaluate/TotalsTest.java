package dev.freecp.evaluate;

import static dev.freecp.evaluate.PictureCountsTest.map;
import static dev.freecp.evaluate.PictureCountsTest.random;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.freecp.image.LabelMap;
import java.util.List;
import org.junit.jupiter.api.Test;

class TotalsTest {

    @Test
    void sumsAreThoseOfAddingLabelsOneByOne() {
        ConfusionMatrix whole = new ConfusionMatrix(4);
        Totals totals = new Totals(4);
        for (int i = 0; i < 5; i++) {
            LabelMap prediction = random(2 * i, 40, 30 + i, 5), truth = random(2 * i + 1, 40, 30 + i, 4);
            whole.add(prediction.labels(), truth.labels());
            totals.add(PictureCounts.of(prediction, truth, 4));
        }
        assertArrayEquals(whole.rows(), totals.confusion().rows());
    }

    @Test
    void boundaryIouIsIntersectionOverUnionNearContours() {
        Totals totals = Totals.of(2, List.of(PictureCounts.of(map("00000", "00000", "00100", "00000", "00000"), map("00000", "00000", "00000", "00000", "00000"), 2)));
        assertEquals(100.0 * 16 / 24, totals.boundaryIou(0), 1e-12);
        assertEquals(0, totals.boundaryIou(1));
        assertEquals(100.0 * 16 / 48, totals.meanBoundaryIou(), 1e-12);
    }

    @Test
    void sizesWithoutTruthHaveNoScore() {
        int[] truth = new int[40 * 40], prediction = new int[40 * 40];
        truth[0] = truth[1] = 1;
        prediction[0] = 1;
        for (int i = 800; i < 1600; i++) prediction[i] = 1;
        Totals totals = Totals.of(2, List.of(PictureCounts.of(new LabelMap(40, 40, prediction), new LabelMap(40, 40, truth), 2)));
        assertEquals(100.0 / 802, totals.iou(1, RegionSize.SMALL), 1e-12);
        assertEquals(100.0 * 798 / 1598, totals.iou(0, RegionSize.MEDIUM), 1e-12);
        assertEquals(Double.NaN, totals.iou(0, RegionSize.SMALL));
        assertEquals(Double.NaN, totals.meanIou(RegionSize.LARGE));
    }

    @Test
    void zeroShareIsOfTheClassesThatThereAre() {
        Totals totals = Totals.of(5, List.of(PictureCounts.of(map("0033"), map("0012"), 5)));
        assertEquals(100.0 * 2 / 3, totals.zeroShare(), 1e-12);
    }

    @Test
    void confusedPairsComeMostFirst() {
        Totals totals = Totals.of(2, List.of(PictureCounts.of(map("0010007"), map("0001111"), 2)));
        assertEquals(List.of(new Totals.Confused(1, 0, 3), new Totals.Confused(0, 1, 1), new Totals.Confused(1, 2, 1)), totals.confused(9));
        assertEquals(1, totals.confused(1).size());
    }
}
