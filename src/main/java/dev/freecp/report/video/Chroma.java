package dev.freecp.report.video;

import dev.freecp.error.InputException;

/** How many pixels share a sample of colour. */
enum Chroma {

    MONO(0, 0), HALF_BOTH(2, 2), HALF_WIDTH(2, 1), QUARTER_WIDTH(4, 1), FULL(1, 1);

    final int columns;
    final int rows;

    Chroma(int columns, int rows) {
        this.columns = columns;
        this.rows = rows;
    }

    /** By Y4M's name. Where in its square a sample of 4:2:0 sits is not told apart. */
    static Chroma of(String tag, String stream) {
        return switch (tag) {
            case "mono" -> MONO;
            case "420", "420jpeg", "420mpeg2", "420paldv" -> HALF_BOTH;
            case "422" -> HALF_WIDTH;
            case "411" -> QUARTER_WIDTH;
            case "444" -> FULL;
            default -> throw new InputException(stream + ": has samples of kind C" + tag
                + "; 8-bit mono, 420, 422, 411 and 444 are read, for instance of ffmpeg -pix_fmt yuv420p");
        };
    }

    int width(int pictureWidth) {
        return this == MONO ? 0 : Math.ceilDiv(pictureWidth, columns);
    }

    int height(int pictureHeight) {
        return this == MONO ? 0 : Math.ceilDiv(pictureHeight, rows);
    }
}
