package dev.freecp.report;

import dev.freecp.image.Picture;
import java.util.Arrays;

/** A rectangle of colours ({@code 0xRRGGBB}) to draw on; what falls outside is cut off. */
public final class Canvas {

    final int height;
    final int width;
    private final int[] rgb;

    public Canvas(int height, int width, int background) {
        this.height = height;
        this.width = width;
        this.rgb = new int[Math.multiplyExact(height, width)];
        Arrays.fill(rgb, background);
    }

    /** The colour at row {@code y}, column {@code x}. */
    public int get(int y, int x) {
        return rgb[y * width + x];
    }

    /** Lays {@code color} over a pixel, {@code opacity} from 0 (nothing) to 1 (all of it). */
    public void blend(int y, int x, int color, double opacity) {
        if (y >= 0 && y < height && x >= 0 && x < width) rgb[y * width + x] = mix(get(y, x), color, opacity);
    }

    /** A filled rectangle. */
    public void fill(int y, int x, int fillHeight, int fillWidth, int color) {
        int from = Math.max(x, 0), to = Math.min(x + fillWidth, width);
        if (from >= to) return;
        for (int row = Math.max(y, 0); row < Math.min(y + fillHeight, height); row++) Arrays.fill(rgb, row * width + from, row * width + to, color);
    }

    /** A filled square whose corners are rounded and smooth. */
    public void fillRounded(int y, int x, int side, double radius, int color) {
        for (int row = 0; row < side; row++) {
            for (int column = 0; column < side; column++) {
                double dy = Math.max(0, Math.abs(row + 0.5 - side / 2.0) - (side / 2.0 - radius));
                double dx = Math.max(0, Math.abs(column + 0.5 - side / 2.0) - (side / 2.0 - radius));
                blend(y + row, x + column, color, Math.clamp(radius + 0.5 - Math.hypot(dy, dx), 0, 1));
            }
        }
    }

    /** A copy of what is drawn. */
    public Picture toPicture(String name) {
        byte[] bytes = new byte[Math.multiplyExact(rgb.length, 3)];
        for (int i = 0; i < rgb.length; i++) {
            bytes[3 * i] = (byte) (rgb[i] >> 16);
            bytes[3 * i + 1] = (byte) (rgb[i] >> 8);
            bytes[3 * i + 2] = (byte) rgb[i];
        }
        return Picture.of(name, height, width, bytes);
    }

    /** {@code under} for opacity 0, {@code over} for 1, between them in proportion, channel by channel. */
    public static int mix(int under, int over, double opacity) {
        int mixed = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            int from = under >> shift & 0xff;
            int to = over >> shift & 0xff;
            mixed |= (int) (from + (to - from) * opacity + 0.5) << shift;      // never negative, so this rounds
        }
        return mixed;
    }
}
