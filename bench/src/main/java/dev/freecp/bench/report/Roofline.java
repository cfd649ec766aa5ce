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
        double left = decade(points.stream().mapToDouble(Point::intensity).min().orElseThrow(), false), right = decade(points.stream().mapToDouble(Point::intensity).max().orElseThrow(), true);
        double low = decade(Math.min(points.stream().mapToDouble(Point::rate).min().orElseThrow(), memory * Math.pow(10, left)), false), high = decade(arithmetic, true);
        int width = LEFT + WIDTH + NAMES, height = TOP + Math.max(HEIGHT, points.size() * ROW) + BOTTOM;
        StringBuilder svg = new StringBuilder("<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"plot\" role=\"img\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" "
            .formatted(width, height, width, height)).append("font-family=\"sans-serif\" font-size=\"12\">\n<title>Roofline</title>\n").append(LinePlot.STYLE)
            .append("<rect class=\"back\" width=\"100%\" height=\"100%\"/>\n<text x=\"").append(LEFT).append("\" y=\"22\" font-size=\"15\">Operations under the machine's roof, one thread</text>\n");
        for (double x = left; x <= right; x++)
            svg.append("<path class=\"grid\" d=\"M%s %dv%d\"/><text x=\"%s\" y=\"%d\" text-anchor=\"middle\">%s</text>\n".formatted(x(x, left, right), TOP, HEIGHT, x(x, left, right), TOP + HEIGHT + 19, power(x)));
        for (double y = low; y <= high; y++)
            svg.append("<path class=\"grid\" d=\"M%d %sh%d\"/><text x=\"%d\" y=\"%s\" text-anchor=\"end\">%s</text>\n".formatted(LEFT, y(y, low, high), WIDTH, LEFT - 8, y(y, low, high), power(y)));
        svg.append("<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">operations for each byte that must move</text>\n".formatted(LEFT + WIDTH / 2, TOP + HEIGHT + 40));
        svg.append("<text transform=\"translate(16 %d) rotate(-90)\" text-anchor=\"middle\">GFLOP/s</text>\n".formatted(TOP + HEIGHT / 2));
        double ridge = Math.clamp(Math.log10(arithmetic / memory), left, right);
        svg.append("<path class=\"axis\" fill=\"none\" stroke-width=\"2\" d=\"M%s %sL%s %sL%s %s\"/>\n".formatted(x(left, left, right), y(Math.log10(memory) + left, low, high), x(ridge, left, right),
            y(Math.min(Math.log10(memory) + ridge, Math.log10(arithmetic)), low, high), x(right, left, right), y(Math.log10(arithmetic), low, high)));
        for (int i = 0; i < points.size(); i++) point(svg, i, x(Math.log10(points.get(i).intensity), left, right), y(Math.log10(points.get(i).rate), low, high));
        return svg.append("</svg>\n").toString();
    }

    private void point(StringBuilder svg, int i, String x, String y) {
        String color = LinePlot.COLORS.get(i % LinePlot.COLORS.size()), name = String.format(Locale.ROOT, "%d %s, %.1f", i + 1, points.get(i).name, points.get(i).rate);
        svg.append("<circle cx=\"%s\" cy=\"%s\" r=\"4\" fill=\"%s\"/><text x=\"%s\" y=\"%s\" dx=\"6\" dy=\"-4\">%d</text><text x=\"%d\" y=\"%d\">%s</text>\n"
            .formatted(x, y, color, x, y, i + 1, LEFT + WIDTH + 16, TOP + 10 + i * ROW, Markup.escape(name)));
    }

    private static double decade(double value, boolean up) {
        return up ? Math.ceil(Math.log10(value)) : Math.floor(Math.log10(value));
    }

    private static String x(double log, double left, double right) {
        return Markup.at(LEFT + WIDTH * (log - left) / Math.max(1, right - left));
    }

    private static String y(double log, double low, double high) {
        return Markup.at(TOP + HEIGHT - HEIGHT * (log - low) / Math.max(1, high - low));
    }

    private static String power(double log) {
        return String.format(Locale.ROOT, log < 0 ? "%.2g" : "%.0f", Math.pow(10, log));
    }
}
