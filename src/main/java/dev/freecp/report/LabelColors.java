package dev.freecp.report;

/**
 * Colours for looking at labels, all about equally strong, neighbours in the list far apart: hues a golden angle from each other in the perceptual
 * space OKLab, three steps of lightness. Label files have the map of PASCAL VOC instead, which is made for telling indices, not for the eye.
 */
public final class LabelColors {

    private static final double GOLDEN_ANGLE_DEGREES = 137.50776405;
    private static final double FIRST_HUE_DEGREES = 28;
    private static final double CHROMA = 0.16;
    private static final double[] LIGHTNESS = {0.69, 0.82, 0.60};

    private LabelColors() {}

    /** {@code 0xRRGGBB}. */
    public static int of(int label) {
        double hue = Math.toRadians(FIRST_HUE_DEGREES + label * GOLDEN_ANGLE_DEGREES);
        return fromOklab(LIGHTNESS[label % LIGHTNESS.length], CHROMA * Math.cos(hue), CHROMA * Math.sin(hue));
    }

    /** Björn Ottosson's OKLab to sRGB; what lies outside sRGB is clipped. */
    private static int fromOklab(double lightness, double a, double b) {
        double l = Math.pow(lightness + 0.3963377774 * a + 0.2158037573 * b, 3);
        double m = Math.pow(lightness - 0.1055613458 * a - 0.0638541728 * b, 3);
        double s = Math.pow(lightness - 0.0894841775 * a - 1.2914855480 * b, 3);
        return gamma(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s) << 16
            | gamma(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s) << 8
            | gamma(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s);
    }

    private static int gamma(double linear) {
        double light = Math.clamp(linear, 0, 1);
        return (int) Math.round(255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * Math.pow(light, 1 / 2.4) - 0.055));
    }
}
