package dev.freecp.report.explain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.freecp.clip.PositionRule;
import dev.freecp.clip.ReadOut;
import dev.freecp.clip.ReadOutSettings;
import dev.freecp.clip.View;
import dev.freecp.image.Picture;
import dev.freecp.ops.Heads;
import dev.freecp.ops.Ops;
import dev.freecp.ops.Region;
import dev.freecp.ops.Workspace;
import dev.freecp.purify.PurifySettings;
import dev.freecp.purify.Step;
import dev.freecp.purify.WindowReport;
import dev.freecp.segment.Background;
import dev.freecp.segment.Device;
import dev.freecp.segment.SegmentSettings;
import dev.freecp.segment.Segmentation;
import dev.freecp.segment.Segmenter;
import dev.freecp.segment.WordFeatures;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is explained is what the run did, on a scene of the shapes model. */
class ExplainerTest {

    private static Ops ops;
    private static Segmenter segmenter;
    private static Picture scene;
    private static WordFeatures words;
    private static Explanation explanation;

    @BeforeAll
    static void explain() {
        ops = Device.choose("cpu");
        segmenter = Segmenter.open(Scene.MODEL, ops);
        scene = Scene.picture(31);
        words = Scene.words(segmenter, Scene.CLASSES, new Background.None());
        explanation = Scene.explain(segmenter, Scene.SETTINGS, scene, words);
    }

    @AfterAll
    static void close() {
        segmenter.close();
    }

    @Test
    void labelsAreThoseOfAPlainRunBitForBit() {
        PurifySettings released = Scene.SETTINGS.purify(), paper = PurifySettings.paper(0.1f, 0.5f);
        PurifySettings bestWord = new PurifySettings(released.steps(), 0.1f, 0.5f, null, released.consistency(), released.redundancyMap(), released.affinity(), released.refinement(),
            released.elimination(), 0, released.cropRule(), released.activation(), PurifySettings.BackgroundScore.BEST_WORD, released.cropSource(), released.boxRule(), released.resolution());
        WordFeatures withBackground = Scene.words(segmenter, "circle; diamond; square, box", new Background.Words(List.of("wood", "sky")));
        for (SegmentSettings settings : List.of(Scene.SETTINGS, Scene.SETTINGS.with(paper), Scene.SETTINGS.with(released.withSteps(List.of())), Scene.SETTINGS.with(released.withSteps(Step.parse("refine,ap"))),
                Scene.SETTINGS.with(new ReadOutSettings(ReadOut.GEM, ReadOutSettings.Form.RELEASED, 5)), Scene.SETTINGS.withWindows(Scene.SETTINGS.resize(), 0, 1), Scene.SETTINGS.with(bestWord)))
            for (WordFeatures features : List.of(words, withBackground)) {
                if (settings.purify() == bestWord && features == words) continue;
                Segmentation plain = segmenter.segment(scene, features, settings), explained = Scene.explain(segmenter, settings, scene, features).result();
                assertArrayEquals(plain.labels().labels(), explained.labels().labels());
                assertArrayEquals(plain.confidence(), explained.confidence());
            }
    }

    @Test
    void factsAreWhatTheRunDecided() throws IOException {
        Map<String, Object> facts = JSON.std.mapFrom(JSON.std.asString(ExplainJson.of(explanation, Map.of())));
        List<WindowReport> reports = explanation.result().reports();
        List<String> names = words.vocabulary().words();
        for (int w = 0; w < reports.size(); w++) {
            WindowReport report = reports.get(w);
            Map<?, ?> window = (Map<?, ?>) ((List<?>) facts.get("windows")).get(w);
            assertEquals(Arrays.stream(report.kept()).mapToObj(names::get).toList(), window.get("kept"));
            List<WindowReport.Group> expected = report.groups() == null ? List.of() : report.groups().stream().filter(group -> group.words().length > 1).toList();
            List<?> groups = window.get("ap_groups") instanceof List<?> list ? list : List.of();
            assertEquals(expected.size(), groups.size());
            for (int g = 0; g < groups.size(); g++) {
                List<?> crops = (List<?>) ((Map<?, ?>) groups.get(g)).get("crops");
                int[] members = expected.get(g).words();
                assertEquals(expected.get(g).crops().stream().map(crop -> names.get(members[crop.winner()])).toList(), crops.stream().map(crop -> ((Map<?, ?>) crop).get("winner")).toList());
            }
            for (int word = 0; word < names.size(); word++) {
                Map<?, ?> found = (Map<?, ?>) ((List<?>) ((Map<?, ?>) ((List<?>) facts.get("words")).get(word)).get("windows")).get(w);
                int number = word;
                assertEquals(report.scores()[word], ((Number) found.get("rp_score")).floatValue());
                assertEquals(Arrays.stream(report.kept()).anyMatch(kept -> kept == number), found.get("fate").equals("kept"));
            }
        }
        assertTrue(reports.stream().anyMatch(report -> report.groups() != null && report.groups().stream().anyMatch(group -> group.words().length > 1)), "a scene in which words share a region");
    }

    /** Groups are connected by overlaps of at least the threshold, and nothing connects two of them. */
    @Test
    void overlapsAreThoseThatMadeTheGroups() {
        float threshold = Scene.SETTINGS.purify().ambiguityThreshold();
        for (int w = 0; w < explanation.overlaps().size(); w++) {
            Explanation.Overlaps overlaps = explanation.overlaps().get(w);
            List<WindowReport.Group> groups = explanation.result().reports().get(w).groups();
            if (groups == null) {
                assertNull(overlaps);
                continue;
            }
            int[] of = Arrays.stream(overlaps.words()).map(word -> IntStream.range(0, groups.size()).filter(g -> Arrays.stream(groups.get(g).words()).anyMatch(m -> m == word)).findFirst().orElseThrow()).toArray();
            for (int a = 0; a < of.length; a++) {
                int self = a;
                for (int b = 0; b < of.length; b++) if (of[a] != of[b]) assertTrue(overlaps.values()[a][b] < threshold);
                boolean linked = IntStream.range(0, of.length).anyMatch(b -> b != self && overlaps.values()[self][b] >= threshold);
                assertEquals(groups.get(of[a]).words().length > 1, linked);
            }
        }
    }

    /** By the tower's public pieces: block by block with a map of each. */
    @Test
    void theClassTokensAttentionIsThatOfThePlainBlocks() {
        SegmentSettings whole = Scene.SETTINGS.withWindows(Scene.SETTINGS.resize(), 0, 1);
        Explanation one = Scene.explain(segmenter, whole, scene, words);
        int n = one.grid().height() * one.grid().width();
        Picture resized = whole.resize().apply(scene, 8);
        try (Workspace workspace = ops.workspace()) {
            View view = new View(ops.picture(workspace, resized.pixels()), new Region(0, 0, resized.height(), resized.width()));
            Tensor x = segmenter.clip().vision().embed(workspace, List.of(view), resized.height(), resized.width(), PositionRule.OFFSET_CUBIC);
            Tensor map = workspace.tensor("map", Shape.of("window token token", 1, n + 1, n + 1));
            assertNull(one.layers().getFirst().attention());
            for (int layer = 0; layer < segmenter.clip().config().vision().layers(); layer++) {
                ops.fill(map, 0);
                segmenter.clip().vision().block(workspace, x, layer, 1, map, Heads.MEAN);
                assertArrayEquals(Arrays.copyOfRange(ops.download(map), 1, n + 1), one.layers().get(layer + 1).attention());
            }
        }
        assertEquals(List.of("input", "block 0", "block 1", "block 2", "block 3", "block 4", "read-out sclip"), one.layers().stream().map(Explanation.Layer::name).toList());
        one.layers().stream().skip(1).forEach(layer -> assertTrue(layer.entropy() > 0 && layer.entropy() <= 1));
    }

    @Test
    void whatWasNotDoneIsNotTold() {
        Explanation plain = Scene.explain(segmenter, Scene.SETTINGS.with(Scene.SETTINGS.purify().withSteps(List.of())), scene, words);
        assertNull(plain.boxes());
        assertArrayEquals(plain.maps().getFirst().softmax().values(), plain.maps().getFirst().refined().values());
        plain.overlaps().forEach(overlaps -> assertNull(overlaps));
        assertNotNull(explanation.boxes());
    }

    @Test
    void severalBatchesOfWindowsGiveTheSame() {
        try (Segmenter small = Segmenter.open(Scene.MODEL, Device.choose("cpu"), 1)) {
            Explanation other = Scene.explain(small, Scene.SETTINGS, scene, words);
            for (int i = 0; i < explanation.affinity().size(); i++) assertArrayEquals(explanation.affinity().get(i), other.affinity().get(i));
            for (int i = 0; i < explanation.layers().size(); i++) assertArrayEquals(explanation.layers().get(i).components(), other.layers().get(i).components());
            assertArrayEquals(explanation.maps().get(2).refined().values(), other.maps().get(2).refined().values());
        }
    }
}
