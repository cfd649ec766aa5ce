package dev.freecp.report;

import dev.freecp.clip.VisionConfig;
import dev.freecp.evaluate.Evaluation;
import dev.freecp.evaluate.Variant;
import dev.freecp.evaluate.data.DataSet;
import dev.freecp.ops.Precision;
import dev.freecp.purify.PurifySettings;
import dev.freecp.purify.Step;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Where an evaluation's numbers come from: what decides them, which a journal is bound to, and what merely belongs to the record. */
public final class EvaluationManifest {

    /** Keys of {@link #of}, and what merging adds. */
    static final List<String> KEYS = List.of("tool", "model", "device", "machine", "data", "merged");

    private EvaluationManifest() {
    }

    /**
     * All that decides the counts of a picture. Which pictures are evaluated is not among it, nor where they and the model lie.
     *
     * @param precision what the towers compute in
     * @param text      how words became numbers, with the words
     */
    public static Map<String, Object> settings(RunFacts run, Precision precision, DataSet data, List<Variant> variants, Map<String, ?> text) {
        return PictureReport.object("version", run.version(), "weights_sha256", run.clip().sha256(),
            "device", kind(run.device()), "precision", precision.toString(),
            "method", SettingsReport.of(run.mode(), run.settings()), "text", text,
            "data", PictureReport.object("name", data.name(), "layout", data.layout(), "reading", data.reading(), "labels", data.classNames()),
            "runs", variants.stream().map(Variant::name).toList());
    }

    /** {@code cuda} of {@code cuda:1 (NVIDIA ...}: machines that share a data set may have different numbers of threads and models of GPU. */
    static String kind(String device) {
        return device.replaceFirst("[:,].*", "");
    }

    /**
     * The record of a run.
     *
     * @param pictures how many the split has, evaluated or not
     */
    public static Map<String, Object> of(RunFacts run, DataSet data, Path root, int pictures) {
        VisionConfig vision = run.clip().config().vision();
        return PictureReport.object(
            "tool", PictureReport.object("name", "freecp", "version", run.version()),
            "model", PictureReport.object("folder", run.clip().folder().toString(), "sha256", run.clip().sha256(),
                "patch", vision.patch(), "width", vision.width()),
            "device", run.device(),
            "machine", PictureReport.object("system", properties("os.name", "os.version", "os.arch"),
                "java", properties("java.vm.name", "java.runtime.version"), "processors", Runtime.getRuntime().availableProcessors()),
            "data", PictureReport.object("name", data.name(), "layout", data.layout(), "root", root.toString(), "pictures", pictures));
    }

    private static String properties(String... names) {
        return Arrays.stream(names).map(System::getProperty).collect(Collectors.joining(" "));
    }

    /** Name and choices of a variant. */
    public static Evaluation.Run run(Variant variant) {
        PurifySettings p = variant.settings().purify();
        return new Evaluation.Run(variant.name(), PictureReport.object(
            "method", SettingsReport.text(variant.settings().readOut().method()), "steps", Step.format(p.steps()),
            "tau_r", decimal(p.redundancyThreshold()), "tau_a", decimal(p.ambiguityThreshold()),
            "text", variant.choice().text().toString(), "absent_words", variant.choice().absent(), "oracle", variant.choice().oracle()));
    }

    /** 0.1 as 0.1, as it is when it comes back from JSON. */
    private static double decimal(float value) {
        return Double.parseDouble(Float.toString(value));
    }
}
