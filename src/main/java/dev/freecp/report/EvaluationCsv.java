package dev.freecp.report;

import dev.freecp.evaluate.ConfusionMatrix;
import dev.freecp.evaluate.Evaluation;
import dev.freecp.evaluate.RegionSize;
import dev.freecp.evaluate.Totals;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The scores of an evaluation as one table (RFC 4180): a row for each class of each run, and before them one for the run with an empty class. */
public final class EvaluationCsv {

    private EvaluationCsv() {
    }

    /** The table with its heading. */
    public static String of(Evaluation evaluation) {
        List<String> heading = new ArrayList<>(List.of("run", "class", "iou", "accuracy", "boundary_iou"));
        for (RegionSize size : RegionSize.values()) heading.add("iou_" + size.name().toLowerCase(Locale.ROOT));
        heading.addAll(List.of("truth", "predicted"));
        StringBuilder csv = new StringBuilder(line(heading));
        for (int run = 0; run < evaluation.runs().size(); run++) {
            Totals totals = evaluation.totals(run);
            csv.append(line(whole(evaluation.runs().get(run).name(), totals)));
            for (int c = 0; c < totals.classes(); c++)
                csv.append(line(row(evaluation.runs().get(run).name(), evaluation.labels().get(c), totals, c)));
        }
        return csv.toString();
    }

    private static List<String> whole(String run, Totals totals) {
        List<String> row = new ArrayList<>(List.of(run, "", number(totals.confusion().meanIou()), number(totals.confusion().meanAccuracy()),
            number(totals.meanBoundaryIou())));
        for (RegionSize size : RegionSize.values()) row.add(number(totals.meanIou(size)));
        row.addAll(List.of("", ""));
        return row;
    }

    private static List<String> row(String run, String name, Totals totals, int c) {
        ConfusionMatrix confusion = totals.confusion();
        List<String> row = new ArrayList<>(
            List.of(run, name, number(confusion.iou(c)), number(confusion.accuracy(c)), number(totals.boundaryIou(c))));
        for (RegionSize size : RegionSize.values()) row.add(number(totals.iou(c, size)));
        row.addAll(List.of(Long.toString(confusion.truthPixels(c)), Long.toString(confusion.predictedPixels(c))));
        return row;
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.4f", value);
    }

    private static String line(List<String> fields) {
        return fields.stream().map(EvaluationCsv::field).collect(Collectors.joining(",")) + "\r\n";
    }

    private static String field(String text) {
        return text.matches("[^\",\r\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
