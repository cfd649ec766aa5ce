package dev.freecp.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class BarPlotTest {

    private static final BarPlot PLOT = new BarPlot("tower", "windows/s", List.of(
        new BarPlot.Row("batch 6", List.of(new BarPlot.Bar("ours", 300, "40 % of peak"), new BarPlot.Bar("<theirs>", 150, ""))),
        new BarPlot.Row("batch 24", List.of(new BarPlot.Bar("ours", 600, "")))));

    /** Bars are the rectangles that have another height than the legend's squares. */
    private static List<double[]> bars(String svg) {
        Matcher bar = Pattern.compile("<rect x=\"\\d+\" y=\"\\d+\" width=\"([\\d.]+)\" height=\"14\"").matcher(svg);
        return bar.results().map(found -> new double[] {Double.parseDouble(found.group(1))}).toList();
    }

    @Test
    void barsAreAsLongAsTheirValues() {
        List<double[]> bars = bars(PLOT.svg());
        assertEquals(3, bars.size());
        assertEquals(bars.get(0)[0], 2 * bars.get(1)[0], 0.2);
        assertEquals(bars.get(2)[0], 2 * bars.get(0)[0], 0.2);
    }

    @Test
    void oneNameHasOneColorAndOneLineInTheLegend() {
        String svg = PLOT.svg();
        assertEquals(3, svg.split(LinePlot.COLORS.get(0), -1).length - 1, svg);                    // two bars and the legend
        assertEquals(2, svg.split(LinePlot.COLORS.get(1), -1).length - 1, svg);
        assertEquals(1, svg.split(">ours<", -1).length - 1);
    }

    @Test
    void numbersNotesAndNamesAreThere() {
        String svg = PLOT.svg();
        for (String text : List.of(">tower, windows/s<", ">300.0, 40 % of peak<", ">150.0<", ">batch 24<", ">&lt;theirs&gt;<")) assertTrue(svg.contains(text), text);
    }

    /** A letter of this size is some six units wide. */
    @Test
    void aLongNameLiesInsideThePlot() {
        String name = "COCO Stuff's words in 80 templates, a sample", svg = new BarPlot("a", "b", List.of(new BarPlot.Row(name, List.of(new BarPlot.Bar("d", 1, ""))))).svg();
        Matcher end = Pattern.compile("x=\"(\\d+)\" y=\"\\d+\" text-anchor=\"end\"").matcher(svg);
        assertTrue(end.find() && Integer.parseInt(end.group(1)) >= 6 * name.length(), svg);
    }

    @Test
    void nothingButZerosIsAPlotToo() {
        BarPlot zeros = new BarPlot("a", "b", List.of(new BarPlot.Row("c", List.of(new BarPlot.Bar("d", 0, "")))));
        assertEquals(0, bars(zeros.svg()).getFirst()[0]);
    }
}
