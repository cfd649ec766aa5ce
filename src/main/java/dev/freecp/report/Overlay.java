package dev.freecp.report;

import dev.freecp.image.LabelMap;
import dev.freecp.image.Picture;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * A picture under the colours of its labels, contours between them, and beside or under it, never on it, a legend of the classes that occur,
 * largest first. Small pictures are enlarged by whole factors.
 *
 * @param names      name of each label
 * @param background label that is shown as dimmed picture without a colour; -1 if there is none. Labels without a name are shown so as well
 */
public record Overlay(List<String> names, int background) {

    private static final int MIN_SIDE = 480;
    private static final double FADING = 0.8;
    private static final double TINT = 0.6;
    private static final double DIMMING = 0.45;
    private static final int DIMMED = 0x30363d;
    private static final double CONTOUR = 0.85;
    private static final int CONTOUR_COLOR = 0xffffff;
    private static final double PIXELS_PER_UNIT = 700;   // a legend made for a picture of about this side grows with larger ones

    public Overlay {
        names = List.copyOf(names);
    }

    /** @throws IllegalArgumentException if picture and labels differ in size */
    public Picture draw(Picture picture, LabelMap map) {
        requireSameSize(picture, map);
        int factor = Math.max(1, Math.ceilDiv(MIN_SIDE, Math.max(picture.height(), picture.width())));
        int height = factor * picture.height();
        int width = factor * picture.width();
        int unit = unit(height, width);
        Legend legend = new Legend(entries(map));

        boolean beside = width < 1.8 * height;
        int rows = beside ? Math.min(legend.size(), Legend.rowsIn(height / unit)) : Math.ceilDiv(legend.size(), legend.columnsIn(width / unit));
        int legendWidth = legend.width(Math.ceilDiv(legend.size(), rows)) * unit;
        int legendHeight = legend.height(rows) * unit;
        Canvas canvas = beside ? new Canvas(Math.max(height, legendHeight), width + legendWidth, Legend.BACKGROUND)
            : new Canvas(height + legendHeight, Math.max(width, legendWidth), Legend.BACKGROUND);
        tint(canvas, picture, map, factor);
        contours(canvas, map, factor, 2 * unit);
        legend.draw(canvas, beside ? 0 : height, beside ? width : 0, rows, unit);
        return canvas.toPicture(picture.name());
    }

    /**
     * The picture in its own size under the colours of its labels, with contours and without a legend: a frame of a video.
     *
     * @throws IllegalArgumentException if picture and labels differ in size
     */
    public Picture drawFrame(Picture picture, LabelMap map) {
        requireSameSize(picture, map);
        Canvas canvas = new Canvas(map.height(), map.width(), Legend.BACKGROUND);
        tint(canvas, picture, map, 1);
        contours(canvas, map, 1, 2 * unit(map.height(), map.width()));
        return canvas.toPicture(picture.name());
    }

    private static void requireSameSize(Picture picture, LabelMap map) {
        if (picture.height() != map.height() || picture.width() != map.width()) {
            throw new IllegalArgumentException(picture.name() + ": labels of " + map.height() + " x " + map.width()
                + " do not fit a picture of " + picture.height() + " x " + picture.width());
        }
    }

    /** How many pixels a line of the drawing is wide. */
    private static int unit(int height, int width) {
        return Math.max(1, (int) Math.round(Math.sqrt((double) height * width) / PIXELS_PER_UNIT));
    }

    List<Legend.Entry> entries(LabelMap map) {
        Map<Integer, Integer> pixels = new TreeMap<>();
        for (int label : map.labels()) pixels.merge(isNamed(label) ? label : -1, 1, Integer::sum);
        List<Legend.Entry> entries = new ArrayList<>();
        pixels.forEach((label, count) -> entries.add(new Legend.Entry(label < 0 ? "(no label)" : names.get(label), isColored(label)
            ? LabelColors.of(label) : DIMMED, (double) count / map.labels().length)));
        entries.sort(Comparator.comparingDouble(Legend.Entry::share).reversed());
        return entries;
    }

    private void tint(Canvas canvas, Picture picture, LabelMap map, int factor) {
        int[] colors = IntStream.range(0, names.size()).map(LabelColors::of).toArray();
        for (int y = 0; y < map.height(); y++) {
            for (int x = 0; x < map.width(); x++) {
                int label = map.labels()[y * map.width() + x];
                int pixel = picture.rgb(y, x);
                int color = isColored(label) ? Canvas.mix(faded(pixel), colors[label], TINT) : Canvas.mix(pixel, DIMMED, DIMMING);
                canvas.fill(factor * y, factor * x, factor, factor, color);
            }
        }
    }

    /** Most of a pixel's own colour taken out, so that a tinted area looks like its colour in the legend. */
    private static int faded(int rgb) {
        int grey = (299 * (rgb >> 16 & 0xff) + 587 * (rgb >> 8 & 0xff) + 114 * (rgb & 0xff)) / 1000;
        return Canvas.mix(rgb, grey * 0x010101, FADING);
    }

    /** Lines, {@code thickness} pixels wide, along the borders between pixels of different labels. */
    private static void contours(Canvas canvas, LabelMap map, int factor, int thickness) {
        int before = thickness / 2;
        int after = thickness - before;
        int[] above = places(map.height(), factor, -before), below = places(map.height(), factor, after);
        int[] left = places(map.width(), factor, -before), right = places(map.width(), factor, after);
        int[] labels = map.labels();
        for (int y = 0; y < above.length; y++) {
            int upper = above[y] * map.width(), lower = below[y] * map.width();
            for (int x = 0; x < left.length; x++) {
                int label = labels[upper + left[x]];
                if (labels[upper + right[x]] != label || labels[lower + left[x]] != label || labels[lower + right[x]] != label) {
                    canvas.blend(y, x, CONTOUR_COLOR, CONTOUR);
                }
            }
        }
    }

    /** For each enlarged pixel of a side the label's pixel {@code shift} away; outside, the border of the picture goes on. */
    private static int[] places(int side, int factor, int shift) {
        return IntStream.range(0, factor * side).map(place -> Math.clamp((place + shift) / factor, 0, side - 1)).toArray();
    }

    private boolean isNamed(int label) {
        return label >= 0 && label < names.size();
    }

    private boolean isColored(int label) {
        return isNamed(label) && label != background;
    }
}
