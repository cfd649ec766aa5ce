package dev.freecp.report.video;

import dev.freecp.image.Picture;

/**
 * Between RGB and planes of Y, Cb and Cr. With luma and colours from 0 to 1 and -1/2 to 1/2, {@code R = Y + 2 (1 - kr) Cr},
 * {@code B = Y + 2 (1 - kb) Cb}, and G from the sum that {@link ColorMatrix} gives; what falls outside is cut off. A sample of colour counts for
 * all pixels that share it, and is made as their mean.
 */
final class Yuv {

    private static final int BLACK = 16, MIDDLE = 128;

    private final Chroma chroma;
    private final int height;
    private final int width;
    private final double red;
    private final double blue;
    private final double lumaScale;
    private final double colorScale;
    private final int black;

    Yuv(Y4mHeader header, ColorMatrix matrix) {
        this.chroma = header.sampling();
        this.height = header.size().height();
        this.width = header.size().width();
        this.red = matrix.red;
        this.blue = matrix.blue;
        this.lumaScale = header.full() ? 255 : 219;
        this.colorScale = header.full() ? 255 : 224;
        this.black = header.full() ? 0 : BLACK;
    }

    /** Bytes of a frame: Y, then Cb and Cr, row by row. */
    int bytes() {
        return height * width + 2 * colors();
    }

    private int colors() {
        return chroma.height(height) * chroma.width(width);
    }

    Picture picture(String name, byte[] planes) {
        byte[] rgb = new byte[3 * height * width];
        int cbAt = height * width, crAt = cbAt + colors(), colorWidth = chroma.width(width);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double luma = ((planes[y * width + x] & 0xff) - black) / lumaScale, cb = 0, cr = 0;
                if (chroma != Chroma.MONO) {
                    int shared = y / chroma.rows * colorWidth + x / chroma.columns;
                    cb = ((planes[cbAt + shared] & 0xff) - MIDDLE) / colorScale;
                    cr = ((planes[crAt + shared] & 0xff) - MIDDLE) / colorScale;
                }
                double r = luma + 2 * (1 - red) * cr, b = luma + 2 * (1 - blue) * cb, g = (luma - red * r - blue * b) / (1 - red - blue);
                int at = 3 * (y * width + x);
                rgb[at] = sample(255 * r);
                rgb[at + 1] = sample(255 * g);
                rgb[at + 2] = sample(255 * b);
            }
        }
        return Picture.of(name, height, width, rgb);
    }

    byte[] planes(Picture picture) {
        byte[] planes = new byte[bytes()];
        double[] cb = new double[colors()], cr = new double[cb.length];
        int[] pixels = new int[cb.length];
        byte[] row = new byte[3 * width];
        for (int y = 0; y < height; y++) {
            picture.row(y, row);
            for (int x = 0; x < width; x++) {
                double r = (row[3 * x] & 0xff) / 255.0, g = (row[3 * x + 1] & 0xff) / 255.0, b = (row[3 * x + 2] & 0xff) / 255.0;
                double luma = red * r + (1 - red - blue) * g + blue * b;
                planes[y * width + x] = sample(black + lumaScale * luma);
                if (chroma == Chroma.MONO) continue;
                int shared = y / chroma.rows * chroma.width(width) + x / chroma.columns;
                cb[shared] += (b - luma) / (2 * (1 - blue));
                cr[shared] += (r - luma) / (2 * (1 - red));
                pixels[shared]++;
            }
        }
        for (int i = 0; i < cb.length; i++) {
            planes[height * width + i] = sample(MIDDLE + colorScale * cb[i] / pixels[i]);
            planes[height * width + cb.length + i] = sample(MIDDLE + colorScale * cr[i] / pixels[i]);
        }
        return planes;
    }

    private static byte sample(double value) {
        return (byte) Math.clamp(Math.round(value), 0, 255);
    }
}
