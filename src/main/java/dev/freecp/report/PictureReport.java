package dev.freecp.report;

import dev.freecp.image.Picture;
import dev.freecp.image.Size;
import dev.freecp.ops.Box;
import dev.freecp.ops.Region;
import dev.freecp.purify.WindowReport;
import dev.freecp.segment.Segmentation;
import dev.freecp.segment.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Everything known about the segmentation of a picture as maps and lists that become JSON as they are, keys always in the same order; docs/json.md describes
 * it. Numbers that are not finite become null, which JSON has.
 */
public final class PictureReport {

    private final RunFacts run;
    private final Segmentation result;
    private final Vocabulary vocabulary;

    private PictureReport(RunFacts run, Segmentation result) {
        this.run = run;
        this.result = result;
        this.vocabulary = result.vocabulary();
    }

    /**
     * @param file  the picture's file, as it is to be named
     * @param files kind to name of the files written for it, as it is to stand there
     */
    public static Map<String, Object> of(RunFacts run, String file, Picture picture, Segmentation result, Map<String, ?> files) {
        return new PictureReport(run, result).json(file, picture, files);
    }

    private Map<String, Object> json(String file, Picture picture, Map<String, ?> files) {
        int patch = run.clip().config().vision().patch();
        Size resized = run.settings().resize().target(picture.height(), picture.width(), patch);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("tool", object("name", "freecp", "version", run.version()));
        json.put("model", object("folder", run.clip().folder().toString(), "sha256", run.clip().sha256(), "patch", patch));
        json.put("device", run.device());
        json.put("settings", SettingsReport.of(run.mode(), run.settings()));
        json.put("text", run.text());
        json.put("picture", object("file", file, "height", picture.height(), "width", picture.width(), "resized", object("height", resized.height(), "width", resized.width())));
        json.put("labels", vocabulary.labelNames());
        json.put("classes", classes());
        json.put("windows", windows());
        Map<String, Object> rounded = new LinkedHashMap<>();
        result.seconds().forEach((stage, value) -> rounded.put(stage, round(value)));
        json.put("seconds", rounded);
        json.put("files", files);
        return json;
    }

    private List<Object> classes() {
        long[] areas = result.areas();
        double[] confidence = result.meanConfidence();
        int first = vocabulary.hasBackground() ? 1 : 0;
        List<Object> classes = new ArrayList<>();
        for (int label = 0; label < areas.length; label++) {
            Map<String, Object> json = object("label", label, "name", vocabulary.labelNames().get(label), "pixels", areas[label],
                "share", round((double) areas[label] / result.confidence().length), "confidence", round(confidence[label]));
            if (label < first) json.put("background_words", vocabulary.words().subList(0, vocabulary.backgroundWords()));
            else json.put("words", words(label - first));
            classes.add(json);
        }
        return classes;
    }

    /** The words of a class, each with its scores and fate in window after window. */
    private List<Object> words(int classNumber) {
        List<Object> words = new ArrayList<>();
        IntStream.range(0, vocabulary.foregroundWords()).filter(word -> vocabulary.classOfWord(word) == classNumber).forEach(word -> {
            Map<String, Object> json = object("word", name(word));
            List<WindowReport> reports = result.reports();
            if (reports.getFirst().scores() != null) json.put("rp_scores", reports.stream().map(report -> number(report.scores()[word])).toList());
            json.put("fates", reports.stream().map(report -> SettingsReport.text(Fate.of(word, report, run.settings().purify()))).toList());
            words.add(json);
        });
        return words;
    }

    private List<Object> windows() {
        List<Object> windows = new ArrayList<>();
        for (int i = 0; i < result.windows().size(); i++) {
            Region region = result.windows().get(i);
            WindowReport report = result.reports().get(i);
            Map<String, Object> json = object("y0", region.y0(), "x0", region.x0(), "y1", region.y1(), "x1", region.x1());
            json.put("kept", names(report.kept()));
            if (report.groups() != null) json.put("ap_groups", report.groups().stream().filter(group -> group.words().length > 1).map(this::group).toList());
            windows.add(json);
        }
        return windows;
    }

    private Map<String, Object> group(WindowReport.Group group) {
        return object("words", names(group.words()), "boxes", group.boxes().stream().map(PictureReport::box).toList(),
            "crops", group.crops().stream().map(crop -> crop(crop, group.words())).toList());
    }

    private Map<String, Object> crop(WindowReport.Crop crop, int[] words) {
        List<Object> scores = new ArrayList<>();
        for (float score : crop.scores()) scores.add(number(score));
        return object("box", box(crop.box()), "scores", scores, "winner", name(words[crop.winner()]));
    }

    private static Map<String, Object> box(Box box) {
        return object("x0", box.x0(), "y0", box.y0(), "x1", box.x1(), "y1", box.y1());
    }

    private List<String> names(int[] words) {
        return Arrays.stream(words).mapToObj(this::name).toList();
    }

    private String name(int word) {
        return vocabulary.words().get(vocabulary.backgroundWords() + word);
    }

    private static Object number(float value) {
        return Float.isFinite(value) ? value : null;
    }

    /** Six decimals: more would be noise. */
    public static Object round(double value) {
        return Double.isFinite(value) ? Math.round(value * 1e6) / 1e6 : null;
    }

    /** Keys and values in turn. */
    public static Map<String, Object> object(Object... entries) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < entries.length; i += 2) object.put((String) entries[i], entries[i + 1]);
        return object;
    }
}
