package dev.freecp.purify;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.freecp.clip.Trace;
import dev.freecp.error.UsageException;
import dev.freecp.ops.Box;
import dev.freecp.ops.BoxRule;
import dev.freecp.ops.ScalarOps;
import dev.freecp.ops.Workspace;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * One case computed by hand for each row of the specification's section 12 that purification itself decides, in both values of its field, so that a
 * flipped field fails. Rows 6, 7 and 12 are in {@code segment}, rows 9 and 10 in {@code clip}.
 */
class PaperModeTest {

    private static final PurifySettings RELEASED = PurifySettings.released(0.1f, 0.7f);
    private static final float EXACT = 1e-6f;

    private final ScalarOps ops = new ScalarOps();
    private final Workspace workspace = ops.workspace();

    @AfterEach
    void close() {
        workspace.close();
        ops.close();
    }

    @Test
    void row1RedundancyDividesBySumsOrByTheUnion() {
        ClassMaps maps = maps(1, 2, new float[] {1, 0}, new float[] {1, 0}, new float[] {0.5f, 0.5f});
        assertEquals(0.5f / 2, score(maps, RELEASED), EXACT);                                // p.R / (sum p + sum R)
        assertEquals(0.5f / 1.5f, score(maps, with("consistency", PurifySettings.Consistency.SOFT_IOU)), EXACT);
    }

    @Test
    void row1AmbiguityComparesMinimaOrProducts() {
        // minima: 1 / (1 + 1 - 1) = 1 links at 0.5; products: 0.5 / (1 + 1 - 0.5) = 1/3 does not
        float[] a = {0.5f, 0.5f}, b = {0.5f, 0.5f};
        assertEquals(1, groups(0.5f, RELEASED, a, b));
        assertEquals(2, groups(0.5f, with("consistency", PurifySettings.Consistency.SOFT_IOU), a, b));
    }

    @Test
    void row2RedundancyLooksAtTheSoftmaxOrAtTheActivation() {
        ClassMaps maps = maps(1, 2, new float[] {0.2f, 0.2f}, new float[] {0, 1}, new float[] {0, 1});
        assertEquals(0.2f / 1.4f, score(maps, RELEASED), EXACT);
        assertEquals(1f / 2, score(maps, with("redundancyMap", PurifySettings.RedundancyMap.ACTIVATION)), EXACT);
    }

    @Test
    void row3AffinityIsBalancedAndAppliedTwiceOrTakenAsItIs() {
        // columns of {{3,1},{1,3}} sum to 4, so T = {{.75,.25},{.25,.75}}; T T (1,0) = (.625,.375); A (1,0) = (3,1)
        float[] affinity = {3, 1, 1, 3};
        PurifySettings direct = with("refinement", PurifySettings.Refinement.DIRECT);
        assertArrayEquals(new float[] {0.625f, 0.375f}, refine(direct, 1, 2, affinity, 1, 0), EXACT);
        assertArrayEquals(new float[] {3, 1}, refine(with(direct, "affinity", PurifySettings.AffinityRule.MEAN_ATTENTION), 1, 2, affinity, 1, 0), EXACT);
    }

    @Test
    void row4MapsAreMaskedAndScaledOrMultipliedOnly() {
        // 2 x 3 grid, identity affinity: the box of the peak keeps its cell, 0.25 lies under 0.4 of the maximum and outside
        float[] identity = new float[36], map = {0.5f, 0.125f, 0, 0, 0, 0};
        for (int i = 0; i < 6; i++) identity[7 * i] = 1;
        assertArrayEquals(new float[] {1, 0, 0, 0, 0, 0}, refine(RELEASED, 2, 3, identity, map), 1e-6f);
        assertArrayEquals(map, refine(with("refinement", PurifySettings.Refinement.DIRECT), 2, 3, identity, map), EXACT);
    }

    @Test
    void row5LosersVanishFromTheWindowOrFromTheRegion() {
        // both words fire in rows 0 and 1 of a 4 x 3 grid; word 0 also a little in row 3, outside the common box
        float[] both = {1, 1, 0, 1, 1, 0, 0, 0, 0, 0.2f, 0, 0}, other = {1, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0};
        assertArrayEquals(new int[] {1}, purify(RELEASED, 4, 3, both, other).kept());
        ClassMaps maps = maps(4, 3, both, both, both, other);
        WindowReport report = Purifier.purify(ops, workspace, maps, with(ap(RELEASED), "elimination", PurifySettings.Elimination.REGION), prefers(1), Trace.NONE).getFirst();
        assertArrayEquals(new int[] {0, 1}, report.kept());
        assertArrayEquals(new float[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0.2f, 0, 0}, row(maps.refined(), 0), EXACT);
        assertArrayEquals(other, row(maps.refined(), 1), EXACT);
    }

    @Test
    void row8ActivationIsAScaledSoftmaxOrTheCosine() {
        // one window of two cells, two words, logit scale 10: logits are ten times the cosines .3 and -.1, then .1 and .1
        Tensor z = Tensor.of("z", Shape.of("cell query", 2, 2), 3, -1, 1, 1);
        ClassMaps maps = ClassMaps.take(workspace, RELEASED, 1, 2, 0, 1, 2);
        maps.activate(ops, z, 10, PurifySettings.ActivationMap.SOFTMAX);
        float most = (float) (1 / (1 + Math.exp(-4))), least = 1 - most;
        assertArrayEquals(new float[] {1, (0.5f - least) / (most - least)}, row(maps.activation(), 0), 1e-5f);
        maps.activate(ops, z, 10, PurifySettings.ActivationMap.COSINE);
        assertArrayEquals(new float[] {0.3f, 0.1f}, row(maps.activation(), 0), EXACT);
        assertArrayEquals(new float[] {0, 0.1f}, row(maps.activation(), 1), EXACT);
    }

    @Test
    void row11BackgroundWordsHaveNoMapsOrTheirOwn() {
        assertEquals(2, ClassMaps.take(workspace, RELEASED, 1, 5, 3, 2, 2).maps());
        ClassMaps own = ClassMaps.take(workspace, with("background", PurifySettings.BackgroundScore.BEST_WORD), 1, 5, 3, 2, 2);
        assertEquals(5, own.maps());
        assertEquals(3, own.backgroundMaps());
        assertEquals(PurifySettings.BackgroundScore.ONE_MINUS_MAX, PurifySettings.paper(0, 0).background(), "the paper says nothing of it");
    }

    @Test
    void row13RegionsAreContoursOrPlainComponents() {
        // a ring with a hole, touching the last column of a 4 x 4 grid
        float[] ring = {0, 1, 1, 1, 0, 1, 0, 1, 0, 1, 1, 1, 0, 0, 0, 0};
        Tensor map = Tensor.of("ring", Shape.of("map cell", 1, 16), ring);
        assertEquals(List.of(new Box(1, 0, 3, 3), new Box(1, 0, 3, 3)), ops.boxes(map, 4, 4, RELEASED.boxRule()).getFirst());
        assertEquals(List.of(new Box(1, 0, 4, 3)), ops.boxes(map, 4, 4, PurifySettings.paper(0, 0).boxRule()).getFirst());
    }

    @Test
    void row14GroupsAreResolvedOnceOrUntilNothingChanges() {
        // words 0 and 1 win a box each in the first round; a second look at what they share leaves word 0
        float[] a = {1, 1, 0, 1, 1, 0, 0, 0}, b = {1, 1, 0, 1, 0.9f, 0, 0, 0}, c = {1, 1, 0, 1, 1, 0, 0, 0};
        int[] looks = {0};
        CropScorer scorer = requests -> {
            looks[0]++;
            float[][] scores = new float[requests.size()][];
            for (int i = 0; i < scores.length; i++) scores[i] = looks[0] == 1 && requests.get(i).box().x0() > 0 ? new float[] {0, 1, 0} : new float[] {1, 0, 0};
            return scores;
        };
        PurifySettings once = with(ap(RELEASED), "boxRule", BoxRule.REGIONS);
        assertArrayEquals(new int[] {0, 1}, Purifier.purify(ops, workspace, maps(1, 8, a, a, a, b, c), once, scorer, Trace.NONE).getFirst().kept());
        looks[0] = 0;
        PurifySettings again = with(once, "resolution", PurifySettings.Resolution.ITERATIVE);
        assertArrayEquals(new int[] {0}, Purifier.purify(ops, workspace, maps(1, 8, a, a, a, b, c), again, scorer, Trace.NONE).getFirst().kept());
    }

    @Test
    void iterativeResolutionGoesOnUntilOneWordOfALargeGroupIsLeft() {
        // as many words as boxes, each word on in all of them; in every round two boxes more have the same winner, so that one word is lost
        int words = 24, cells = 2 * words;
        float[] dots = new float[cells];
        for (int i = 0; i < cells; i += 2) dots[i] = 1;
        float[][] refined = new float[words][];
        Arrays.fill(refined, dots);
        int[] looks = {0};
        CropScorer scorer = requests -> {
            looks[0]++;
            float[][] scores = new float[requests.size()][words];
            for (int i = 0; i < scores.length; i++) scores[i][Math.min(requests.get(i).box().x0() / 2, words - looks[0] - 1)] = 1;
            return scores;
        };
        PurifySettings again = with(with(ap(RELEASED), "boxRule", BoxRule.REGIONS), "resolution", PurifySettings.Resolution.ITERATIVE);
        WindowReport report = Purifier.purify(ops, workspace, maps(1, cells, dots, dots, refined), again, scorer, Trace.NONE).getFirst();
        assertArrayEquals(new int[] {0}, report.kept());
        assertArrayEquals(new int[] {0}, report.ambiguityKept());
        assertEquals(words, report.groups().getFirst().words().length, "the report has the first round");
        assertEquals(words - 1, looks[0]);
    }

    @Test
    void iterativeResolutionLooksNoFurtherOnceNothingChanges() {
        // each word wins one of the two boxes and is cleared in the other; a threshold of 0 keeps them linked, so the same boxes come up again
        float[] a = {1, 1, 0, 0.9f, 0.9f, 0.9f, 0, 0};
        int[] looks = {0};
        CropScorer scorer = requests -> {
            looks[0]++;
            float[][] scores = new float[requests.size()][2];
            for (int i = 0; i < scores.length; i++) scores[i][requests.get(i).box().x0() == 0 ? 0 : 1] = 1;
            return scores;
        };
        PurifySettings regions = with(with(ap(RELEASED), "elimination", PurifySettings.Elimination.REGION), "boxRule", BoxRule.REGIONS);
        PurifySettings again = with(with(regions, "ambiguityThreshold", 0f), "resolution", PurifySettings.Resolution.ITERATIVE);
        ClassMaps maps = maps(1, 8, a, a, a, a);
        Purifier.purify(ops, workspace, maps, again, scorer, Trace.NONE);
        assertEquals(2, looks[0], "the second look changes nothing");
        assertArrayEquals(new float[] {1, 1, 0, 0, 0, 0, 0, 0}, row(maps.refined(), 0), EXACT);
        assertArrayEquals(new float[] {0, 0, 0, 0.9f, 0.9f, 0.9f, 0, 0}, row(maps.refined(), 1), EXACT);
    }

    @Test
    void paperFlipsEveryRowThatTheTextDecides() {
        PurifySettings paper = PurifySettings.paper(0.1f, 0.7f);
        for (RecordComponent field : PurifySettings.class.getRecordComponents()) {
            if (List.of("steps", "redundancyThreshold", "ambiguityThreshold", "affinityLayers", "background").contains(field.getName())) continue;
            assertNotEquals(value(field, RELEASED), value(field, paper), field.getName());
        }
    }

    @Test
    void stepsBuiltByHandAreCheckedToo() {
        assertThrows(UsageException.class, () -> RELEASED.withSteps(List.of(Step.REDUNDANCY)));
        assertThrows(UsageException.class, () -> RELEASED.withSteps(List.of(Step.REFINE, Step.REFINE)));
        assertEquals(List.of(), RELEASED.withSteps(List.of()).steps());
    }

    private WindowReport purify(PurifySettings settings, int height, int width, float[]... refined) {
        float[][] all = new float[refined.length + 2][];
        all[0] = all[1] = refined[0];
        System.arraycopy(refined, 0, all, 2, refined.length);
        return Purifier.purify(ops, workspace, maps(height, width, all), ap(settings), prefers(1), Trace.NONE).getFirst();
    }

    private static CropScorer prefers(int word) {
        return requests -> {
            float[][] scores = new float[requests.size()][];
            for (int i = 0; i < scores.length; i++) {
                scores[i] = new float[3];
                scores[i][word] = 1;
            }
            return scores;
        };
    }

    private int groups(float threshold, PurifySettings settings, float[]... refined) {
        PurifySettings s = with(ap(settings), "ambiguityThreshold", threshold);
        float[][] all = {refined[0], refined[0], refined[0], refined[1]};
        return Purifier.purify(ops, workspace, maps(1, 2, all), s, prefers(0), Trace.NONE).getFirst().groups().size();
    }

    private float score(ClassMaps maps, PurifySettings settings) {
        return Redundancy.scores(ops, workspace, maps, settings)[0][0];
    }

    private float[] refine(PurifySettings settings, int height, int width, float[] affinity, float... map) {
        ClassMaps maps = maps(height, width, map, map, map);
        int n = height * width;
        Refinement.refine(ops, workspace, maps, Tensor.of("affinity", Shape.of("window cell cell", 1, n, n), affinity), settings, Trace.NONE);
        return row(maps.refined(), 0);
    }

    /** One window: p and Y the same for every word, then R of each word. */
    private ClassMaps maps(int height, int width, float[] p, float[] y, float[]... refined) {
        ClassMaps maps = ClassMaps.take(workspace, RELEASED, 1, refined.length, 0, height, width);
        for (int word = 0; word < refined.length; word++) {
            for (int i = 0; i < p.length; i++) {
                maps.softmax().set(word, i, p[i]);
                maps.activation().set(word, i, y[i]);
                maps.refined().set(word, i, refined[word][i]);
            }
        }
        return maps;
    }

    private ClassMaps maps(int height, int width, float[][] all) {
        return maps(height, width, all[0], all[1], Arrays.copyOfRange(all, 2, all.length));
    }

    private static float[] row(Tensor tensor, int row) {
        float[] values = new float[tensor.cols()];
        for (int i = 0; i < values.length; i++) values[i] = tensor.get(row, i);
        return values;
    }

    private static PurifySettings ap(PurifySettings settings) {
        return settings.withSteps(List.of(Step.REFINE, Step.AMBIGUITY));
    }

    private static PurifySettings with(String field, Object value) {
        return with(RELEASED, field, value);
    }

    /** A copy of {@code settings} with one record component replaced. */
    private static PurifySettings with(PurifySettings settings, String field, Object value) {
        try {
            List<Object> values = new ArrayList<>();
            List<Class<?>> types = new ArrayList<>();
            for (RecordComponent component : PurifySettings.class.getRecordComponents()) {
                types.add(component.getType());
                values.add(component.getName().equals(field) ? value : value(component, settings));
            }
            return PurifySettings.class.getDeclaredConstructor(types.toArray(Class[]::new)).newInstance(values.toArray());
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private static Object value(RecordComponent component, PurifySettings settings) {
        try {
            return component.getAccessor().invoke(settings);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
