package dev.freecp.image;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/** Maps of numbers from 0 to 1, such as confidences, as grey PNG files: 0 is black, 1 white, rounded to 8 or 16 bits. */
public final class GreyPng {

    private GreyPng() {}

    /**
     * @param values height * width numbers, row by row; below 0 and NaN count as 0, above 1 as 1
     * @param bits   8 or 16
     * @throws dev.freecp.error.InputException if the file cannot be written
     */
    public static void write(Path path, float[] values, int height, int width, int bits) {
        PngWriter.Kind kind = kind(bits);
        PngWriter.write(path, kind, height, width, null, rows(values, height, width, kind));
    }

    /** As {@link #write(Path, float[], int, int, int)}; leaves the stream open. */
    public static void write(OutputStream out, float[] values, int height, int width, int bits) throws IOException {
        PngWriter.Kind kind = kind(bits);
        PngWriter.write(out, kind, height, width, null, rows(values, height, width, kind));
    }

    private static PngWriter.Kind kind(int bits) {
        return switch (bits) {
            case 8 -> PngWriter.Kind.GREY8;
            case 16 -> PngWriter.Kind.GREY16;
            default -> throw new IllegalArgumentException("grey PNG of 8 or 16 bits, not " + bits);
        };
    }

    private static PngWriter.Rows rows(float[] values, int height, int width, PngWriter.Kind kind) {
        if (values.length != (long) height * width) throw new IllegalArgumentException(values.length + " values for " + new Size(height, width));
        int white = (1 << kind.bits) - 1;
        return (y, row) -> {
            for (int x = 0; x < width; x++) {
                PngWriter.sample(kind, row, x, Math.clamp(Math.round(white * values[y * width + x]), 0, white));
            }
        };
    }
}
