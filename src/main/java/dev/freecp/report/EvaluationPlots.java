package dev.freecp.report;

import dev.freecp.evaluate.Evaluation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Plots of what a run varied, each drawn over one of its numbers, with a line for every combination of the others. */
public final class EvaluationPlots {

    private static final String BASELINE = "none";

    /** What may be varied along an axis. */
    private enum Axis {
        ABSENT("absent_words", "words that are in no picture", "mIoU over the number of absent words"),
        TAU_R("tau_r", "threshold of redundancy purification", "mIoU over tau-r"),
        TAU_A("tau_a", "threshold of ambiguity purification", "mIoU over tau-a");

        private final String key;
        private final String label;
        private final String title;

        Axis(String key, String label, String title) {
            this.key = key;
            this.label = label;
            this.title = title;
        }
    }

    private EvaluationPlots() {
    }

    /** File name to SVG: {@code absent_words.svg}, {@code tau_r.svg}, {@code tau_a.svg}, those that there are. */
    public static Map<String, String> of(Evaluation evaluation) {
        Map<String, String> plots = new LinkedHashMap<>();
        for (Axis axis : Axis.values()) {
            List<LinePlot.Series> series = series(evaluation, axis);
            if (!series.isEmpty()) plots.put(axis.key + ".svg", new LinePlot(axis.title, axis.label, "mIoU, %", series).svg());
        }
        return plots;
    }

    private static List<LinePlot.Series> series(Evaluation evaluation, Axis axis) {
        Map<Map<String, Object>, List<double[]>> lines = new LinkedHashMap<>();
        for (int run = 0; run < evaluation.runs().size(); run++) {
            Map<String, Object> others = new LinkedHashMap<>(evaluation.runs().get(run).facts());
            double x = ((Number) others.remove(axis.key)).doubleValue();
            lines.computeIfAbsent(others, _ -> new ArrayList<>()).add(new double[] {x, evaluation.totals(run).confusion().meanIou()});
        }
        lines.values().removeIf(points -> points.size() < 2);
        Set<String> varied = varied(lines.keySet());
        List<String> colors = new ArrayList<>(new LinkedHashSet<>(lines.keySet().stream().map(EvaluationPlots::color).toList()));
        List<LinePlot.Series> series = new ArrayList<>();
        lines.forEach((facts, points) -> {
            points.sort((a, b) -> Double.compare(a[0], b[0]));
            series.add(new LinePlot.Series(name(facts, varied), colors.indexOf(color(facts)), facts.get("steps").equals(BASELINE),
                points.stream().mapToDouble(p -> p[0]).toArray(), points.stream().mapToDouble(p -> p[1]).toArray()));
        });
        return series;
    }

    /** Lines that differ only in their steps share a colour. */
    private static String color(Map<String, Object> facts) {
        return facts.get("method") + " " + facts.get("text") + " " + facts.get("oracle");
    }

    /** Choices that are not the same for all lines; method and steps always tell lines apart. */
    private static Set<String> varied(Set<Map<String, Object>> lines) {
        Set<String> varied = new LinkedHashSet<>(List.of("method", "steps"));
        for (Map<String, Object> a : lines) for (Map<String, Object> b : lines) a.forEach((key, value) -> {
            if (!value.equals(b.get(key))) varied.add(key);
        });
        return varied;
    }

    private static String name(Map<String, Object> facts, Set<String> varied) {
        List<String> parts = new ArrayList<>(List.of(facts.get("method") + " " + facts.get("steps")));
        for (String key : varied) if (!key.equals("method") && !key.equals("steps")) parts.add(key + " " + facts.get(key));
        return String.join(", ", parts);
    }
}
