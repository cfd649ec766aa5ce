package dev.freecp.evaluate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.freecp.Golden;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfusionMatrixTest {

    private static final double TOLERANCE_PERCENT = 1e-5;   // the released program sums in float32

    @ParameterizedTest
    @ValueSource(strings = {"metric0", "metric1"})
    void givesTheScoresOfTheReleasedProgram(String name) {
        Golden maps = Golden.tensors("golden/units/metric.safetensors");
        Map<?, ?> expected = (Map<?, ?>) Golden.json("golden/units/metric.json").get(name);
        ConfusionMatrix matrix = new ConfusionMatrix(Golden.number(expected.get("classes")));
        for (int i = 0; i < 3; i++) matrix.add(maps.ints(name + ".pred" + i), maps.ints(name + ".label" + i));

        assertEquals(number(expected.get("mIoU")), matrix.meanIou(), TOLERANCE_PERCENT);
        assertEquals(number(expected.get("mAcc")), matrix.meanAccuracy(), TOLERANCE_PERCENT);
        assertEquals(number(expected.get("aAcc")), matrix.pixelAccuracy(), TOLERANCE_PERCENT);
        List<?> ious = (List<?>) expected.get("iou");
        for (int c = 0; c < ious.size(); c++) assertEquals(number(ious.get(c)), matrix.iou(c), TOLERANCE_PERCENT, "class " + c);
    }

    @Test
    void ignoredTruthCountsNowhere() {
        ConfusionMatrix matrix = new ConfusionMatrix(2);
        matrix.add(new int[] {0, 1, 1}, new int[] {0, 255, 1});
        assertArrayEquals(new double[] {100, 100}, matrix.perClassIou());
    }

    @Test
    void unknownTruthCountsForNoClassButItsPredictionEnlargesAUnion() {
        ConfusionMatrix matrix = new ConfusionMatrix(2);
        matrix.add(new int[] {0, 1, 1, 1}, new int[] {0, 7, 1, -1});
        assertEquals(100, matrix.iou(0));
        assertEquals(100.0 / 3, matrix.iou(1), 1e-12);
        assertEquals(100, matrix.pixelAccuracy());
    }

    @Test
    void unknownPredictionIsAMissOfTheTrueClass() {
        ConfusionMatrix matrix = new ConfusionMatrix(1);
        matrix.add(new int[] {0, 9}, new int[] {0, 0});
        assertEquals(50, matrix.iou(0));
        assertEquals(50, matrix.accuracy(0));
    }

    @Test
    void classesThatNeverOccurAreLeftOutOfMeans() {
        ConfusionMatrix matrix = new ConfusionMatrix(3);
        matrix.add(new int[] {0, 1}, new int[] {0, 0});
        assertEquals(Double.NaN, matrix.iou(2));
        assertEquals(Double.NaN, matrix.accuracy(1));      // predicted, never true
        assertEquals(25, matrix.meanIou());                // (50 + 0) / 2
        assertEquals(50, matrix.meanAccuracy());
        assertEquals(Double.NaN, new ConfusionMatrix(3).meanIou());
    }

    @Test
    void countsStayExactWhereFloatsRound() {
        ConfusionMatrix sum = new ConfusionMatrix(1);
        ConfusionMatrix part = new ConfusionMatrix(1);
        int[] zeros = new int[1 << 20];
        for (int i = 0; i < 16; i++) part.add(zeros, zeros);
        sum.merge(part);
        sum.add(new int[1], new int[1]);
        assertEquals((1 << 24) + 1, sum.count(0, 0));
    }

    @Test
    void mergingEqualsAdding() {
        ConfusionMatrix whole = new ConfusionMatrix(3);
        ConfusionMatrix left = new ConfusionMatrix(3);
        ConfusionMatrix right = new ConfusionMatrix(3);
        int[] prediction = {0, 1, 2, 2, 1};
        int[] truth = {0, 2, 2, 255, 0};
        for (ConfusionMatrix each : List.of(whole, left)) each.add(prediction, truth);
        for (ConfusionMatrix each : List.of(whole, right)) each.add(truth, prediction);
        left.merge(right);
        assertArrayEquals(whole.perClassIou(), left.perClassIou());
    }

    @Test
    void refusesMapsOfDifferentSizes() {
        assertThrows(IllegalArgumentException.class, () -> new ConfusionMatrix(2).add(new int[3], new int[4]));
        assertThrows(IllegalArgumentException.class, () -> new ConfusionMatrix(2).merge(new ConfusionMatrix(3)));
    }

    @Test
    void reducingZeroLabelsMovesAllButVoid() {
        int[] truth = {0, 1, 150, 255};
        TruthLabels.reduceZero(truth);
        assertArrayEquals(new int[] {255, 0, 149, 255}, truth);
    }

    /** Undefined scores are null in JSON. */
    private static double number(Object value) {
        return value == null ? Double.NaN : ((Number) value).doubleValue();
    }
}
