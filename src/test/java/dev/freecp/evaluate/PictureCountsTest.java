package dev.freecp.evaluate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.freecp.image.LabelMap;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PictureCountsTest {

    /** Rows of digits; a dot is not judged. */
    static LabelMap map(String... rows) {
        int[] labels = String.join("", rows).chars().map(c -> c == '.' ? ConfusionMatrix.IGNORED : c - '0').toArray();
        return new LabelMap(rows.length, rows[0].length(), labels);
    }

    static LabelMap random(long seed, int height, int width, int labels) {
        Random random = new Random(seed);
        int[] blocks = random.ints((height / 7 + 1) * (width / 7 + 1), 0, labels).toArray(), map = new int[height * width];
        for (int i = 0; i < map.length; i++) map[i] = random.nextInt(20) == 0 ? random.nextInt(labels) : blocks[i / width / 7 * (width / 7 + 1) + i % width / 7];
        return new LabelMap(height, width, map);
    }

    @Test
    void countsPairsOfClassesAndLeavesOutWhatIsNotJudged() {
        PictureCounts counts = PictureCounts.of(map("0011", "0911", "0001"), map("0011", "001.", "2211"), 3);
        assertArrayEquals(new int[] {0, 0, 3, 0, 3, 1, 1, 0, 1, 1, 1, 4, 2, 0, 2}, counts.confusion());
    }

    @Test
    void contoursAreNearOtherLabelsAndTheEdge() {
        boolean[] near = Contours.near(map("00000", "00000", "00000", "00000", "00001"), 1);
        assertArrayEquals(new boolean[] {
            true, true, true, true, true,
            true, false, false, false, true,
            true, false, false, false, true,
            true, false, false, true, true,
            true, true, true, true, true}, near);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void contoursAreThoseOfRepeatedErosion(int distance) {
        LabelMap map = random(distance, 31, 43, 3);
        boolean[] near = Contours.near(map, distance);
        for (int y = 0; y < map.height(); y++) {
            for (int x = 0; x < map.width(); x++) {
                boolean uniform = true;
                for (int dy = -distance; dy <= distance; dy++)
                    for (int dx = -distance; dx <= distance; dx++) uniform &= same(map, y, x, y + dy, x + dx);
                assertEquals(!uniform, near[y * map.width() + x], y + "," + x);
            }
        }
    }

    private static boolean same(LabelMap map, int y, int x, int otherY, int otherX) {
        return otherY >= 0 && otherX >= 0 && otherY < map.height() && otherX < map.width()
            && map.labels()[otherY * map.width() + otherX] == map.labels()[y * map.width() + x];
    }

    @Test
    void boundaryCountsOnlyPixelsNearBothContours() {
        // 5 x 5, d = 1: the ring of 16 pixels is near the contour in both maps, and the middle of the prediction too.
        PictureCounts counts = PictureCounts.of(map("00000", "00000", "00100", "00000", "00000"), map("00000", "00000", "00000", "00000", "00000"), 2);
        assertArrayEquals(new int[] {0, 16, 16, 24, 1, 0, 0, 1}, counts.boundary());
    }

    @Test
    void regionsJoinOverCorners() {
        byte[] sizes = ConnectedRegions.sizes(diagonal(50));
        assertEquals(RegionSize.SMALL.ordinal(), sizes[0]);
        LabelMap large = new LabelMap(100, 200, new int[20000]);
        for (int i = 0; i < 100; i++) large.labels()[i * 200 + 100] = 1;
        byte[] split = ConnectedRegions.sizes(large);
        assertEquals(RegionSize.LARGE.ordinal(), split[0]);
        assertEquals(RegionSize.SMALL.ordinal(), split[100]);
        assertEquals(RegionSize.LARGE.ordinal(), split[101]);
        large.labels()[50 * 200 + 100] = 0;
        assertEquals(RegionSize.LARGE.ordinal(), ConnectedRegions.sizes(large)[199]);
    }

    private static LabelMap diagonal(int side) {
        LabelMap map = new LabelMap(side, side, new int[side * side]);
        for (int i = 0; i < side; i++) map.labels()[i * side + i] = 1;
        return map;
    }

    @Test
    void sizesHaveTheirLimitsWhereCocoHasThem() {
        assertEquals(RegionSize.SMALL, RegionSize.of(1023));
        assertEquals(RegionSize.MEDIUM, RegionSize.of(1024));
        assertEquals(RegionSize.MEDIUM, RegionSize.of(9215));
        assertEquals(RegionSize.LARGE, RegionSize.of(9216));
    }

    @Test
    void wrongPixelsCountByTheSizeOfTheRegionThatWasPredicted() {
        int[] truth = new int[40 * 40], prediction = new int[40 * 40];
        truth[0] = truth[1] = 1;                                    // a small region of class 1, half of it found
        prediction[0] = 1;
        for (int i = 800; i < 1600; i++) prediction[i] = 1;         // and a small region predicted where class 0 is, which is medium
        PictureCounts counts = PictureCounts.of(new LabelMap(40, 40, prediction), new LabelMap(40, 40, truth), 2);
        assertArrayEquals(new int[] {0, 0, 0, 0, 1, 0, 1, 798, 1598, 0, 1, 0, 1, 2, 800}, counts.sizes());
    }

    @Test
    void textGivesTheSameCountsBack() {
        PictureCounts counts = PictureCounts.of(random(1, 60, 50, 6), random(2, 60, 50, 5), 5);
        PictureCounts back = PictureCounts.parse(counts.format(), 5);
        assertArrayEquals(counts.confusion(), back.confusion());
        assertArrayEquals(counts.boundary(), back.boundary());
        assertArrayEquals(counts.sizes(), back.sizes());
        assertEquals("||", PictureCounts.of(map("."), map("."), 5).format());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "|", "0,0|", "0,0,x||", "0,4,1||", "0,-1,1||", "|3,0,0,0|", "||0,3,1,1,1", "1,2||", "0,0,99999999999||"})
    void refusesTextThatWasNotWritten(String text) {
        assertThrows(IllegalArgumentException.class, () -> PictureCounts.parse(text, 3));
    }
}
