package dev.freecp.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.parity.Check.Mode;
import dev.freecp.parity.Check.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one comparison accepts. */
class ChecksTest {

    private final List<Check> made = new ArrayList<>();
    private final Checks checks = Checks.of("seg/case", false, made::add);
    private GoldenJson margins;

    @TempDir
    private Path temp;

    @BeforeEach
    void readMargins() throws IOException {
        margins = GoldenJson.read(Files.writeString(temp.resolve("margins.json"), "{\"box\": 2e-6, \"rp\": 0.01}"));
    }

    private Verdict last() {
        return made.getLast().verdict();
    }

    private static float[] floats(float... values) {
        return values;
    }

    @Test
    void ourNaNNeverPasses() {
        checks.near(Stage.CAM, "cam", Mode.CHAIN, floats(0.5f), floats(Float.NaN));
        assertEquals(Verdict.FAIL, last());
        checks.forSingleWord().near(Stage.CAM, "cam", Mode.CHAIN, floats(Float.NaN), floats(Float.NaN));
        assertEquals(Verdict.FAIL, last());
    }

    @Test
    void aNaNOfTheGoldenIsMetByZeroForASingleWordOnly() {
        checks.near(Stage.CAM, "cam", Mode.CHAIN, floats(Float.NaN), floats(0));
        assertEquals(Verdict.FAIL, last());
        checks.forSingleWord().near(Stage.CAM, "cam", Mode.CHAIN, floats(Float.NaN), floats(0));
        assertEquals(Verdict.PASS, last());
        checks.forSingleWord().near(Stage.CAM, "cam", Mode.CHAIN, floats(Float.NaN), floats(0.1f));
        assertEquals(Verdict.FAIL, last());
        checks.forSingleWord().near(Stage.SOFTMAX, "softmax", Mode.CHAIN, floats(Float.NaN), floats(0));
        assertEquals(Verdict.FAIL, last());
    }

    @Test
    void theChainHasItsOwnLimits() {
        checks.near(Stage.PIXEL_LOGITS, "pixel_logits", Mode.ISOLATED, floats(50), floats(50.0005f));
        assertEquals(Verdict.FAIL, last());
        checks.near(Stage.PIXEL_LOGITS, "pixel_logits", Mode.CHAIN, floats(50), floats(50.0005f));
        assertEquals(Verdict.PASS, last());
    }

    @Test
    void refinedMapsAreTightWhereLogitsAreGiven() {
        checks.near(Stage.REFINED, "refined", Mode.CHAIN, floats(0, 1), floats(0, 0.9995f), floats(0.5f));
        assertEquals(Verdict.PASS, last());
        Checks.of("purify/case", true, made::add).near(Stage.REFINED, "refined", Mode.CHAIN, floats(0, 1), floats(0, 0.9995f), floats(0.5f));
        assertEquals(Verdict.FAIL, last());
    }

    @Test
    void aSmallRangeWidensTheLimitOfItsOwnMapOnly() {
        float[] gold = {0, 1, 0, 1}, ranges = {1e-3f, 0.5f};
        checks.near(Stage.REFINED, "refined", Mode.CHAIN, gold, floats(0, 0.992f, 0, 1), ranges);
        assertEquals(Verdict.PASS, last());
        assertEquals(0.01, made.getLast().limit(), 1e-6);
        checks.near(Stage.REFINED, "refined", Mode.CHAIN, gold, floats(0, 1, 0, 0.992f), ranges);
        assertEquals(Verdict.FAIL, last());
    }

    @Test
    void otherSizesFail() {
        checks.near(Stage.CAM, "cam", Mode.CHAIN, floats(0, 1), floats(0));
        assertEquals(Verdict.FAIL, last());
    }

    @Test
    void anEmptyRawMapMayNotDiffer() {
        checks.near(Stage.REFINED_RAW, "refined_raw", Mode.CHAIN, floats(0, 0), floats(0, 1e-9f));
        assertEquals(Verdict.FAIL, last());
    }

    @Test
    void aDecisionMayFlipWhereItsMarginIsBelowWhatItsNumbersAreOff() {
        Checks window = checks.window("w00.", margins);
        window.near(Stage.CAM, "cam", Mode.CHAIN, floats(0.5f), floats(0.500001f));
        window.equal(Stage.MASK_BOXES, "mask_boxes", Mode.CHAIN, List.of(1, 2), List.of(1, 3));
        assertEquals(Verdict.FLIP, last());
        assertTrue(window.flipped());
        window.near(Stage.REFINED, "refined", Mode.CHAIN, floats(0), floats(1));
        assertEquals(Verdict.SKIPPED, last());
        window.near(Stage.REFINED, "refined", Mode.ISOLATED, floats(0), floats(1));
        assertEquals(Verdict.FAIL, last());
    }

    @Test
    void aDecisionMayNotFlipByItself() {
        Checks window = checks.window("w00.", margins);
        window.near(Stage.CAM, "cam", Mode.CHAIN, floats(0.5f), floats(0.500001f));
        window.equal(Stage.MASK_BOXES, "mask_boxes", Mode.ISOLATED, List.of(1), List.of(2));
        assertEquals(Verdict.FAIL, last());
    }

    @Test
    void aDecisionMayNotFlipIfItsMarginIsWide() {
        Checks window = checks.window("w00.", margins);
        window.near(Stage.RP_SCORE, "rp_score", Mode.CHAIN, floats(0.1f), floats(0.10005f));
        window.equal(Stage.RP_KEPT, "rp_kept", Mode.CHAIN, List.of(1), List.of(2));
        assertEquals(Verdict.FAIL, last());
    }

    @Test
    void aDecisionMayNotFlipIfItsNumbersAreCloserThanTheMargin() {
        Checks window = checks.window("w00.", margins);
        window.near(Stage.CAM, "cam", Mode.CHAIN, floats(0.5f), floats(0.5f));
        window.equal(Stage.MASK_BOXES, "mask_boxes", Mode.CHAIN, List.of(1), List.of(2));
        assertEquals(Verdict.FAIL, last());
    }

    @Test
    void aDecisionMayNotFlipToWhatOurNumbersDoNotExplain() {
        Checks window = checks.window("w00.", margins);
        window.near(Stage.CAM, "cam", Mode.CHAIN, floats(0.5f), floats(0.500001f));
        window.equal(Stage.MASK_BOXES, "mask_boxes", Mode.CHAIN, List.of(1), List.of(2), slack -> false);
        assertEquals(Verdict.FAIL, last());
    }

    @Test
    void labelsAreEqualWhereTheGradeIsTwoAndDifferInOneOfAThousandElsewhere() {
        int[] gold = new int[2000], ours = new int[2000], grade = new int[2000];
        ours[0] = ours[1] = 1;
        checks.labels("label", Mode.CHAIN, gold, ours, grade);
        assertEquals(Verdict.PASS, last());
        ours[2] = 1;
        checks.labels("label", Mode.CHAIN, gold, ours, grade);
        assertEquals(Verdict.FAIL, last());
        ours[1] = ours[2] = 0;
        grade[0] = 2;
        checks.labels("label", Mode.CHAIN, gold, ours, grade);
        assertEquals(Verdict.FAIL, last());
    }
}
