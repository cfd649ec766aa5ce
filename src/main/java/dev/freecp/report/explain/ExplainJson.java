package dev.freecp.report.explain;

import static dev.freecp.report.PictureReport.object;
import static dev.freecp.report.PictureReport.round;

import dev.freecp.image.Size;
import dev.freecp.ops.Box;
import dev.freecp.report.PictureReport;
import dev.freecp.segment.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** An explanation as maps and lists that become JSON as they are: the report of {@link PictureReport} and more keys behind it; docs/explain.md describes them. */
public final class ExplainJson {

    private final Explanation explanation;
    private final Vocabulary vocabulary;
    private final Verdict verdict;

    private ExplainJson(Explanation explanation) {
        this.explanation = explanation;
        this.vocabulary = explanation.result().vocabulary();
        this.verdict = new Verdict(explanation.result(), explanation.run().settings().purify());
    }

    /** @param files kind to name of the files written for it, as {@link PictureReport} has them */
    public static Map<String, Object> of(Explanation explanation, Map<String, String> files) {
        return new ExplainJson(explanation).json(files);
    }

    private Map<String, Object> json(Map<String, String> files) {
        Explanation e = explanation;
        Map<String, Object> json = PictureReport.of(e.run(), e.picture().name(), e.picture(), e.result(), files);
        json.put("grid", size(e.grid()));
        json.put("words", IntStream.range(0, vocabulary.foregroundWords()).mapToObj(this::word).toList());
        json.put("overlaps", e.overlaps().stream().map(this::overlap).toList());
        json.put("agreement", Arrays.stream(e.agreement()).map(ExplainJson::numbers).toList());
        json.put("layers", e.layers().stream().map(layer -> object("name", layer.name(), "rows", layer.cells().height(), "columns", layer.cells().width(),
            "variance", numbers(layer.variance()), "attention_entropy", round(layer.entropy()))).toList());
        return json;
    }

    private Map<String, Object> word(int word) {
        Explanation.WordMaps maps = explanation.maps().get(word);
        Map<String, Object> json = object("word", verdict.name(word), "class", vocabulary.classes().get(vocabulary.classOfWord(word)),
            "label", vocabulary.classOfWord(word) + (vocabulary.hasBackground() ? 1 : 0), "verdict", verdict.sentence(word),
            "largest", object("softmax", round(maps.softmax().max()), "activation", round(maps.activation().max()), "refined", round(maps.refined().max())));
        json.put("windows", IntStream.range(0, explanation.result().windows().size()).mapToObj(window -> inWindow(word, window)).toList());
        return json;
    }

    private Map<String, Object> inWindow(int word, int window) {
        Map<String, Object> json = object("fate", verdict.fate(word, window).name().toLowerCase(Locale.ROOT), "reason", verdict.reason(word, window));
        float[] scores = explanation.result().reports().get(window).scores();
        if (scores != null) json.put("rp_score", Float.isFinite(scores[word]) ? scores[word] : null);
        if (explanation.boxes() == null) return json;
        json.put("boxes", explanation.boxes().get(window).get(word).stream().filter(box -> !box.isEmpty()).map(ExplainJson::box).toList());
        return json;
    }

    private Map<String, Object> overlap(Explanation.Overlaps overlaps) {
        if (overlaps == null) return null;
        List<Object> rows = new ArrayList<>();
        for (float[] row : overlaps.values()) rows.add(numbers(IntStream.range(0, row.length).mapToDouble(i -> row[i]).toArray()));
        return object("words", Arrays.stream(overlaps.words()).mapToObj(verdict::name).toList(), "soft_iou", rows);
    }

    private static Map<String, Object> box(Box box) {
        return object("x0", box.x0(), "y0", box.y0(), "x1", box.x1(), "y1", box.y1());
    }

    private static Map<String, Object> size(Size size) {
        return object("height", size.height(), "width", size.width());
    }

    private static List<Object> numbers(double[] values) {
        return Arrays.stream(values).mapToObj(PictureReport::round).toList();
    }
}
