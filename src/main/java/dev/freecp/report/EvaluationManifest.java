package dev.freecp.report;

import dev.freecp.evaluate.Evaluation;
import dev.freecp.evaluate.Variant;
import dev.freecp.evaluate.data.DataSet;
import dev.freecp.ops.Precision;
import dev.freecp.purify.PurifySettings;
import dev.freecp.purify.Step;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

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
        Runtime runtime = Runtime.getRuntime();
        return PictureReport.object("tool", PictureReport.object("name", "freecp", "version", run.version()),
            "model", PictureReport.object("folder", run.clip().folder().toString(), "sha256", run.clip().sha256(), "patch",
                run.clip().config().vision().patch(),
                "width", run.clip().config().vision().width()),
            "device", run.device(),
            "machine", PictureReport.object("system", System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                + System.getProperty("os.arch"),
                "java", System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"), "processors", runtime.availableProcessors()),
            "data", PictureReport.object("name", data.name(), "layout", data.layout(), "root", root.toString(), "pictures", pictures));
    }

    /** Name and choices of a variant. */
    public static Evaluation.Run run(Variant variant) {
        PurifySettings p = variant.settings().purify();
        return new Evaluation.Run(variant.name(), PictureReport.object("method", SettingsReport.text(variant.settings().readOut().method()), "steps",
            Step.format(p.steps()),
            "tau_r", Double.parseDouble(Float.toString(p.redundancyThreshold())), "tau_a", Double.parseDouble(Float.toString(p.ambiguityThreshold())),
            "text", variant.choice().text().toString(), "absent_words", variant.choice().absent(), "oracle", variant.choice().oracle()));
    }
}
