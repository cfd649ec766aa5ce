package dev.freecp.bench.study;

import dev.freecp.image.Picture;
import dev.freecp.report.Canvas;
import java.util.function.IntBinaryOperator;

/** Small pictures that a figure is put together from. */
final class Panels {

    /** From nothing to everything, as matplotlib's viridis. */
    private static final int[] HEAT = {0x440154, 0x3b528b, 0x21918c, 0x5ec962, 0xfde725};

    private Panels() {
    }

    /** @param color 0xRRGGBB of row and column */
    static Picture of(int height, int width, IntBinaryOperator color) {
        Canvas canvas = new Canvas(height, width, 0);
        for (int y = 0; y < height; y++) for (int x = 0; x < width; x++) canvas.blend(y, x, color.applyAsInt(y, x), 1);
        return canvas.toPicture("panel");
    }

    static Picture enlarged(Picture picture, int factor) {
        return of(picture.height() * factor, picture.width() * factor, (y, x) -> picture.rgb(y / factor, x / factor));
    }

    /** By nearest pixels. */
    static Picture stretched(Picture picture, int height, int width) {
        return of(height, width, (y, x) -> picture.rgb(y * picture.height() / height, x * picture.width() / width));
    }

    /** Numbers on a grid, 0 dark and {@code most} or more bright, cells {@code side} pixels wide. */
    static Picture heat(float[] values, int gridWidth, double most, int side) {
        return of(values.length / gridWidth * side, gridWidth * side, (y, x) -> heat(most > 0 ? values[y / side * gridWidth + x / side] / most : 0));
    }

    /** The same, bright where the largest is. */
    static Picture heat(float[] values, int gridWidth, int side) {
        double most = 0;
        for (float value : values) most = Math.max(most, value);
        return heat(values, gridWidth, most, side);
    }

    /** Colour of a number from 0 to 1. */
    static int heat(double value) {
        double at = Math.clamp(value, 0.0, 1.0) * (HEAT.length - 1);
        int below = Math.min((int) at, HEAT.length - 2);
        return Canvas.mix(HEAT[below], HEAT[below + 1], at - below);
    }

    /** A picture with the outline of a rectangle, {@code thickness} pixels inwards. */
    static Picture outlined(Picture picture, int y0, int x0, int y1, int x1, int thickness, int color) {
        return of(picture.height(), picture.width(), (y, x) -> {
            boolean inside = y >= y0 && y < y1 && x >= x0 && x < x1;
            boolean within = y >= y0 + thickness && y < y1 - thickness && x >= x0 + thickness && x < x1 - thickness;
            return inside && !within ? color : picture.rgb(y, x);
        });
    }
}
