package dev.freecp.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/**
 * Lines over a common axis as one SVG element, with ticks, grid, legend and a description for those who cannot see it. It brings its own background,
 * light or dark as the reader's screen is, so that it can stand in a page or in a file.
 *
 * @param title  above the plot
 * @param xLabel below it
 * @param yLabel beside it
 * @param series drawn in order
 */
public record LinePlot(String title, String xLabel, String yLabel, List<Series> series) {

    private static final int LEFT = 58, TOP = 44, WIDTH = 460, HEIGHT = 300, LEGEND = 230, LEGEND_ROW = 18, BOTTOM = 52;
    private static final int MOST_TICKS = 8;

    /** Told apart and readable, 3 to 1 at least, on both backgrounds. */
    public static final List<String> COLORS = List.of("#2f7ed8", "#d0661b", "#23925a", "#9b5de5", "#d6406b", "#128ea6", "#8a7f1e", "#7f7f7f");
    static final String LIGHT = "#ffffff", DARK = "#16181c";

    /** Of every plot. */
    public static final String STYLE = """
        <style>
        .plot .back { fill: %s } .plot text { fill: #222 } .plot .grid { stroke: #ddd } .plot .axis { stroke: #888 }
        @media (prefers-color-scheme: dark) { .plot .back { fill: %s } .plot text { fill: #ddd } .plot .grid { stroke: #3a3d44 } }
        </style>
        """.formatted(LIGHT, DARK);

    /**
     * A line.
     *
     * @param name   in the legend
     * @param color  number of its colour; they begin anew when there are no more
     * @param dashed how it is told from another of the same colour
     * @param x      increasing
     * @param y      as many; what is no number is left out
     */
    public record Series(String name, int color, boolean dashed, double[] x, double[] y) {
    }

    /** A range of an axis with ticks at round numbers. */
    private record Axis(double low, double high, double step) {

        static Axis over(DoubleStream values) {
            double[] v = values.filter(Double::isFinite).toArray();
            double low = DoubleStream.of(v).min().orElse(0), high = DoubleStream.of(v).max().orElse(1), step = step(high > low ? high - low : 1);
            return new Axis(Math.floor(low / step) * step, Math.max(Math.ceil(high / step), Math.floor(low / step) + 1) * step, step);
        }

        private static double step(double range) {
            double power = Math.pow(10, Math.floor(Math.log10(range / MOST_TICKS)));
            for (double factor : new double[] {1, 2, 5}) if (range / (factor * power) <= MOST_TICKS) return factor * power;
            return 10 * power;
        }

        int ticks() {
            return (int) Math.round((high - low) / step);
        }

        double tick(int i) {
            return low + i * step;
        }

        double share(double value) {
            return (value - low) / (high - low);
        }
    }

    /** The element. */
    public String svg() {
        Axis x = Axis.over(series.stream().flatMapToDouble(s -> DoubleStream.of(s.x))),
            y = Axis.over(series.stream().flatMapToDouble(s -> DoubleStream.of(s.y)));
        int width = LEFT + WIDTH + LEGEND, height = Math.max(TOP + HEIGHT + BOTTOM, TOP + series.size() * LEGEND_ROW + BOTTOM);
        StringBuilder svg = new StringBuilder();
        svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"plot\" role=\"img\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" "
            .formatted(width, height, width, height)).append("font-family=\"sans-serif\" font-size=\"12\">\n");
        svg.append("<title>").append(Markup.escape(description(x))).append("</title>\n").append(STYLE);
        svg.append("<rect class=\"back\" width=\"100%\" height=\"100%\"/>\n");
        svg.append("<text x=\"%d\" y=\"22\" font-size=\"15\">%s</text>\n".formatted(LEFT, Markup.escape(title)));
        grid(svg, x, y);
        for (int i = 0; i < series.size(); i++) line(svg, x, y, i);
        return svg.append("</svg>\n").toString();
    }

    /** {@code mIoU over the number of absent words from 0 to 200. sclip none 57.4 to 34.9; ...}. */
    private String description(Axis x) {
        String lines = series.stream().map(s -> s.name + " " + ends(s.y)).collect(Collectors.joining("; "));
        return title + " from " + number(x.low) + " to " + number(x.high) + ". " + lines + ".";
    }

    private static String ends(double[] y) {
        double[] numbers = DoubleStream.of(y).filter(Double::isFinite).toArray();
        return numbers.length == 0 ? "without scores" : String.format(Locale.ROOT, "%.1f to %.1f", numbers[0], numbers[numbers.length - 1]);
    }

    private void grid(StringBuilder svg, Axis x, Axis y) {
        int bottom = TOP + HEIGHT;
        for (int i = 0; i <= y.ticks(); i++) {
            double at = bottom - HEIGHT * y.share(y.tick(i));
            svg.append("<path class=\"grid\" d=\"M%d %sh%d\"/><text x=\"%d\" y=\"%s\" text-anchor=\"end\">%s</text>\n"
                .formatted(LEFT, Markup.at(at), WIDTH, LEFT - 8, Markup.at(at + 4), number(y.tick(i))));
        }
        for (int i = 0; i <= x.ticks(); i++) {
            double at = LEFT + WIDTH * x.share(x.tick(i));
            svg.append("<path class=\"axis\" d=\"M%s %dv5\"/><text x=\"%s\" y=\"%d\" text-anchor=\"middle\">%s</text>\n"
                .formatted(Markup.at(at), bottom, Markup.at(at), bottom + 19, number(x.tick(i))));
        }
        svg.append("<path class=\"axis\" d=\"M%d %dh%d\"/>\n".formatted(LEFT, bottom, WIDTH));
        svg.append("<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>\n".formatted(LEFT + WIDTH / 2, bottom + 40, Markup.escape(xLabel)));
        svg.append("<text transform=\"translate(16 %d) rotate(-90)\" text-anchor=\"middle\">%s</text>\n"
            .formatted(TOP + HEIGHT / 2, Markup.escape(yLabel)));
    }

    private void line(StringBuilder svg, Axis x, Axis y, int number) {
        Series s = series.get(number);
        String color = COLORS.get(s.color % COLORS.size()), dash = s.dashed ? " stroke-dasharray=\"5 4\"" : "";
        StringBuilder path = new StringBuilder(), dots = new StringBuilder();
        for (int i = 0; i < s.x.length; i++) {
            if (!Double.isFinite(s.y[i])) continue;
            String px = Markup.at(LEFT + WIDTH * x.share(s.x[i])), py = Markup.at(TOP + HEIGHT - HEIGHT * y.share(s.y[i]));
            path.append(path.isEmpty() ? "M" : "L").append(px).append(' ').append(py);
            dots.append("<circle cx=\"%s\" cy=\"%s\" r=\"3\" fill=\"%s\"/>".formatted(px, py, color));
        }
        svg.append("<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"%s/>%s\n".formatted(path, color, dash, dots));
        int row = TOP + 10 + number * LEGEND_ROW, left = LEFT + WIDTH + 16;
        svg.append("<path d=\"M%d %dh24\" stroke=\"%s\" stroke-width=\"2\"%s/><text x=\"%d\" y=\"%d\">%s</text>\n".formatted(left, row, color, dash,
            left + 30, row + 4, Markup.escape(s.name)));
    }

    /** Without a tail of zeros. */
    private static String number(double value) {
        String text = String.format(Locale.ROOT, "%.4f", value).replaceAll("\\.?0+$", "");
        return text.equals("-0") ? "0" : text;
    }
}
