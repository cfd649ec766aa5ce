package dev.freecp.bench.report;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.freecp.error.InputException;
import dev.freecp.report.BarPlot;
import dev.freecp.report.Markup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Results of one or more programs as one HTML page that needs nothing else: a plot for each group, ours beside the peers', and what it was measured on. */
final class ResultsPage {

    private static final String STYLE = """
        body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; color: #222; background: #fff }
        dt { font-weight: 600; float: left; min-width: 16rem } dd { margin-left: 16.5rem; overflow-wrap: anywhere }
        svg { max-width: 100%; height: auto; display: block; margin: 1rem 0 }
        """;

    /** Results whose bars stand together. */
    private record Chart(String group, String unit) {
    }

    private final Curves curves = new Curves();
    private final Roofline roofline = new Roofline();
    private final Map<Chart, Map<String, List<BarPlot.Bar>>> charts = new LinkedHashMap<>();
    private final Map<String, Map<?, ?>> machines = new LinkedHashMap<>();
    private final List<String> left = new ArrayList<>();

    /**
     * Adds a file.
     *
     * @throws InputException if it is not of this program or a peer
     */
    void add(Path file) throws IOException {
        try {
            Map<String, Object> json = JSON.std.mapFrom(Files.readString(file));
            machines.put(json.get("program") + ", " + file.getFileName(), (Map<?, ?>) json.get("machine"));
            for (Object result : (List<?>) json.get("results")) add((Map<?, ?>) result);
            if (json.get("left_out") instanceof List<?> list) list.forEach(what -> left.add(String.valueOf(what)));
        } catch (IOException | ClassCastException | NullPointerException e) {
            throw new InputException(file + ": results of 'freecp bench cpu', 'freecp bench gpu' or of a program in bench/peers are wanted (" + e.getMessage() + ")", e);
        }
    }

    private void add(Map<?, ?> result) {
        curves.add(result);
        roofline.add(result);
        Chart chart = new Chart((String) result.get("group"), (String) result.get("unit"));
        BarPlot.Bar bar = new BarPlot.Bar(result.get("implementation") + " " + result.get("precision"), ((Number) result.get("value")).doubleValue(),
            Results.shares((Map<?, ?>) result.get("extra")));
        charts.computeIfAbsent(chart, _ -> new LinkedHashMap<>()).computeIfAbsent((String) result.get("name"), _ -> new ArrayList<>()).add(bar);
    }

    String html() {
        StringBuilder html = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>FreeCP, measured</title>\n<style>\n")
            .append(STYLE).append("</style></head><body>\n<h1>FreeCP, measured</h1>\n<p>Medians. Shares are of what the same run measured. On a CPU rates are per second of ")
            .append("processor time, and ratios compare calls of the same round. Seconds and microseconds: less is better; everything else: more.</p>\n");
        charts.forEach((chart, rows) -> {
            List<BarPlot.Row> bars = rows.entrySet().stream().map(row -> new BarPlot.Row(row.getKey(), row.getValue())).toList();
            html.append(new BarPlot(chart.group, chart.unit, bars).svg());
        });
        curves.plots().forEach(plot -> html.append(plot.svg()));
        html.append(roofline.svg());
        if (!left.isEmpty()) {
            html.append("<h2>Left out</h2>\n<ul>\n");
            left.forEach(what -> html.append("<li>").append(Markup.escape(what)).append("</li>\n"));
            html.append("</ul>\n");
        }
        machines.forEach((name, facts) -> {
            html.append("<h2>").append(Markup.escape(name)).append("</h2>\n<dl>\n");
            facts.forEach((key, value) -> html.append("<dt>%s</dt><dd>%s</dd>\n".formatted(Markup.escape(String.valueOf(key)), Markup.escape(String.valueOf(value)))));
            html.append("</dl>\n");
        });
        return html.append("</body></html>\n").toString();
    }
}
