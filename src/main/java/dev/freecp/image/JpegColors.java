package dev.freecp.image;

/** Raw JPEG components to RGB, in the integer arithmetic of libjpeg and OpenCV, so that pictures come out as the released program sees them. */
final class JpegColors {

    private static final int HALF = 1 << 15;

    private JpegColors() {}

    /**
     * Converts one row.
     *
     * @param samples width * components bytes as the file holds them
     * @param rgb     gets width * 3 bytes
     */
    static void convert(JpegHeader jpeg, byte[] samples, byte[] rgb) {
        int n = jpeg.components();
        for (int x = 0; x < jpeg.width(); x++) {
            int in = n * x;
            int out = 3 * x;
            for (int i = 0; i < 3; i++) rgb[out + i] = samples[n == 1 ? in : in + i];
            if (jpeg.luminance()) luminanceToRgb(rgb, out);
            if (n == 4) inksToRgb(rgb, out, samples[in + 3] & 0xff, jpeg);
        }
    }

    /** Y Cb Cr to R G B in place: 16-bit fixed point, each product rounded as in libjpeg's tables. */
    private static void luminanceToRgb(byte[] p, int at) {
        int y = p[at] & 0xff;
        int cb = (p[at + 1] & 0xff) - 128;
        int cr = (p[at + 2] & 0xff) - 128;
        p[at] = clamp(y + (91881 * cr + HALF >> 16));
        p[at + 1] = clamp(y + (-22554 * cb + HALF - 46802 * cr >> 16));
        p[at + 2] = clamp(y + (116130 * cb + HALF >> 16));
    }

    /**
     * C M Y to R G B in place, under black ink {@code k}. Adobe stores inks inverted (255 = none); after {@link #luminanceToRgb} a YCCK
     * pixel holds the reverse of what CMYK would, and everything is brought to "255 = no ink" first.
     */
    private static void inksToRgb(byte[] p, int at, int k, JpegHeader jpeg) {
        boolean reversed = jpeg.luminance() == jpeg.adobe();
        int light = jpeg.adobe() ? k : 255 - k;
        for (int i = at; i < at + 3; i++) {
            int free = reversed ? 255 - (p[i] & 0xff) : p[i] & 0xff;
            p[i] = (byte) (light - ((255 - free) * light >> 8));
        }
    }

    private static byte clamp(int value) {
        return (byte) Math.clamp(value, 0, 255);
    }
}
