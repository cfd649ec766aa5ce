package dev.freecp.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.freecp.ops.Box;
import dev.freecp.purify.PurifySettings;
import dev.freecp.purify.Step;
import dev.freecp.purify.WindowReport;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Three words: 0 wins against 1, and 2 is on its own. */
class FateTest {

    private static final Box BOX = new Box(0, 0, 2, 2);
    private static final Box EMPTY = new Box(3, 0, 3, 2);

    private static List<WindowReport.Group> groups(Box box) {
        List<WindowReport.Crop> crops = box.isEmpty() ? List.of() : List.of(new WindowReport.Crop(box, new float[] {2, 1}, 0));
        return List.of(new WindowReport.Group(new int[] {0, 1}, List.of(box), crops), new WindowReport.Group(new int[] {2}, List.of(), List.of()));
    }

    private static List<Fate> fates(String steps, WindowReport report) {
        PurifySettings settings = PurifySettings.released(0.1f, 0.7f).withSteps(Step.parse(steps));
        return IntStream.range(0, 3).mapToObj(word -> Fate.of(word, report, settings)).toList();
    }

    @Test
    void redundancyFirst() {
        WindowReport report = new WindowReport(new float[] {0.3f, 0.3f, 0.01f}, new int[] {0, 1}, groups(BOX).subList(0, 1), new int[] {0});
        assertEquals(List.of(Fate.KEPT, Fate.AP, Fate.RP), fates("refine,rp,ap", report));
    }

    @Test
    void ambiguityFirst() {
        WindowReport report = new WindowReport(new float[] {0.3f, 0.01f, 0.01f}, new int[] {0}, groups(BOX), new int[] {0});
        assertEquals(List.of(Fate.KEPT, Fate.AP, Fate.RP), fates("refine,ap,rp", report));
    }

    @Test
    void aGroupWithAnEmptyBoxLosesNobody() {
        WindowReport report = new WindowReport(new float[] {0.3f, 0.01f, 0.01f}, new int[] {0}, groups(EMPTY), new int[] {0});
        assertEquals(List.of(Fate.KEPT, Fate.RP, Fate.RP), fates("refine,ap,rp", report));
    }

    @Test
    void oneStepAlone() {
        assertEquals(List.of(Fate.KEPT, Fate.RP, Fate.KEPT), fates("refine,rp", new WindowReport(new float[] {1, 0, 1}, new int[] {0, 2}, null, new int[] {0, 2})));
        assertEquals(List.of(Fate.KEPT, Fate.AP, Fate.KEPT), fates("refine,ap", new WindowReport(null, null, groups(BOX), new int[] {0, 2})));
        assertEquals(List.of(Fate.KEPT, Fate.KEPT, Fate.KEPT), fates("none", new WindowReport(null, null, null, new int[] {0, 1, 2})));
    }
}
