package dev.freecp.image;

import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;

/**
 * Rows of a decoded raster as RGB bytes, taken from the samples themselves. Java's own conversion goes through colour spaces, which brightens grey
 * and applies embedded profiles; OpenCV, and so the released program, takes samples as they stand.
 */
final class RasterRows {

    private final Raster raster;
    private final IndexColorModel palette;   // null if samples are colours
    private final int[] bits;
    private final int[] samples;

    RasterRows(Raster raster, ColorModel colors) {
        this.raster = raster;
        this.palette = colors instanceof IndexColorModel indexed ? indexed : null;
        this.bits = raster.getSampleModel().getSampleSize();
        this.samples = new int[raster.getWidth() * raster.getNumBands()];
    }

    /** Fills {@code rgb} with row {@code y}. Alpha is dropped, not blended; grey becomes three equal channels. */
    void read(int y, byte[] rgb) {
        raster.getPixels(raster.getMinX(), raster.getMinY() + y, raster.getWidth(), 1, samples);
        int bands = raster.getNumBands();
        for (int x = 0, in = 0, out = 0; x < raster.getWidth(); x++, in += bands, out += 3) {
            if (palette != null) {
                rgb[out] = (byte) palette.getRed(samples[in]);
                rgb[out + 1] = (byte) palette.getGreen(samples[in]);
                rgb[out + 2] = (byte) palette.getBlue(samples[in]);
            } else {
                for (int i = 0; i < 3; i++) {
                    int band = bands < 3 ? 0 : i;
                    rgb[out + i] = (byte) to8Bits(samples[in + band], bits[band]);
                }
            }
        }
    }

    /** Keeps the high byte of wide samples, as OpenCV does, and stretches narrow ones to 0..255. */
    private static int to8Bits(int value, int bits) {
        if (bits == 8) return value;
        return bits > 8 ? value >> bits - 8 : value * 255 / ((1 << bits) - 1);
    }
}
