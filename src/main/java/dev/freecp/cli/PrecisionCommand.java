package dev.freecp.cli;

import dev.freecp.error.UsageException;
import dev.freecp.evaluate.data.DataSet;
import dev.freecp.evaluate.data.Sample;
import dev.freecp.ops.Ops;
import dev.freecp.parity.PrecisionTable;
import dev.freecp.segment.Preset;
import dev.freecp.segment.SegmentSettings;
import dev.freecp.segment.Vocabulary;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code freecp precision}: what do tf32, bf16 and fp16 change on this GPU, for this model and these pictures? */
@Command(name = "precision",
    description = "Labels the pictures of a data set in fp32, tf32, bf16 and fp16 and prints how far each is from fp32: patch features, refined maps, labels, mIoU.",
    footer = {"", "Needs a GPU. Pictures and words are chosen as for evaluate.", "", "Examples:",
        "  freecp precision --preset voc21 --root VOCdevkit/VOC2012 --model clip-vit-base-patch16 --limit 100",
        "  freecp precision --root shapes/dataset --classes shapes/classes.txt --model shapes/model --json"})
final class PrecisionCommand implements Callable<Integer> {

    private final Console console;

    @Mixin
    private EvaluationOptions evaluation;

    @Mixin
    private SegmentOptions options;

    @Option(names = "--json", description = "Prints the table as JSON.")
    private boolean json;

    @Option(names = "--quiet", description = "Nothing on standard error but warnings and errors.")
    private boolean quiet;

    PrecisionCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        SegmentSettings settings = options.settings();
        if (options.model().request().precision() != null) throw new UsageException("--precision is not for this command, which compares them all");
        Optional<Preset> preset = options.words().preset();
        Vocabulary vocabulary = options.words().vocabulary();
        DataSet data = evaluation.data(preset, vocabulary);
        List<Sample> samples = evaluation.samples(data);
        Words words = options.words().words();
        try (PrecisionTable table = new PrecisionTable(options.model().folder(), options.model()::onGpu, segmenter -> words.features(segmenter, console, quiet), data.classes());
             Progress progress = Progress.of(console, quiet, "pictures", samples.size())) {
            List<PrecisionTable.Row> rows = table.measure(samples, settings, progress::step);
            if (json) console.result(RunJson.STYLE.asString(json(rows, samples.size())));
            else lines(rows).forEach(console::result);
        }
        return 0;
    }

    private static List<String> lines(List<PrecisionTable.Row> rows) {
        List<String> lines = new ArrayList<>();
        lines.add("precision  features rms / largest   refined rms / largest   other labels   mIoU");
        for (PrecisionTable.Row row : rows)
            lines.add(String.format(Locale.ROOT, "%-9s  %.2e / %.2e      %.2e / %.2e     %7.3f %%     %5.2f", row.precision(), row.features().rms(),
                row.features().largest(), row.refined().rms(), row.refined().largest(), 100 * row.others(), row.miou()));
        return lines;
    }

    private static Map<String, Object> json(List<PrecisionTable.Row> rows, int pictures) {
        List<Map<String, Object>> list = new ArrayList<>();
        for (PrecisionTable.Row row : rows) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("precision", row.precision().toString());
            line.put("features", error(row.features()));
            line.put("refined", error(row.refined()));
            line.put("other_labels", row.others());
            line.put("miou", row.miou());
            list.add(line);
        }
        return Map.of("pictures", pictures, "precisions", list);
    }

    private static Map<String, Object> error(PrecisionTable.Error error) {
        return Map.of("rms", error.rms(), "largest", error.largest());
    }
}
