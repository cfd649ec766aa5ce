package dev.freecp.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.freecp.purify.PurifySettings;
import dev.freecp.purify.Step;
import dev.freecp.purify.WindowReport;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Three words: 0 wins against 1, and 2 is on its own. */
class FateTest {

    private static List<Fate> fates(String steps, WindowReport report) {
        PurifySettings settings = PurifySettings.released(0.1f, 0.7f).withSteps(Step.parse(steps));
        return IntStream.range(0, 3).mapToObj(word -> Fate.of(word, report, settings)).toList();
    }

    /** A report of three words; null for a step that was not done. */
    private static WindowReport report(int[] redundancyKept, int[] ambiguityKept, int... kept) {
        return new WindowReport(null, redundancyKept, null, ambiguityKept, kept);
    }

    @Test
    void redundancyFirst() {
        assertEquals(List.of(Fate.KEPT, Fate.AP, Fate.RP), fates("refine,rp,ap", report(new int[] {0, 1}, new int[] {0}, 0)));
    }

    @Test
    void ambiguityFirst() {
        assertEquals(List.of(Fate.KEPT, Fate.AP, Fate.RP), fates("refine,ap,rp", report(new int[] {0}, new int[] {0, 2}, 0)));
    }

    @Test
    void oneStepAlone() {
        assertEquals(List.of(Fate.KEPT, Fate.RP, Fate.KEPT), fates("refine,rp", report(new int[] {0, 2}, null, 0, 2)));
        assertEquals(List.of(Fate.KEPT, Fate.AP, Fate.KEPT), fates("refine,ap", report(null, new int[] {0, 2}, 0, 2)));
        assertEquals(List.of(Fate.KEPT, Fate.KEPT, Fate.KEPT), fates("none", report(null, null, 0, 1, 2)));
    }
}
