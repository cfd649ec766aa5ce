package dev.freecp.bench.report;

import dev.freecp.report.LinePlot;
import dev.freecp.report.Markup;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Rates of operations over how much they compute for each byte that must move, under the roof of what the machine can do: memory's bandwidth times that, and no more
 * than its arithmetic. Both axes are logarithmic.
 */
final class Roofline {

    private static final int LEFT = 58, TOP = 44, WIDTH = 560, HEIGHT = 320, NAMES = 250, BOTTOM = 52, ROW = 18;

    private record Point(String name, double intensity, double rate) {
    }

    private final List<Point> points = new ArrayList<>();
    private double arithmetic;
    private double memory;

    /** One thread's only. */
    void add(Map<?, ?> result) {
        Map<?, ?> extra = (Map<?, ?>) result.get("extra");
        if (!(extra.get("threads") instanceof Number threads) || threads.intValue() != 1) return;
        double value = ((Number) result.get("value")).doubleValue();
        if ("ceilings".equals(result.get("group")) && "GFLOP/s".equals(result.get("unit"))) arithmetic = value;
        if ("ceilings".equals(result.get("group")) && "GB/s".equals(result.get("unit"))) memory = value;
        if (extra.get("FLOP a byte") instanceof Number intensity) points.add(new Point(String.valueOf(result.get("name")), intensity.doubleValue(), value));
    }

    /** The element; empty without operations or without a roof. */
    String svg() {
        if (points.isEmpty() || arithmetic == 0 || memory == 0) return "";
        double left = points.stream().mapToDouble(Point::intensity).map(v -> decade(v, false)).min().orElseThrow();
        double right = points.stream().mapToDouble(Point::intensity).map(v -> decade(v, true)).max().orElseThrow();
        double slowest = points.stream().mapToDouble(Point::rate).min().orElseThrow();
        return new Plot(left, right, decade(Math.min(slowest, memory * Math.pow(10, left)), false), decade(arithmetic, true)).svg();
    }

    private static double decade(double value, boolean up) {
        return up ? Math.ceil(Math.log10(value)) : Math.floor(Math.log10(value));
    }

    /** Ranges of the axes, as powers of ten. */
    private final class Plot {
        private final double left;
        private final double right;
        private final double low;
        private final double high;
        private final StringBuilder svg = new StringBuilder();

        Plot(double left, double right, double low, double high) {
            this.left = left;
            this.right = right;
            this.low = low;
            this.high = high;
        }

        String svg() {
            int width = LEFT + WIDTH + NAMES, height = TOP + Math.max(HEIGHT, points.size() * ROW) + BOTTOM;
            svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"plot\" role=\"img\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" "
                .formatted(width, height, width, height)).append("font-family=\"sans-serif\" font-size=\"12\">\n<title>Roofline</title>\n").append(LinePlot.STYLE)
                .append("<rect class=\"back\" width=\"100%\" height=\"100%\"/>\n");
            svg.append("<text x=\"%d\" y=\"22\" font-size=\"15\">Operations under the machine's roof, one thread</text>\n".formatted(LEFT));
            grid();
            roof();
            for (int i = 0; i < points.size(); i++) point(i);
            return svg.append("</svg>\n").toString();
        }

        private void grid() {
            int bottom = TOP + HEIGHT;
            for (double x = left; x <= right; x++)
                svg.append("<path class=\"grid\" d=\"M%s %dv%d\"/><text x=\"%s\" y=\"%d\" text-anchor=\"middle\">%s</text>\n"
                    .formatted(x(x), TOP, HEIGHT, x(x), bottom + 19, power(x)));
            for (double y = low; y <= high; y++)
                svg.append("<path class=\"grid\" d=\"M%d %sh%d\"/><text x=\"%d\" y=\"%s\" text-anchor=\"end\">%s</text>\n"
                    .formatted(LEFT, y(y), WIDTH, LEFT - 8, y(y), power(y)));
            svg.append("<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">operations for each byte that must move</text>\n".formatted(LEFT + WIDTH / 2, bottom + 40));
            svg.append("<text transform=\"translate(16 %d) rotate(-90)\" text-anchor=\"middle\">GFLOP/s</text>\n".formatted(TOP + HEIGHT / 2));
        }

        private void roof() {
            double top = Math.log10(arithmetic), slope = Math.log10(memory), ridge = Math.clamp(top - slope, left, right);
            svg.append("<path class=\"axis\" fill=\"none\" stroke-width=\"2\" d=\"M%s %sL%s %sL%s %s\"/>\n"
                .formatted(x(left), y(slope + left), x(ridge), y(Math.min(slope + ridge, top)), x(right), y(top)));
        }

        private void point(int i) {
            Point point = points.get(i);
            String color = LinePlot.COLORS.get(i % LinePlot.COLORS.size()), name = String.format(Locale.ROOT, "%d %s, %.1f", i + 1, point.name, point.rate);
            String x = x(Math.log10(point.intensity)), y = y(Math.log10(point.rate));
            svg.append("<circle cx=\"%s\" cy=\"%s\" r=\"4\" fill=\"%s\"/><text x=\"%s\" y=\"%s\" dx=\"6\" dy=\"-4\">%d</text>".formatted(x, y, color, x, y, i + 1));
            svg.append("<text x=\"%d\" y=\"%d\">%s</text>\n".formatted(LEFT + WIDTH + 16, TOP + 10 + i * ROW, Markup.escape(name)));
        }

        private String x(double log) {
            return Markup.at(LEFT + WIDTH * (log - left) / Math.max(1, right - left));
        }

        private String y(double log) {
            return Markup.at(TOP + HEIGHT - HEIGHT * (log - low) / Math.max(1, high - low));
        }

        private static String power(double log) {
            return String.format(Locale.ROOT, log < 0 ? "%.2g" : "%.0f", Math.pow(10, log));
        }
    }
}
