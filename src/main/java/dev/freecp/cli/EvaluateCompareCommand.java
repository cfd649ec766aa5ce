package dev.freecp.cli;

import dev.freecp.error.InputException;
import dev.freecp.evaluate.Bootstrap;
import dev.freecp.evaluate.Evaluation;
import dev.freecp.evaluate.PairedComparison;
import dev.freecp.report.EvaluationJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code freecp evaluate compare}: whether one run is better than another. */
@Command(name = "compare",
    description = "Compares two runs on the pictures that both have: paired bootstrap of mIoU, and Wilcoxon's signed rank test over pictures.",
    footer = {"", "Examples:", "  freecp evaluate compare baseline.json purified.json",
        "  freecp evaluate compare sweep.json sweep.json --first \"sclip none\" --second \"sclip refine,rp,ap\""})
final class EvaluateCompareCommand implements Callable<Integer> {

    private final Console console;

    @Parameters(index = "0", paramLabel = "A.json", description = "Result of the first run.")
    private Path a;

    @Parameters(index = "1", paramLabel = "B.json", description = "Result of the second; differences are second less first.")
    private Path b;

    @Option(names = "--first", paramLabel = "RUN", description = "Which run of A.json, if it has several.")
    private String first;

    @Option(names = "--second", paramLabel = "RUN", description = "Which run of B.json, if it has several.")
    private String second;

    @Option(names = "--draws", paramLabel = "N", defaultValue = "10000", description = "How often the bootstrap draws; default ${DEFAULT-VALUE}.")
    private int draws;

    @Option(names = "--json", description = "The comparison as JSON.")
    private boolean json;

    EvaluateCompareCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        Evaluation one = EvaluationJson.read(a), two = EvaluationJson.read(b);
        if (!one.labels().equals(two.labels())) throw new InputException(a + " and " + b + ": their classes are not the same");
        int x = one.run(first), y = two.run(second);
        Bootstrap bootstrap = new Bootstrap(draws, Bootstrap.STANDARD.seed());
        PairedComparison c = PairedComparison.of(one.labels().size(), one.counts(x), two.counts(y), bootstrap);
        if (json) {
            console.result(RunJson.STYLE.asString(json(one.runs().get(x).name(), two.runs().get(y).name(), c)));
            return 0;
        }
        console.result(String.format(Locale.ROOT, "%s, %s: mIoU %.2f", a, one.runs().get(x).name(), c.first()));
        console.result(String.format(Locale.ROOT, "%s, %s: mIoU %.2f", b, two.runs().get(y).name(), c.second()));
        console.result(String.format(Locale.ROOT, "difference %+.2f, 95 %% of %,d draws of %d pictures [%+.2f, %+.2f], p %s",
            c.second() - c.first(), draws, c.pictures(), c.difference().low(), c.difference().high(), p(c.bootstrapP(), 2.0 / draws)));
        console.result(String.format(Locale.ROOT, "better in %d pictures, worse in %d; Wilcoxon's signed ranks: p %s",
            c.better(), c.worse(), p(c.wilcoxonP(), 1e-6)));
        return 0;
    }

    /** No test of this kind gives an exact zero. */
    private static String p(double value, double smallest) {
        return value < smallest ? String.format(Locale.ROOT, "< %.1g", smallest) : String.format(Locale.ROOT, "= %.4g", value);
    }

    private static Map<String, Object> json(String first, String second, PairedComparison c) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("first", first);
        json.put("second", second);
        json.put("pictures", c.pictures());
        json.put("first_miou", c.first());
        json.put("second_miou", c.second());
        json.put("difference", c.second() - c.first());
        json.put("difference_low", c.difference().low());
        json.put("difference_high", c.difference().high());
        json.put("bootstrap_p", c.bootstrapP());
        json.put("better", c.better());
        json.put("worse", c.worse());
        json.put("wilcoxon_p", c.wilcoxonP());
        return json;
    }
}
