package dev.freecp.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Groups of horizontal bars from zero as one SVG element, with a legend and each bar's number behind it. Colours and backgrounds are {@link LinePlot}'s.
 *
 * @param title above the plot
 * @param unit  of all bars
 * @param rows  from top to bottom
 */
public record BarPlot(String title, String unit, List<Row> rows) {

    private static final int TOP = 40, LEAST_NAMES = 200, LETTER = 7, WIDTH = 460, NOTES = 300, BAR = 16, GAP = 8, LEGEND_ROW = 18, BOTTOM = 12;

    /**
     * Bars that are compared with each other.
     *
     * @param name beside them
     * @param bars at least one
     */
    public record Row(String name, List<Bar> bars) {
    }

    /**
     * A bar.
     *
     * @param who   whose it is: bars of one name have one colour
     * @param value not negative
     * @param note  behind the number, or empty
     */
    public record Bar(String who, double value, String note) {
    }

    /** The element. */
    public String svg() {
        List<String> names = names();
        double most = rows.stream().flatMap(row -> row.bars.stream()).mapToDouble(Bar::value).max().orElse(1), scale = most > 0 ? WIDTH / most : 0;
        int legend = TOP + names.size() * LEGEND_ROW, bars = rows.stream().mapToInt(row -> row.bars.size() * BAR + GAP).sum();
        int left = nameWidth(), width = left + WIDTH + NOTES, height = legend + bars + BOTTOM;
        StringBuilder svg = new StringBuilder();
        svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"plot\" role=\"img\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" "
            .formatted(width, height, width, height)).append("font-family=\"sans-serif\" font-size=\"12\">\n");
        svg.append("<title>").append(Markup.escape(title)).append("</title>\n").append(LinePlot.STYLE);
        svg.append("<rect class=\"back\" width=\"100%\" height=\"100%\"/>\n");
        svg.append("<text x=\"%d\" y=\"22\" font-size=\"15\">%s</text>\n".formatted(left, Markup.escape(title + ", " + unit)));
        for (int i = 0; i < names.size(); i++) {
            int y = TOP + i * LEGEND_ROW;
            svg.append("<rect x=\"%d\" y=\"%d\" width=\"12\" height=\"12\" fill=\"%s\"/><text x=\"%d\" y=\"%d\">%s</text>\n"
                .formatted(left, y - 4, color(i), left + 18, y + 6, Markup.escape(names.get(i))));
        }
        int y = legend;
        for (Row row : rows) {
            svg.append("<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>\n".formatted(left - 8, y + row.bars.size() * BAR / 2 + 4, Markup.escape(row.name)));
            for (Bar bar : row.bars) {
                bar(svg, bar, left, y, scale, names.indexOf(bar.who));
                y += BAR;
            }
            y += GAP;
        }
        return svg.append("</svg>\n").toString();
    }

    private static void bar(StringBuilder svg, Bar bar, int left, int y, double scale, int color) {
        String number = String.format(Locale.ROOT, bar.value < 10 ? "%.2f" : "%.1f", bar.value), text = bar.note.isEmpty() ? number : number + ", " + bar.note;
        svg.append("<rect x=\"%d\" y=\"%d\" width=\"%s\" height=\"%d\" fill=\"%s\"/><text x=\"%s\" y=\"%d\">%s</text>\n".formatted(left, y, Markup.at(bar.value * scale),
            BAR - 2, color(color), Markup.at(left + bar.value * scale + 6), y + BAR - 4, Markup.escape(text)));
    }

    /** Room for the longest name, about. */
    private int nameWidth() {
        return Math.max(LEAST_NAMES, 8 + LETTER * rows.stream().mapToInt(row -> row.name.length()).max().orElse(0));
    }

    private static String color(int number) {
        return LinePlot.COLORS.get(number % LinePlot.COLORS.size());
    }

    private List<String> names() {
        Set<String> names = new LinkedHashSet<>();
        rows.forEach(row -> row.bars.forEach(bar -> names.add(bar.who)));
        return new ArrayList<>(names);
    }
}
