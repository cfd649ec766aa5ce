package dev.freecp.report;

import static dev.freecp.report.Markup.score;

import dev.freecp.evaluate.Bootstrap;
import dev.freecp.evaluate.ConfusionMatrix;
import dev.freecp.evaluate.Evaluation;
import dev.freecp.evaluate.RegionSize;
import dev.freecp.evaluate.Totals;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * An evaluation as one HTML page that needs nothing else: a table of all runs, plots of what was varied, and for each run its classes and confusions.
 * Light or dark as the reader's screen is.
 */
public final class EvaluationPage {

    private static final int CONFUSED = 10;
    private static final int MOST_CLASSES_IN_A_MATRIX = 60;
    private static final String STYLE = """
        :root { color-scheme: light dark; --text: #222; --back: #fff; --line: #ddd; --bar: #5b8cc4 }
        @media (prefers-color-scheme: dark) { :root { --text: #ddd; --back: #16181c; --line: #3a3d44; --bar: #4673a8 } }
        body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem;
            color: var(--text); background: var(--back) }
        table { border-collapse: collapse; margin: 1rem 0; display: block; overflow-x: auto }
        th, td { padding: .2rem .7rem; text-align: right; border-bottom: 1px solid var(--line) }
        th:first-child, td:first-child { text-align: left }
        td.bar { text-align: left; min-width: 12rem } td.bar div { background: var(--bar); height: .8rem }
        table.matrix td { width: .8rem; min-width: .8rem; height: .8rem; padding: 0; border: 1px solid var(--line) }
        summary { cursor: pointer; font-weight: 600; margin: .6rem 0 }
        dt { font-weight: 600; float: left; min-width: 9rem } dd { margin-left: 9.5rem; overflow-wrap: anywhere }
        svg { max-width: 100%; height: auto }
        """;

    private final Evaluation evaluation;
    private final StringBuilder html = new StringBuilder();

    private EvaluationPage(Evaluation evaluation) {
        this.evaluation = evaluation;
    }

    /** The page. */
    public static String of(Evaluation evaluation) {
        return new EvaluationPage(evaluation).page();
    }

    private String page() {
        Object data = evaluation.manifest().get("data") instanceof Map<?, ?> map ? map.get("name") : "data";
        String title = "FreeCP on " + Markup.escape(String.valueOf(data)) + ", " + evaluation.pictures().size() + " pictures";
        html.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
            .append("<meta name=\"viewport\" content=\"width=device-width\"><title>").append(title).append("</title>\n<style>\n")
            .append(STYLE).append("</style></head><body>\n");
        html.append("<h1>").append(title).append("</h1>\n");
        runs();
        EvaluationPlots.of(evaluation).values().forEach(html::append);
        html.append("<h2>Classes</h2>\n");
        for (int run = 0; run < evaluation.runs().size(); run++) details(run);
        html.append("<h2>Where the numbers come from</h2>\n");
        facts(evaluation.manifest());
        facts(Map.of("data SHA-256", evaluation.dataSha256()));
        facts(evaluation.settings());
        return html.append("</body></html>\n").toString();
    }

    private void runs() {
        html.append("<table><tr><th>run</th><th>mIoU</th><th>95 %</th><th>mAcc</th><th>aAcc</th><th>boundary</th>");
        for (RegionSize size : RegionSize.values()) html.append("<th>").append(name(size)).append("</th>");
        html.append("<th>at zero</th></tr>\n");
        for (int run = 0; run < evaluation.runs().size(); run++) {
            Totals totals = evaluation.totals(run);
            Bootstrap.Interval interval = evaluation.interval(run);
            row(evaluation.runs().get(run).name(),
                score(totals.confusion().meanIou()), score(interval.low()) + " – " + score(interval.high()),
                score(totals.confusion().meanAccuracy()), score(totals.confusion().pixelAccuracy()), score(totals.meanBoundaryIou()),
                score(totals.meanIou(RegionSize.SMALL)), score(totals.meanIou(RegionSize.MEDIUM)), score(totals.meanIou(RegionSize.LARGE)),
                String.format(Locale.ROOT, "%.0f %%", totals.zeroShare()));
        }
        html.append("</table>\n<p>Percent. 95 %: bootstrap over pictures. boundary: near contours only. ")
            .append("small, medium, large: by connected regions of the truth, below 32² and 96² pixels. ")
            .append("at zero: share of the classes in the truth of which no pixel was found.</p>\n");
    }

    private void row(String... cells) {
        html.append("<tr>");
        for (String cell : cells) html.append("<td>").append(Markup.escape(cell)).append("</td>");
        html.append("</tr>\n");
    }

    private void details(int run) {
        Totals totals = evaluation.totals(run);
        ConfusionMatrix confusion = totals.confusion();
        html.append(evaluation.runs().size() == 1 ? "<details open>" : "<details>").append("<summary>")
            .append(Markup.escape(evaluation.runs().get(run).name())).append("</summary>\n");
        html.append("<table><tr><th>class</th><th></th><th>IoU</th><th>accuracy</th><th>boundary</th><th>true pixels</th><th>predicted</th></tr>\n");
        for (int c = 0; c < totals.classes(); c++) {
            double iou = confusion.iou(c);
            html.append("<tr><td>").append(Markup.escape(evaluation.labels().get(c))).append("</td><td class=\"bar\"><div style=\"width:")
                .append(Markup.at(Double.isNaN(iou) ? 0 : iou)).append("%\"></div></td>");
            List<String> cells = List.of(score(iou), score(confusion.accuracy(c)), score(totals.boundaryIou(c)),
                count(confusion.truthPixels(c)), count(confusion.predictedPixels(c)));
            for (String cell : cells) html.append("<td>").append(cell).append("</td>");
            html.append("</tr>\n");
        }
        html.append("</table>\n");
        confused(totals);
        if (totals.classes() <= MOST_CLASSES_IN_A_MATRIX) matrix(totals);
        html.append("</details>\n");
    }

    private void confused(Totals totals) {
        html.append("<table><tr><th>truth</th><th>taken for</th><th>pixels</th></tr>\n");
        for (Totals.Confused pair : totals.confused(CONFUSED))
            row(EvaluationJson.label(evaluation, pair.truth()), EvaluationJson.label(evaluation, pair.prediction()), count(pair.pixels()));
        html.append("</table>\n");
    }

    /** Each row of the confusion matrix as shades of its share. */
    private void matrix(Totals totals) {
        html.append("<p>Confusion: rows are the truth, columns the prediction in the same order, the last column words that are no class. ")
            .append("Blue is right, red is wrong.</p><table class=\"matrix\">\n");
        long[][] rows = totals.confusion().rows();
        for (int truth = 0; truth < totals.classes(); truth++) {
            long all = Arrays.stream(rows[truth]).sum();
            html.append("<tr><th>").append(Markup.escape(evaluation.labels().get(truth))).append("</th>");
            for (int prediction = 0; prediction <= totals.classes(); prediction++) {
                double share = all == 0 ? 0 : (double) rows[truth][prediction] / all;
                html.append("<td title=\"").append(Markup.escape(EvaluationJson.label(evaluation, prediction))).append(' ')
                    .append(score(100 * share)).append(" %\" style=\"background:").append(shade(share, truth == prediction)).append("\"></td>");
            }
            html.append("</tr>\n");
        }
        html.append("</table>\n");
    }

    /** Blue where the prediction is right, red where it is wrong, and more opaque for larger shares; the square root makes small ones visible. */
    private static String shade(double share, boolean right) {
        return (right ? "rgb(40 100 235 / " : "rgb(220 50 47 / ") + Math.round(100 * Math.sqrt(share)) + "%)";
    }

    private void facts(Map<String, Object> facts) {
        html.append("<dl>\n");
        facts.forEach((key, value) -> html.append("<dt>").append(Markup.escape(key)).append("</dt><dd>")
            .append(Markup.escape(text(value))).append("</dd>\n"));
        html.append("</dl>\n");
    }

    private static String text(Object value) {
        if (!(value instanceof Map<?, ?> map)) return String.valueOf(value);
        return map.entrySet().stream().map(entry -> entry.getKey() + " " + text(entry.getValue())).collect(Collectors.joining(", "));
    }

    private static String name(RegionSize size) {
        return size.name().toLowerCase(Locale.ROOT);
    }

    private static String count(long pixels) {
        return String.format(Locale.ROOT, "%,d", pixels);
    }
}
