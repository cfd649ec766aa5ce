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
}
