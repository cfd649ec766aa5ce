package dev.freecp.image;

/**
 * OpenCV's linear resize of 8-bit pictures, bit for bit (specification, section 1.3). It calculates in fixed point and differs from a bilinear
 * resize in floats by one level on about a tenth of the pixels, which is enough to move labels.
 */
public final class Resize {

    private static final int UNIT = 2048;   // 1.0 in OpenCV's fixed point

    private Resize() {}

    /** The picture at another size; {@code picture} itself if it has that size. */
    public static Picture resize(Picture picture, int height, int width) {
        if (height < 1 || width < 1) throw new IllegalArgumentException(picture.name() + ": cannot be resized to " + new Size(height, width));
        if (picture.height() == height && picture.width() == width) return picture;
        if (picture.height() == 2 * height && picture.width() == 2 * width) return halve(picture, height, width);
        return linear(picture, height, width);
    }

    /** Rounded mean of 2 x 2 pixels. */
    private static Picture halve(Picture picture, int height, int width) {
        Picture half = Picture.blank(picture.name(), height, width);
        byte[] upper = new byte[3 * picture.width()];
        byte[] lower = new byte[3 * picture.width()];
        byte[] row = new byte[3 * width];
        for (int y = 0; y < height; y++) {
            picture.row(2 * y, upper);
            picture.row(2 * y + 1, lower);
            for (int i = 0; i < row.length; i++) {
                int left = 6 * (i / 3) + i % 3;
                int sum = (upper[left] & 0xff) + (upper[left + 3] & 0xff) + (lower[left] & 0xff) + (lower[left + 3] & 0xff);
                row[i] = (byte) (sum + 2 >> 2);
            }
            half.setRow(y, row);
        }
        return half;
    }

    private static Picture linear(Picture picture, int height, int width) {
        Taps down = new Taps(picture.height(), height, false);
        Taps across = new Taps(picture.width(), width, true);
        Picture resized = Picture.blank(picture.name(), height, width);
        byte[] source = new byte[3 * picture.width()];
        byte[] row = new byte[3 * width];
        int[] first = new int[3 * width];
        int[] second = new int[3 * width];
        int firstY = -1;      // which source rows the two buffers hold, already stretched to the new width
        int secondY = -1;
        for (int y = 0; y < height; y++) {
            if (secondY == down.first[y] && firstY != secondY) {
                int[] swapped = first;
                first = second;
                second = swapped;
                secondY = firstY;
                firstY = down.first[y];
            }
            if (firstY != down.first[y]) stretch(picture, firstY = down.first[y], across, source, first);
            if (secondY != down.second[y]) stretch(picture, secondY = down.second[y], across, source, second);
            blend(first, second, down.firstWeight[y], down.secondWeight[y], row);
            resized.setRow(y, row);
        }
        return resized;
    }

    /** Horizontal pass over source row {@code y}, in units of 1/2048. */
    private static void stretch(Picture picture, int y, Taps across, byte[] source, int[] stretched) {
        picture.row(y, source);
        for (int x = 0, out = 0; x < across.first.length; x++, out += 3) {
            int left = 3 * across.first[x];
            int right = 3 * across.second[x];
            int u0 = across.firstWeight[x];
            int u1 = across.secondWeight[x];
            stretched[out] = u0 * (source[left] & 0xff) + u1 * (source[right] & 0xff);
            stretched[out + 1] = u0 * (source[left + 1] & 0xff) + u1 * (source[right + 1] & 0xff);
            stretched[out + 2] = u0 * (source[left + 2] & 0xff) + u1 * (source[right + 2] & 0xff);
        }
    }

    /** Vertical pass. The two products are cut to 16 bits each before they are added: OpenCV's order, not that of one sum. */
    private static void blend(int[] first, int[] second, int b0, int b1, byte[] row) {
        for (int i = 0; i < row.length; i++) {
            int value = (b0 * (first[i] >> 4) >> 16) + (b1 * (second[i] >> 4) >> 16);
            row[i] = (byte) Math.clamp(value + 2 >> 2, 0, 255);
        }
    }

    /** For every output position of one axis the two source positions and their weights. */
    private static final class Taps {
        final int[] first, second, firstWeight, secondWeight;

        /** @param columns columns give all weight to the first tap outside the picture, rows keep theirs on twice the same tap */
        Taps(int inputs, int outputs, boolean columns) {
            first = new int[outputs];
            second = new int[outputs];
            firstWeight = new int[outputs];
            secondWeight = new int[outputs];
            double step = (double) inputs / outputs;
            for (int i = 0; i < outputs; i++) {
                float position = (float) ((i + 0.5) * step - 0.5);
                int k = (int) Math.floor(position);
                float fraction = position - k;
                if (columns && (k < 0 || k >= inputs - 1)) fraction = 0;
                first[i] = Math.clamp(k, 0, inputs - 1);
                second[i] = Math.clamp(k + 1, 0, inputs - 1);
                firstWeight[i] = (int) Math.rint((1 - fraction) * UNIT);
                secondWeight[i] = (int) Math.rint(fraction * UNIT);
            }
        }
    }
}
