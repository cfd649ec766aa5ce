package dev.freecp.image;

/** Turns a picture upright as its EXIF orientation, 1 to 8, demands. */
final class Orientation {

    private Orientation() {}

    /** The upright picture; {@code picture} itself if {@code orientation} is 1. From 5 on, height and width change places. */
    static Picture upright(Picture picture, int orientation) {
        if (orientation == 1) return picture;
        boolean transposed = orientation >= 5;
        int lastY = picture.height() - 1;
        int lastX = picture.width() - 1;
        boolean fromBottom = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
        boolean fromRight = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;

        int height = transposed ? picture.width() : picture.height();
        int width = transposed ? picture.height() : picture.width();
        Picture upright = Picture.blank(picture.name(), height, width);
        byte[] row = new byte[3 * width];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int sourceY = transposed ? x : y;
                int sourceX = transposed ? y : x;
                int rgb = picture.rgb(fromBottom ? lastY - sourceY : sourceY, fromRight ? lastX - sourceX : sourceX);
                row[3 * x] = (byte) (rgb >> 16);
                row[3 * x + 1] = (byte) (rgb >> 8);
                row[3 * x + 2] = (byte) rgb;
            }
            upright.setRow(y, row);
        }
        return upright;
    }
}
