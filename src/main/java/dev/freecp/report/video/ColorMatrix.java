package dev.freecp.report.video;

/** How red, green and blue make up luma: {@code Y = kr R + (1 - kr - kb) G + kb B}. */
public enum ColorMatrix {

    /** ITU-R BT.601, of standard definition. */
    BT601(0.299, 0.114),

    /** ITU-R BT.709, of high definition. */
    BT709(0.2126, 0.0722);

    private static final int MOST_LINES_OF_STANDARD_DEFINITION = 576;

    final double red;
    final double blue;

    ColorMatrix(double red, double blue) {
        this.red = red;
        this.blue = blue;
    }

    /** Y4M does not say which; players take BT.709 for more lines than standard definition has. */
    public static ColorMatrix usual(int height) {
        return height > MOST_LINES_OF_STANDARD_DEFINITION ? BT709 : BT601;
    }
}
