package dev.freecp.report.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.freecp.image.LabelMap;
import dev.freecp.ops.Box;
import dev.freecp.purify.PurifySettings;
import dev.freecp.purify.Step;
import dev.freecp.purify.WindowReport;
import dev.freecp.segment.Background;
import dev.freecp.segment.Segmentation;
import dev.freecp.segment.Vocabulary;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Words: 0 grass, 1 tree, 2 cat; the background word is not counted. */
class VerdictTest {

    private static final Vocabulary WORDS = Vocabulary.parse("grass; tree; cat", new Background.Words(List.of("sky")));
    private static final PurifySettings ALL = PurifySettings.released(0.1f, 0.7f);
    private static final WindowReport.Group TREE_WINS = group(1, new Box(0, 0, 2, 2)), EMPTY_BOX = group(1, new Box(0, 0, 2, 2), new Box(3, 1, 3, 2));

    @Test
    void oneSentenceForAllWindows() {
        Verdict verdict = verdict(ALL, report(List.of(TREE_WINS), new int[] {1}, 0.31f, 0.4f, 0.07f), report(List.of(TREE_WINS), new int[] {1}, 0.2f, 0.25f, 0.02f));
        assertEquals("removed as redundant in all 2 windows: RP 0.02 to 0.07 < 0.10", verdict.sentence(2));
        assertEquals("removed as ambiguous in all 2 windows: the closer look at the shared region chose tree", verdict.sentence(0));
        assertEquals("kept in all 2 windows: RP 0.25 to 0.40 > 0.10", verdict.sentence(1));
    }

    @Test
    void onePartForEachFate() {
        Verdict verdict = verdict(ALL, report(List.of(TREE_WINS), new int[] {1}, 0.31f, 0.4f, 0.07f), report(null, new int[] {2}, 0.05f, 0.09f, 0.3f));
        assertEquals("removed as redundant in 1 of 2 windows: RP 0.05 < 0.10; removed as ambiguous in 1 of 2 windows: the closer look at the shared region chose tree", verdict.sentence(0));
        assertEquals("kept in 1 of 2 windows: RP 0.30 > 0.10; removed as redundant in 1 of 2 windows: RP 0.07 < 0.10", verdict.sentence(2));
    }

    @Test
    void aSingleWindowIsNotCounted() {
        assertEquals("removed as redundant: RP 0.07 < 0.10", verdict(ALL, report(null, new int[] {0}, 0.2f, 0, 0.07f)).sentence(2));
    }

    @Test
    void asManyDecimalsAsTheComparisonNeeds() {
        assertEquals("RP 0.0998 < 0.1000", verdict(ALL, report(null, new int[] {}, 0, 0, 0.0998f)).reason(2, 0));
        assertEquals("RP 0.101 > 0.100", verdict(ALL, report(null, new int[] {2}, 0, 0, 0.101f)).reason(2, 0));
        assertEquals("RP 0.10 = 0.10", verdict(ALL, report(null, new int[] {}, 0, 0, 0.1f)).reason(2, 0));
        assertEquals("RP is no number", verdict(ALL, report(null, new int[] {}, 0, 0, Float.NaN)).reason(2, 0));
    }

    @Test
    void whoStaysSaysHowItCameThrough() {
        assertEquals("RP 0.40 > 0.10; shares its region with grass and won 1 of 1 closer look", verdict(ALL, report(List.of(TREE_WINS), new int[] {1}, 0.31f, 0.4f, 0)).reason(1, 0));
        assertEquals("RP 0.31 > 0.10; shares its region with tree, of which a box is empty, so that nobody is removed",
            verdict(ALL, report(List.of(EMPTY_BOX), new int[] {0, 1}, 0.31f, 0.4f, 0)).reason(0, 0));
    }

    @Test
    void withoutPurificationThereIsNothingToSay() {
        WindowReport plain = new WindowReport(null, null, null, null, new int[] {0, 1, 2});
        assertEquals("kept in all 2 windows", verdict(ALL.withSteps(Step.parse("refine")), plain, plain).sentence(0));
        assertEquals("", verdict(ALL.withSteps(List.of()), plain).reason(0, 0));
    }

    private static Verdict verdict(PurifySettings settings, WindowReport... reports) {
        return new Verdict(new Segmentation(new LabelMap(1, 1, new int[1]), new float[1], WORDS, List.of(), List.of(reports), Map.of()), settings);
    }

    private static WindowReport.Group group(int winner, Box first, Box... more) {
        WindowReport.Crop crop = new WindowReport.Crop(first, new float[] {20, 21}, winner);
        return new WindowReport.Group(new int[] {0, 1}, more.length == 0 ? List.of(first) : List.of(first, more[0]), List.of(crop));
    }

    /** A report whose words stay in redundancy purification if their score says so. */
    private static WindowReport report(List<WindowReport.Group> groups, int[] kept, float... scores) {
        int[] left = IntStream.range(0, scores.length).filter(word -> scores[word] > 0.1f).toArray();
        return new WindowReport(scores, left, groups, kept, kept);
    }
}
