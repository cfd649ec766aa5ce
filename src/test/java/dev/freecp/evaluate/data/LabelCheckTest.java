package dev.freecp.evaluate.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.image.LabelMap;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Four classes, a to d; each map is one row. */
class LabelCheckTest {

    private record Maps(List<Sample> samples) implements DataSet {

        @Override
        public String name() {
            return "folder";
        }

        @Override
        public String layout() {
            return "test";
        }

        @Override
        public Map<String, Object> reading() {
            return Map.of();
        }

        @Override
        public int classes() {
            return 4;
        }

        @Override
        public List<String> classNames() {
            return List.of("a", "b", "c", "d");
        }
    }

    @Test
    void findsNothingOddInLabelsOfTheList() {
        assertEquals(List.of(), direct(new int[] {0, 1, 2, 3, 255}));
        assertEquals(List.of(), direct(new int[] {0, 0, 2}));
        assertEquals(List.of(), direct(new int[] {1, 3}));
        assertEquals(List.of(), reduced(new int[] {0, 1, 2, 3, 4, 255}));
        assertEquals(List.of(), reduced(new int[] {1, 2, 3, 4}));
        assertEquals(List.of(), reduced(new int[] {0, 1, 2}));
    }

    @Test
    void findsLabelsOutsideTheList() {
        assertEquals(List.of("labels outside 0..3 of the 4 classes: 7 (map1), 200 (map0); they count for no class, what is predicted there counts as wrong"),
            direct(new int[] {0, 200}, new int[] {7, 200}));
        assertEquals(List.of("labels outside 1..4 of the 4 classes: 5 (map0); they count for no class, what is predicted there counts as wrong"),
            reduced(new int[] {0, 1, 5}));
        assertTrue(direct(new int[] {0, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19}).getFirst().contains("17 (map0) and 2 more;"));
    }

    @Test
    void findsAnOrderThatIsShifted() {
        assertOnly("the order looks shifted by one: labels count from 1 to 4 and none is 0", direct(new int[] {1, 2, 255}, new int[] {4, 3}));
        assertOnly("label 0, 'a', never occurs, but all others do", direct(new int[] {1, 2, 3}));
    }

    @Test
    void findsZeroLabelReductionThatIsMissing() {
        assertOnly("the labels go from 0 to 4, one more than there are classes", direct(new int[] {0, 1, 4}));
    }

    @Test
    void findsZeroLabelReductionThatIsTooMuch() {
        assertOnly("zero-label reduction seems wrong: labels go from 0 to 3 and none is 4", reduced(new int[] {0, 1, 2, 3, 255}));
    }

    @Test
    void takesItsMapsFromTheWholeSet() {
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < 10; i++) samples.add(sample(i, truth(new int[] {i == 5 ? 9 : 0})));
        assertEquals(1, LabelCheck.warnings(new Maps(samples), 2).size());
        assertEquals(List.of(), LabelCheck.warnings(new Maps(samples), 1));
        assertEquals(1, LabelCheck.warnings(new Maps(samples), 100).size());
    }

    private static void assertOnly(String start, List<String> warnings) {
        assertEquals(1, warnings.size(), warnings.toString());
        assertTrue(warnings.getFirst().startsWith(start), warnings.getFirst());
    }

    private static List<String> direct(int[]... maps) {
        List<Sample> samples = new ArrayList<>();
        for (int[] map : maps) samples.add(sample(samples.size(), truth(map)));
        return LabelCheck.warnings(new Maps(samples), Integer.MAX_VALUE);
    }

    private static List<String> reduced(int[]... maps) {
        List<Sample> samples = new ArrayList<>();
        for (int[] map : maps) samples.add(sample(samples.size(), new ReducedTruth(truth(map))));
        return LabelCheck.warnings(new Maps(samples), Integer.MAX_VALUE);
    }

    private static Truth truth(int[] labels) {
        return () -> new LabelMap(1, labels.length, labels.clone());
    }

    private static Sample sample(int number, Truth truth) {
        return new Sample("map" + number, Path.of("map" + number + ".jpg"), truth);
    }
}
