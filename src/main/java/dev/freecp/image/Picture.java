package dev.freecp.image;

import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A picture in host memory, upright, three bytes (red, green, blue) a pixel, whatever its file held.
 *
 * @param name   what to call it in messages, usually its path
 * @param pixels uint8 (height, width, 3), dense; kept alive by the garbage collector
 */
public record Picture(String name, Tensor pixels) {

    public Picture {
        pixels.requireType(DType.U8);
        if (pixels.shape().rank() != 3 || pixels.cols() != 3 || !pixels.isDense()) {
            throw new IllegalArgumentException(name + ": pixels must be dense (height, width, 3), not " + pixels);
        }
    }

    /** A picture of the given size whose pixels are a copy of {@code rgb}, row by row, three bytes a pixel. */
    public static Picture of(String name, int height, int width, byte[] rgb) {
        return new Picture(name, Tensor.ofBytes(name, shape(height, width), rgb));
    }

    /** An all-black picture to be filled with {@link #setRow}. */
    static Picture blank(String name, int height, int width) {
        Shape shape = shape(height, width);
        return new Picture(name, Tensor.allocate(Arena.ofAuto(), name, shape, DType.U8, shape.cols()));
    }

    private static Shape shape(int height, int width) {
        return Shape.of("height width rgb", height, width, 3);
    }

    public int height() {
        return pixels.shape().dim(0);
    }

    public int width() {
        return pixels.shape().dim(1);
    }

    /** The colour at row {@code y}, column {@code x} as {@code 0xRRGGBB}. */
    public int rgb(int y, int x) {
        int row = y * width() + x;
        return pixels.getByte(row, 0) << 16 | pixels.getByte(row, 1) << 8 | pixels.getByte(row, 2);
    }

    /** Copies row {@code y} into the first {@code 3 * width} bytes of {@code rgb}. */
    public void row(int y, byte[] rgb) {
        MemorySegment.copy(pixels.segment(), ValueLayout.JAVA_BYTE, rowOffset(y), rgb, 0, 3 * width());
    }

    /** Fills row {@code y} from the first {@code 3 * width} bytes of {@code rgb}. */
    void setRow(int y, byte[] rgb) {
        MemorySegment.copy(rgb, 0, pixels.segment(), ValueLayout.JAVA_BYTE, rowOffset(y), 3 * width());
    }

    private long rowOffset(int y) {
        return 3L * width() * y;
    }
}
