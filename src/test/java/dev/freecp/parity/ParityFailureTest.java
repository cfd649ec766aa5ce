package dev.freecp.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.Golden;
import dev.freecp.error.InputException;
import dev.freecp.segment.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Parity fails where it must, says at which stage, and only there. */
class ParityFailureTest {

    /** Beyond a limit by more than the engine itself is off, which is a quarter of it at most. */
    private static final double BEYOND = 1.3;
    private static final double WITHIN = 0.7;

    @TempDir
    private Path temp;

    /** A full run of one window, and what it needs. */
    private GoldenCopy strip() throws IOException {
        return new GoldenCopy(temp).with("models", "b16").with("vocab", "three").with("vocab", "b16.three").with("seg", "strip");
    }

    private GoldenCopy sixty() throws IOException {
        return new GoldenCopy(temp).with("models", "b16").with("purify", "sixty");
    }

    private ParityReport run() {
        return Parity.run(temp, () -> Device.choose("cpu", 1), check -> { });
    }

    private void assertDiffersFirst(String golden, String name) {
        ParityReport report = run();
        assertFalse(report.pass());
        assertEquals(List.of(golden), report.failures().stream().map(Check::golden).distinct().toList());
        assertEquals(name, ParityReport.firstFailure(report.checks()).orElseThrow().name());
        assertTrue(ParityText.summary(report).contains("FAILED in 1 goldens"), ParityText.summary(report));
    }

    @ParameterizedTest
    @CsvSource({"embed, 1e-4", "block03, 1e-4", "attn, 2e-5", "last_mod, 1e-4", "last_ori, 1e-4", "affinity, 2e-5", "patch_feature, 1e-5", "cls_feature, 1e-5",
        "pixel_logits, 2e-4", "class_logits, 2e-4", "softmax, 5e-5", "cam, 5e-5", "rp_score, 1e-4", "ap_iou, 1e-3"})
    void namesTheTensorThatIsJustBeyondItsLimit(String tensor, double limit) throws IOException {
        strip().nudge("seg/strip.SCLIP", "w00." + tensor, 1, BEYOND * limit);
        assertDiffersFirst("seg/strip.SCLIP", "w00." + tensor);
    }

    @ParameterizedTest
    @CsvSource({"trans, 1e-5", "refined_raw, 2e-5"})
    void judgesTransitionAndRawMapsByTheirMaximum(String tensor, double limit) throws IOException {
        GoldenCopy copy = strip();
        float max = 0;
        for (float v : Golden.tensors("golden/seg/strip.SCLIP.safetensors").floats("w00." + tensor)) max = Math.max(max, v);
        copy.nudge("seg/strip.SCLIP", "w00." + tensor, 1, WITHIN * limit * max);
        assertTrue(run().pass());
        copy.nudge("seg/strip.SCLIP", "w00." + tensor, 1, (BEYOND - WITHIN) * limit * max);
        assertDiffersFirst("seg/strip.SCLIP", "w00." + tensor);
    }

    @Test
    void judgesRefinedMapsByTheRangeTheyWereDividedBy() throws IOException {
        GoldenCopy copy = strip();
        float[] raw = Golden.tensors("golden/seg/strip.SCLIP.safetensors").floats("w00.refined_raw");
        float min = raw[0], max = raw[0];
        for (int i = 0; i < raw.length / 3; i++) {
            min = Math.min(min, raw[i]);
            max = Math.max(max, raw[i]);
        }
        copy.nudge("seg/strip.SCLIP", "w00.refined", 1, BEYOND * Math.max(2e-3, 1e-5 / (max - min)));
        assertDiffersFirst("seg/strip.SCLIP", "w00.refined");
    }

    @Test
    void namesFinalMapsLabelsAndMasks() throws IOException {
        GoldenCopy copy = strip();
        copy.nudge("seg/strip.SCLIP", "label", firmPixel(), 0);
        assertDiffersFirst("seg/strip.SCLIP", "label");
        copy.nudge("seg/strip.SCLIP", "final_logits", 1, BEYOND * 2e-3);
        assertDiffersFirst("seg/strip.SCLIP", "final_logits");
        copy.nudge("seg/strip.SCLIP", "w00.masks", 5, 0);
        assertDiffersFirst("seg/strip.SCLIP", "w00.masks");
    }

    private static int firmPixel() {
        int[] grade = Golden.tensors("golden/seg/strip.SCLIP.safetensors").ints("label_grade");
        int pixel = 0;
        while (grade[pixel] < 2) pixel++;
        return pixel;
    }

    @Test
    void namesDecisionsOfAFullRun() throws IOException {
        GoldenCopy copy = strip();
        copy.edit("seg/strip.SCLIP", json -> window(json).put("kept", List.of(0)));
        assertDiffersFirst("seg/strip.SCLIP", "w00.kept");
        copy.edit("seg/strip.SCLIP", json -> window(json).put("groups", List.of(List.of(0, 1))));
        assertDiffersFirst("seg/strip.SCLIP", "w00.groups");
        copy.edit("seg/strip.SCLIP", json -> window(json).put("mask_boxes", List.of(List.of(List.of(0, 0, 1, 1)), List.of(), List.of())));
        assertDiffersFirst("seg/strip.SCLIP", "w00.mask_boxes");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> window(Map<String, Object> json) {
        return (Map<String, Object>) ((List<?>) json.get("windows")).getFirst();
    }

    @ParameterizedTest
    @CsvSource({"softmax, 5e-5", "cam, 5e-5", "rp_score, 1e-4", "ap_iou, 1e-3", "fused00, 1e-3", "crop00.cls_feature, 1e-5"})
    void namesTheTensorOfAPurification(String tensor, double limit) throws IOException {
        sixty().nudge("purify/sixty", tensor, 1, BEYOND * limit);
        assertDiffersFirst("purify/sixty", tensor);
    }

    @ParameterizedTest
    @CsvSource({"rp_kept, rp_kept", "groups, groups", "ap_boxes, ap_boxes of fused02"})
    void namesTheDecisionOfAPurification(String key, String name) throws IOException {
        sixty().edit("purify/sixty", json -> json.put(key, withoutTheLast(json.get(key))));
        assertDiffersFirst("purify/sixty", name);
    }

    /** All elements but the last. */
    private static List<?> withoutTheLast(Object list) {
        List<?> values = (List<?>) list;
        return values.subList(0, values.size() - 1);
    }

    @Test
    void namesTheWinnerOfACrop() throws IOException {
        GoldenCopy copy = sixty();
        copy.edit("purify/sixty", json -> crop(json).put("winner", 1 - ((Number) crop(json).get("winner")).intValue()));
        assertDiffersFirst("purify/sixty", "crop00.winner");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> crop(Map<String, Object> json) {
        return (Map<String, Object>) ((List<?>) json.get("crops")).getFirst();
    }

    @ParameterizedTest
    @CsvSource({"resize, bilinear0.out, 3e-5", "resize, u8resize0.out, 1", "pos_embed, native8.6x9.plain, 3e-5", "pos_embed, native8.6x9.antialias, 3e-5",
        "refine, 7x9.trans_sq, 1e-5", "soft_iou, iou1, 1e-3", "slide_post, slide0.out, 3e-5", "slide_post, post2_bkgprompts3_with1_ignore0.label, 1"})
    void namesTheUnit(String unit, String tensor, double limit) throws IOException {
        new GoldenCopy(temp).with("units", unit + ".").nudge("units/" + unit, tensor, 7, BEYOND * limit);
        assertDiffersFirst("units/" + unit, tensor);
    }

    @Test
    void namesTheBoxesAndTheScoresOfUnits() throws IOException {
        GoldenCopy copy = new GoldenCopy(temp).with("units", "boxes.");
        copy.edit("units/boxes", json -> entry(json, "hole").put("boxes", List.of(List.of(1, 1, 7, 7))));
        assertDiffersFirst("units/boxes", "hole");
        Files.delete(temp.resolve("units/boxes.json"));
        Files.delete(temp.resolve("units/boxes.safetensors"));
        copy.with("units", "metric.").edit("units/metric", json -> entry(json, "metric0").put("mIoU", 56.40));
        assertDiffersFirst("units/metric", "metric0.mIoU");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> entry(Map<String, Object> json, String key) {
        return (Map<String, Object>) json.get(key);
    }

    @Test
    void namesTheTextFeature() throws IOException {
        new GoldenCopy(temp).with("models", "b16").with("vocab", "three").with("vocab", "b16.three").nudge("vocab/b16.three", "query_features_llm", 3, BEYOND * 1e-5);
        assertDiffersFirst("vocab/b16.three", "query_features_llm");
    }

    @Test
    void aNaNInAGoldenFailsWhereMoreThanOneWordIsLookedFor() throws IOException {
        strip().nudge("seg/strip.SCLIP", "w00.cam", 1, Double.NaN);
        assertDiffersFirst("seg/strip.SCLIP", "w00.cam");
    }

    @Test
    void aNaNOfTheSingleWordFailsOutsideTheStagesThatDivideZeroByZero() throws IOException {
        GoldenCopy copy = new GoldenCopy(temp).with("models", "b16").with("vocab", "one").with("vocab", "b16.one").with("seg", "one");
        assertTrue(run().pass());
        copy.nudge("seg/one.SCLIP", "w00.patch_feature", 1, Double.NaN);
        assertDiffersFirst("seg/one.SCLIP", "w00.patch_feature");
    }

    @Test
    void aBrokenGoldenFailsAndTheRestGoesOn() throws IOException {
        strip().with("purify", "one_left").with("purify", "none_left");
        Path broken = temp.resolve("purify/one_left.safetensors");
        Files.write(broken, new byte[] {1, 2, 3});
        Files.delete(temp.resolve("seg/strip.SCLIP.json"));
        ParityReport report = run();
        assertEquals(List.of("purify/one_left", "seg/strip.SCLIP"), report.failures().stream().map(Check::golden).toList());
        assertEquals(List.of("vocab/b16.three", "purify/none_left", "purify/one_left", "seg/strip.SCLIP"), report.goldens());
    }

    @Test
    void worksWithOtherNamesFewerTensorsAndMoreOfThem() throws IOException {
        GoldenCopy copy = strip();
        Files.move(temp.resolve("models/b16"), temp.resolve("models/vit.x-32"));
        Files.move(temp.resolve("vocab/b16.three.safetensors"), temp.resolve("vocab/vit.x-32.my.words.safetensors"));
        Files.move(temp.resolve("vocab/three.txt"), temp.resolve("vocab/my.words.txt"));
        Files.move(temp.resolve("vocab/three.descriptions.json"), temp.resolve("vocab/my.words.descriptions.json"));
        copy.rename("seg/strip.SCLIP", "w00.affinity", "w00.affinitx");
        copy.rename("seg/strip.SCLIP", "w00.block05", "w00.blockXX");
        copy.edit("seg/strip.SCLIP", json -> {
            json.put("model", "vit.x-32");
            json.put("vocab", "my.words");
        });
        ParityReport report = run();
        assertEquals(List.of(), report.failures());
        assertEquals(List.of("vocab/vit.x-32.my.words", "seg/strip.SCLIP"), report.goldens());
    }

    @Test
    void refusesAFolderThatHoldsNoGoldens() {
        InputException refused = assertThrows(InputException.class, this::run);
        assertTrue(refused.getMessage().startsWith(temp.toString()) && refused.getMessage().contains("no folder of goldens"), refused.getMessage());
    }
}
