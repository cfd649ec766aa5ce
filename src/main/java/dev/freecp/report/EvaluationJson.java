package dev.freecp.report;

import static dev.freecp.report.PictureReport.round;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.jr.ob.JSON;
import dev.freecp.error.InputException;
import dev.freecp.evaluate.Bootstrap;
import dev.freecp.evaluate.ConfusionMatrix;
import dev.freecp.evaluate.Evaluation;
import dev.freecp.evaluate.Journal;
import dev.freecp.evaluate.PictureCounts;
import dev.freecp.evaluate.RegionSize;
import dev.freecp.evaluate.Totals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * An evaluation as JSON, complete: scores to read, and the counts of every picture, from which it can be read back, merged and compared
 * (docs/evaluate.md).
 */
public final class EvaluationJson {

    private static final int CONFUSED = 20;

    private EvaluationJson() {
    }

    /** The document. With one run its scores stand at the top, with several in {@code runs}. */
    public static Map<String, Object> of(Evaluation evaluation) {
        Map<String, Object> json = new LinkedHashMap<>(evaluation.manifest());
        json.put("data_sha256", evaluation.dataSha256());
        json.put("settings", evaluation.settings());
        json.put("labels", evaluation.labels());
        List<Map<String, Object>> runs = new ArrayList<>();
        for (int run = 0; run < evaluation.runs().size(); run++) runs.add(run(evaluation, run));
        if (runs.size() == 1) json.putAll(runs.getFirst());
        else json.put("runs", runs);
        Map<String, Object> pictures = new LinkedHashMap<>();
        evaluation.pictures().forEach((id, line) -> pictures.put(id,
            PictureReport.object("sha256", line.sha256(), "counts", line.counts().stream().map(PictureCounts::format).toList())));
        json.put("pictures", pictures);
        return json;
    }

    private static Map<String, Object> run(Evaluation evaluation, int number) {
        Totals totals = evaluation.totals(number);
        ConfusionMatrix confusion = totals.confusion();
        Bootstrap.Interval interval = evaluation.interval(number);
        Map<String, Object> json = PictureReport.object(
            "run", evaluation.runs().get(number).name(), "choices", evaluation.runs().get(number).facts(),
            "miou", round(confusion.meanIou()), "miou_low", round(interval.low()), "miou_high", round(interval.high()),
            "macc", round(confusion.meanAccuracy()), "aacc", round(confusion.pixelAccuracy()), "boundary_miou", round(totals.meanBoundaryIou()));
        for (RegionSize size : RegionSize.values()) json.put("miou_" + name(size), round(totals.meanIou(size)));
        json.put("zero_share", round(totals.zeroShare()));
        List<Map<String, Object>> classes = new ArrayList<>();
        for (int c = 0; c < totals.classes(); c++) classes.add(classOf(evaluation, totals, c));
        json.put("classes", classes);
        json.put("confused", totals.confused(CONFUSED).stream().map(pair -> PictureReport.object(
            "truth", label(evaluation, pair.truth()), "prediction", label(evaluation, pair.prediction()), "pixels", pair.pixels())).toList());
        json.put("confusion", confusion.rows());
        return json;
    }

    private static Map<String, Object> classOf(Evaluation evaluation, Totals totals, int c) {
        ConfusionMatrix confusion = totals.confusion();
        Map<String, Object> json = PictureReport.object("label", c, "name", evaluation.labels().get(c),
            "iou", round(confusion.iou(c)), "accuracy", round(confusion.accuracy(c)), "boundary_iou", round(totals.boundaryIou(c)));
        for (RegionSize size : RegionSize.values()) json.put("iou_" + name(size), round(totals.iou(c, size)));
        json.put("truth", confusion.truthPixels(c));
        json.put("predicted", confusion.predictedPixels(c));
        return json;
    }

    private static String name(RegionSize size) {
        return size.name().toLowerCase(Locale.ROOT);
    }

    /** A class's name; labels beyond the classes are words that are none. */
    static String label(Evaluation evaluation, int c) {
        return c < evaluation.labels().size() ? evaluation.labels().get(c) : "(no class)";
    }

    /**
     * Reads a document back. Scores are computed again from the counts.
     *
     * @throws InputException if the file cannot be read or is none
     */
    public static Evaluation read(Path file) {
        Map<String, Object> json;
        try {
            json = JSON.std.mapFrom(Files.readAllBytes(file));
        } catch (JacksonException e) {
            throw new InputException(file + ": is no valid JSON (" + e.getOriginalMessage() + ")", e);
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read (" + (Files.exists(file) ? e.getMessage() : "there is no such file") + ")", e);
        }
        try {
            return evaluation(json);
        } catch (ClassCastException | NullPointerException | IllegalArgumentException e) {
            throw new InputException(file + ": is no result of freecp evaluate (--json FILE, or results.json of --out)", e);
        }
    }

    @SuppressWarnings("unchecked")
    private static Evaluation evaluation(Map<String, Object> json) {
        List<String> labels = ((List<?>) json.get("labels")).stream().map(String.class::cast).toList();
        List<Map<String, Object>> entries = json.containsKey("runs") ? (List<Map<String, Object>>) json.get("runs") : List.of(json);
        List<Evaluation.Run> runs = entries.stream()
            .map(run -> new Evaluation.Run(text(run.get("run")), (Map<String, Object>) run.get("choices"))).toList();
        Map<String, Journal.Line> pictures = new LinkedHashMap<>();
        ((Map<String, Map<String, Object>>) json.get("pictures")).forEach((id, picture) -> {
            List<PictureCounts> counts = ((List<?>) picture.get("counts")).stream()
                .map(text -> PictureCounts.parse((String) text, labels.size())).toList();
            if (counts.size() != runs.size()) throw new IllegalArgumentException("counts of " + id);
            pictures.put(id, new Journal.Line(id, text(picture.get("sha256")), counts));
        });
        Map<String, Object> manifest = new LinkedHashMap<>();
        for (String key : EvaluationManifest.KEYS) if (json.containsKey(key)) manifest.put(key, json.get(key));
        return new Evaluation(manifest, (Map<String, Object>) json.get("settings"), labels, runs, pictures);
    }

    private static String text(Object value) {
        if (value instanceof String text) return text;
        throw new IllegalArgumentException("wanted a string, not " + value);
    }
}
