package dev.freecp.parity;

import dev.freecp.error.InputException;
import dev.freecp.image.Picture;
import dev.freecp.image.ResizeRule;
import dev.freecp.ops.Box;
import dev.freecp.ops.LabelRule;
import dev.freecp.purify.SoftGroups;
import dev.freecp.purify.WindowReport;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Discrete things in the form in which goldens have them and {@link Checks} compares them. */
final class Decisions {

    private Decisions() {
    }

    static List<Integer> list(int[] values) {
        return Arrays.stream(values).boxed().toList();
    }

    /** An array of arrays of whole numbers. */
    static List<List<Integer>> lists(GoldenJson json) {
        return json.list().stream().map(GoldenJson::integers).toList();
    }

    /** Boxes x0, y0, x1, y1, sorted, because their order does not matter. */
    static List<Box> boxes(GoldenJson json) {
        return json.list().stream().map(Decisions::box).sorted().toList();
    }

    static Box box(GoldenJson json) {
        List<Integer> at = json.integers();
        if (at.size() != 4) throw new InputException("a box is x0, y0, x1, y1, not " + at);
        return new Box(at.get(0), at.get(1), at.get(2), at.get(3));
    }

    /** Connected groups of a square matrix J. */
    static List<List<Integer>> groups(float[] overlap, float threshold) {
        int size = (int) Math.round(Math.sqrt(overlap.length));
        float[][] rows = IntStream.range(0, size).mapToObj(row -> Arrays.copyOfRange(overlap, row * size, (row + 1) * size)).toArray(float[][]::new);
        return SoftGroups.of(rows, threshold).stream().map(Decisions::list).toList();
    }

    /** A window's groups as indices into {@code rp_kept}; none where ambiguity purification had nothing to do. */
    static List<List<Integer>> groups(WindowReport report) {
        if (report.groups() == null) return List.of();
        List<Integer> kept = list(report.redundancyKept());
        return report.groups().stream().map(group -> list(group.words()).stream().map(kept::indexOf).toList()).toList();
    }

    /** A window's groups of two or more. */
    static List<WindowReport.Group> ties(WindowReport report) {
        return report.groups() == null ? List.of() : report.groups().stream().filter(group -> group.words().length > 1).toList();
    }

    static int[] bytes(Picture picture) {
        return IntStream.range(0, 3 * picture.height() * picture.width()).map(i -> picture.pixels().getByte(i / 3, i % 3)).toArray();
    }

    /** The pair (long, short) of a golden's {@code scale}. */
    static ResizeRule resizeRule(GoldenJson scale) {
        List<Integer> limits = scale.integers();
        return new ResizeRule(Math.max(limits.getFirst(), limits.getLast()), Math.min(limits.getFirst(), limits.getLast()));
    }

    static LabelRule.Background background(boolean predicted) {
        return predicted ? LabelRule.Background.ONE_MINUS_MAX : LabelRule.Background.NONE;
    }
}
