package dev.freecp.image;

/** The colour map of PASCAL VOC: the bits of a label, lowest first, are dealt in turn to red, green and blue, highest bit first. */
public final class Palette {

    private Palette() {}

    /**
     * The colour of a label as {@code 0xRRGGBB}: 0 is black, 1 maroon, 255 the cream of VOC's void. Above 255 the same formula goes on, so that all
     * labels below 2^24 have colours of their own.
     */
    public static int voc(int label) {
        int rgb = 0;
        for (int bit = 0; bit < 24; bit++) {
            int channel = 16 - 8 * (bit % 3);
            rgb |= (label >> bit & 1) << channel + 7 - bit / 3;
        }
        return rgb;
    }

    /** A picture of the colours of labels. */
    public static Picture voc(String name, LabelMap map) {
        byte[] rgb = new byte[Math.multiplyExact(3, map.labels().length)];
        for (int i = 0; i < map.labels().length; i++) {
            int color = voc(map.labels()[i]);
            for (int channel = 0; channel < 3; channel++) rgb[3 * i + channel] = (byte) (color >> 16 - 8 * channel);
        }
        return Picture.of(name, map.height(), map.width(), rgb);
    }
}
