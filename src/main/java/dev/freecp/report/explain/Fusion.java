package dev.freecp.report.explain;

import dev.freecp.image.LabelMap;
import dev.freecp.image.Size;
import dev.freecp.ops.Bilinear;
import dev.freecp.ops.LabelRule;
import dev.freecp.ops.Region;
import java.util.Arrays;
import java.util.List;

/** Windows' maps (S, M, n) on the pixels of the resized picture (specification, sections 2 and 9): put together, or each window's for itself. */
final class Fusion {

    private final Size resized;
    private final List<Region> windows;
    private final Size grid;
    private final float[] maps;
    private final int mapsOfWindow;
    private final Bilinear.Taps rows;
    private final Bilinear.Taps columns;

    Fusion(Size resized, List<Region> windows, Size grid, float[] maps) {
        this.resized = resized;
        this.windows = windows;
        this.grid = grid;
        this.maps = maps;
        this.mapsOfWindow = maps.length / (windows.size() * grid.height() * grid.width());
        this.rows = Bilinear.taps(grid.height(), windows.getFirst().height());
        this.columns = Bilinear.taps(grid.width(), windows.getFirst().width());
    }

    /** A map at the centres of a raster's places: the mean of the windows there, 0 where there is none. */
    Explanation.Raster together(int map, Size raster) {
        float[] values = new float[raster.height() * raster.width()];
        for (int i = 0; i < values.length; i++) {
            int y = (int) ((i / raster.width() + 0.5) * resized.height() / raster.height());
            int x = (int) ((i % raster.width() + 0.5) * resized.width() / raster.width());
            double sum = 0;
            int cover = 0;
            for (int w = 0; w < windows.size(); w++) {
                Region at = windows.get(w);
                if (y < at.y0() || y >= at.y1() || x < at.x0() || x >= at.x1()) continue;
                sum += sample(w, map, y - at.y0(), x - at.x0());
                cover++;
            }
            values[i] = cover == 0 ? 0 : (float) (sum / cover);
        }
        return new Explanation.Raster(raster, values);
    }

    /** Labels of a window's pixels from its own maps alone; {@code alive} are those that were not removed. */
    LabelMap labels(int window, int[] alive, LabelRule rule) {
        int height = windows.get(window).height(), width = windows.get(window).width();
        int[] labels = new int[height * width];
        double[] best = new double[rule.classes()];
        for (int i = 0; i < labels.length; i++) {
            Arrays.fill(best, 0);
            for (int map : alive) {
                int c = rule.classOfMap()[map];
                best[c] = Math.max(best[c], sample(window, map, i / width, i % width));
            }
            labels[i] = label(best, rule);
        }
        return new LabelMap(height, width, labels);
    }

    private static int label(double[] scores, LabelRule rule) {
        int best = 0;
        for (int c = 1; c < scores.length; c++) if (scores[c] > scores[best]) best = c;
        return switch (rule.background()) {
            case NONE -> best;
            case ONE_MINUS_MAX -> 1 - scores[best] >= scores[best] ? 0 : best + 1;
            case THRESHOLD -> scores[best] < rule.threshold() ? 0 : best + 1;
        };
    }

    private double sample(int window, int map, int y, int x) {
        int at = (window * mapsOfWindow + map) * grid.height() * grid.width();
        int top = at + rows.first(y) * grid.width(), bottom = at + rows.second(y) * grid.width(), left = columns.first(x), right = columns.second(x);
        double a = columns.weight(x), b = rows.weight(y);
        return (1 - b) * ((1 - a) * maps[top + left] + a * maps[top + right]) + b * ((1 - a) * maps[bottom + left] + a * maps[bottom + right]);
    }

    /** (S, S): on which share of the pixels that two windows cover their labels agree; NaN where they cover none together. */
    static double[][] agreement(List<Region> windows, List<LabelMap> labels) {
        double[][] agreement = new double[windows.size()][windows.size()];
        for (int a = 0; a < agreement.length; a++)
            for (int b = 0; b < agreement.length; b++) agreement[a][b] = agreement(windows.get(a), labels.get(a), windows.get(b), labels.get(b));
        return agreement;
    }

    private static double agreement(Region a, LabelMap labelsOfA, Region b, LabelMap labelsOfB) {
        int y0 = Math.max(a.y0(), b.y0()), y1 = Math.min(a.y1(), b.y1()), x0 = Math.max(a.x0(), b.x0()), x1 = Math.min(a.x1(), b.x1());
        long same = 0, both = (long) Math.max(0, y1 - y0) * Math.max(0, x1 - x0);
        for (int y = y0; y < y1; y++)
            for (int x = x0; x < x1; x++)
                if (labelsOfA.labels()[(y - a.y0()) * labelsOfA.width() + x - a.x0()] == labelsOfB.labels()[(y - b.y0()) * labelsOfB.width() + x - b.x0()]) same++;
        return both == 0 ? Double.NaN : (double) same / both;
    }
}
