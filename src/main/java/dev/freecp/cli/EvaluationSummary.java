package dev.freecp.cli;

import dev.freecp.evaluate.Bootstrap;
import dev.freecp.evaluate.Evaluation;
import dev.freecp.evaluate.RegionSize;
import dev.freecp.evaluate.Totals;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The scores of an evaluation as lines for people. */
final class EvaluationSummary {

    private static final int CONFUSED = 5;

    private EvaluationSummary() {
    }

    /** One line a run; for a single run also its classes and what it takes for what. */
    static List<String> of(Evaluation evaluation) {
        int width = evaluation.runs().stream().mapToInt(run -> run.name().length()).max().orElse(0);
        List<String> lines = new ArrayList<>();
        for (int run = 0; run < evaluation.runs().size(); run++) lines.add(line(evaluation, run, width));
        if (evaluation.runs().size() == 1) lines.addAll(details(evaluation));
        return lines;
    }

    private static String line(Evaluation evaluation, int run, int width) {
        Totals totals = evaluation.totals(run);
        Bootstrap.Interval interval = evaluation.interval(run);
        return String.format(Locale.ROOT, "%-" + width + "s  mIoU %5.2f [%.2f, %.2f]  mAcc %5.2f  aAcc %5.2f  boundary %5.2f",
            evaluation.runs().get(run).name(), totals.confusion().meanIou(), interval.low(), interval.high(), totals.confusion().meanAccuracy(),
            totals.confusion().pixelAccuracy(), totals.meanBoundaryIou());
    }

    private static List<String> details(Evaluation evaluation) {
        Totals totals = evaluation.totals(0);
        List<String> lines = new ArrayList<>();
        int width = evaluation.labels().stream().mapToInt(String::length).max().orElse(0);
        for (int c = 0; c < totals.classes(); c++)
            lines.add(String.format(Locale.ROOT, "  %-" + width + "s  IoU %6s  accuracy %6s", evaluation.labels().get(c),
                score(totals.confusion().iou(c)), score(totals.confusion().accuracy(c))));
        lines.add(String.format(Locale.ROOT, "  by size of regions: small %s, medium %s, large %s; classes at zero: %.0f %%",
            score(totals.meanIou(RegionSize.SMALL)), score(totals.meanIou(RegionSize.MEDIUM)), score(totals.meanIou(RegionSize.LARGE)),
            totals.zeroShare()));
        for (Totals.Confused pair : totals.confused(CONFUSED))
            lines.add(String.format(Locale.ROOT, "  %s taken for %s: %,d pixels",
                name(evaluation, pair.truth()), name(evaluation, pair.prediction()), pair.pixels()));
        return lines;
    }

    private static String name(Evaluation evaluation, int c) {
        return c < evaluation.labels().size() ? evaluation.labels().get(c) : "a word that is no class";
    }

    private static String score(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.2f", value);
    }
}
