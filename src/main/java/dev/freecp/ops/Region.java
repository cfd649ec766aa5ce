package dev.freecp.ops;

/** A rectangle of a picture in pixels: rows {@code y0 <= y < y1}, columns {@code x0 <= x < x1}. */
public record Region(int y0, int x0, int y1, int x1) {

    public Region {
        if (y0 < 0 || x0 < 0 || y1 <= y0 || x1 <= x0) throw new IllegalArgumentException("empty or negative region " + y0 + "," + x0 + " " + y1 + "," + x1);
    }

    public int height() {
        return y1 - y0;
    }

    public int width() {
        return x1 - x0;
    }
}
