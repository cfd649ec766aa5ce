package dev.freecp.bench.report;

import dev.freecp.report.LinePlot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Results that were measured at several numbers of threads, windows in a batch or classes, as lines over these. */
final class Curves {

    /** What may vary, as results name it among their extras, in the order in which it stands in names of lines. */
    private static final List<String> AXES = List.of("batch", "classes", "threads");

    private static final String THREADS = "threads";

    /** What several threads are compared in: processor time hides what they win. */
    private static final String WALL = "on the wall";

    private record Chart(String group, String axis, String unit) {
    }

    private final Map<Chart, Map<String, TreeMap<Double, Double>>> charts = new LinkedHashMap<>();

    void add(Map<?, ?> result) {
        Map<?, ?> extra = (Map<?, ?>) result.get("extra");
        for (String axis : AXES) {
            if (!(extra.get(axis) instanceof Number at)) continue;
            Object value = axis.equals(THREADS) ? extra.get(WALL) : result.get("value");
            if (!(value instanceof Number number)) continue;
            String unit = result.get("unit") + (axis.equals(THREADS) ? " " + WALL : "");
            charts.computeIfAbsent(new Chart((String) result.get("group"), axis, unit), _ -> new LinkedHashMap<>())
                .computeIfAbsent(name(result, extra, axis), _ -> new TreeMap<>()).put(at.doubleValue(), number.doubleValue());
        }
    }

    /** Who, and all that does not vary. */
    private static String name(Map<?, ?> result, Map<?, ?> extra, String axis) {
        List<String> words = new ArrayList<>(List.of(String.valueOf(result.get("implementation")).replaceFirst(", \\d+ threads$", "")));
        if (axis.equals(THREADS)) words.add(String.valueOf(result.get("name")));
        else for (String other : AXES) if (!other.equals(axis) && extra.get(other) instanceof Number at) words.add(other + " " + at);
        return String.join(", ", words);
    }

    /** A plot for everything that has at least two points on a line. */
    List<LinePlot> plots() {
        List<LinePlot> plots = new ArrayList<>();
        charts.forEach((chart, lines) -> {
            List<LinePlot.Series> series = new ArrayList<>();
            lines.forEach((name, points) -> {
                if (points.size() > 1) series.add(new LinePlot.Series(name, series.size(), false, numbers(points.keySet()), numbers(points.values())));
            });
            if (!series.isEmpty()) plots.add(new LinePlot(chart.group + " over " + chart.axis, chart.axis, chart.unit, series));
        });
        return plots;
    }

    private static double[] numbers(Iterable<Double> values) {
        List<Double> list = new ArrayList<>();
        values.forEach(list::add);
        return list.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
