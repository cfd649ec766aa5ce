package dev.freecp.report.explain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.image.LabelMap;
import dev.freecp.image.Size;
import dev.freecp.image.Windows;
import dev.freecp.ops.LabelRule;
import dev.freecp.ops.Mosaic;
import dev.freecp.ops.Ops;
import dev.freecp.ops.Region;
import dev.freecp.ops.ScalarOps;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Against the reference's way from maps to labels: two windows that overlap, three maps of two classes. */
class FusionTest {

    private static final Size RESIZED = new Size(20, 31), GRID = new Size(4, 5);
    private static final List<Region> WINDOWS = List.of(new Region(0, 0, 20, 22), new Region(0, 9, 20, 31));
    private static final int MAPS = 3, N = 20;
    private static final int[] CLASS_OF_MAP = {0, 1, 1};

    private final float[] maps = random();
    private final Fusion fusion = new Fusion(RESIZED, WINDOWS, GRID, maps);

    @Test
    void windowsComeTogetherAsInTheLabels() {
        LabelRule eachMap = new LabelRule(new int[] {0, 1, 2}, MAPS, LabelRule.Background.NONE, 0);
        Tensor scores = tensor("scores", MAPS * RESIZED.height(), RESIZED.width());
        new ScalarOps().assemble(Ops.labelTensor(RESIZED.height(), RESIZED.width()), null, scores.as("scores", Shape.of("label height width", MAPS, RESIZED.height(), RESIZED.width())),
            tensor(maps), new int[][] {{0, 1, 2}, {0, 1, 2}}, mosaic(WINDOWS, RESIZED), eachMap);
        for (int map = 0; map < MAPS; map++) {
            float[] together = fusion.together(map, RESIZED).values();
            for (int i = 0; i < together.length; i++) assertEquals(scores.get(map * RESIZED.height() + i / RESIZED.width(), i % RESIZED.width()), together[i], 1e-6f);
        }
    }

    @Test
    void aSmallRasterHasThePixelsUnderItsPlaces() {
        float[] all = fusion.together(1, RESIZED).values(), small = fusion.together(1, new Size(4, 3)).values();
        assertEquals(all[7 * RESIZED.width() + 15], small[4]);                              // (1.5 / 4 * 20, 1.5 / 3 * 31)
    }

    @Test
    void aWindowAloneGivesTheLabelsOfAPictureThatIsThatWindow() {
        for (LabelRule.Background background : LabelRule.Background.values()) {
            LabelRule rule = new LabelRule(CLASS_OF_MAP, 2, background, 0.6f);
            int[] alive = {0, 2};
            for (int window = 0; window < WINDOWS.size(); window++) {
                Region at = WINDOWS.get(window);
                Size size = new Size(at.height(), at.width());
                Tensor labels = Ops.labelTensor(size.height(), size.width());
                float[] own = Arrays.copyOfRange(maps, window * MAPS * N, (window + 1) * MAPS * N);
                new ScalarOps().assemble(labels, null, null, tensor(own), new int[][] {alive}, mosaic(List.of(new Region(0, 0, size.height(), size.width())), size), rule);
                int[] expected = new int[size.height() * size.width()];
                for (int i = 0; i < expected.length; i++) expected[i] = labels.getInt(i / size.width(), i % size.width());
                assertArrayEquals(expected, fusion.labels(window, alive, rule).labels(), background + " in window " + window);
                assertTrue(Arrays.stream(expected).distinct().count() > 1);
            }
        }
    }

    @Test
    void agreementIsTheShareOfSharedPixelsWithTheSameLabel() {
        List<Region> windows = List.of(new Region(0, 0, 2, 3), new Region(0, 1, 2, 4), new Region(5, 5, 7, 8));
        LabelMap a = new LabelMap(2, 3, new int[] {0, 1, 2, 0, 1, 2}), b = new LabelMap(2, 3, new int[] {1, 2, 9, 1, 3, 9});
        double[][] agreement = Fusion.agreement(windows, List.of(a, b, a));
        assertEquals(0.75, agreement[0][1]);
        assertEquals(0.75, agreement[1][0]);
        assertEquals(1, agreement[2][2]);
        assertEquals(Double.NaN, agreement[0][2]);
    }

    @Test
    void theLatticeAsksTheNearestWindowForTheCellUnderAPatch() {
        int patch = 8;
        Size resized = new Size(47, 90), grid = new Size(5, 5);
        List<Region> windows = Windows.of(resized.height(), resized.width(), 44, 24, patch);
        Lattice lattice = new Lattice(resized, windows, grid, patch);
        assertEquals(new Size(5, 11), lattice.cells());
        for (int cell = 0; cell < lattice.count(); cell++) {
            int y = cell / 11 * patch + 4, x = cell % 11 * patch + 4;
            Region at = windows.get(lattice.window(cell));
            int row = at.y0() + lattice.cellInWindow(cell) / 5 * patch, column = at.x0() + lattice.cellInWindow(cell) % 5 * patch;
            boolean last = lattice.cellInWindow(cell) / 5 == 4 || lattice.cellInWindow(cell) % 5 == 4;     // windows end with pixels that no cell has
            assertTrue(row <= y && column <= x && (last || y < row + patch && x < column + patch), "patch " + cell);
            for (Region other : windows) assertTrue(distance(at, y, x) <= distance(other, y, x));
        }
    }

    private static double distance(Region window, int y, int x) {
        return Math.max(Math.abs(y - (window.y0() + window.y1()) / 2.0), Math.abs(x - (window.x0() + window.x1()) / 2.0));
    }

    private static float[] random() {
        Random random = new Random(8);
        float[] values = new float[WINDOWS.size() * MAPS * N];
        for (int i = 0; i < values.length; i++) values[i] = random.nextFloat();
        return values;
    }

    private static Mosaic mosaic(List<Region> windows, Size size) {
        return new Mosaic(size.height(), size.width(), windows, GRID.height(), GRID.width(), size.height(), size.width());
    }

    private static Tensor tensor(float[] maps) {
        return Tensor.of("maps", Shape.of("window map cell", maps.length / MAPS / N, MAPS, N), maps);
    }

    private static Tensor tensor(String name, int rows, int columns) {
        return Tensor.of(name, Shape.of("row column", rows, columns), new float[rows * columns]);
    }
}
