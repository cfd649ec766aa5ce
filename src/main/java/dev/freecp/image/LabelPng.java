package dev.freecp.image;

import dev.freecp.error.InputException;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/**
 * Label maps as PNG files whose pixel values are the labels themselves: a palette of 256 colours ({@link Palette}) as PASCAL VOC has it, or
 * 16-bit grey where there are more labels than that. The same labels give the same bytes.
 */
public final class LabelPng {

    private static final int PALETTE_SIZE = 256;

    private LabelPng() {}

    /**
     * @param classes how many labels there can be; decides between palette and 16-bit grey, so that all files of a run are of one kind
     * @throws InputException if the file cannot be written
     */
    public static void write(Path path, LabelMap map, int classes) {
        PngWriter.Kind kind = kind(map, classes);
        PngWriter.write(path, kind, map.height(), map.width(), palette(kind), rows(map, kind));
    }

    /** As {@link #write(Path, LabelMap, int)}; leaves the stream open. */
    public static void write(OutputStream out, LabelMap map, int classes) throws IOException {
        PngWriter.Kind kind = kind(map, classes);
        PngWriter.write(out, kind, map.height(), map.width(), palette(kind), rows(map, kind));
    }

    /**
     * Reads annotations: the palette index of each pixel, or its grey value (1 to 16 bits), not its colour.
     *
     * @throws InputException if the file is missing or broken, not a PNG, or holds colours instead of labels
     */
    public static LabelMap read(Path path) {
        String name = path.toString();
        byte[] bytes = FileBytes.read(path);
        if (Format.of(bytes) != Format.PNG) throw new InputException(name + ": labels are read from PNG files only, and this is none");
        PngHeader.parse(name, bytes);
        BufferedImage image = Decoders.image(name, Format.PNG, bytes, Pictures.MAX_PIXELS);
        Raster raster = image.getRaster();
        if (raster.getNumBands() != 1) {
            throw new InputException(name + ": labels must be a palette or grey PNG, this one has " + raster.getNumBands() + " channels");
        }
        int[] labels = raster.getPixels(0, 0, raster.getWidth(), raster.getHeight(), (int[]) null);
        return new LabelMap(raster.getHeight(), raster.getWidth(), labels);
    }

    private static PngWriter.Kind kind(LabelMap map, int classes) {
        PngWriter.Kind kind = classes <= PALETTE_SIZE ? PngWriter.Kind.INDEXED8 : PngWriter.Kind.GREY16;
        int limit = 1 << 8 * kind.pixelBytes;
        for (int label : map.labels()) {
            if (label < 0 || label >= limit) throw new IllegalArgumentException("label " + label + " does not fit a PNG of " + limit + " labels");
        }
        return kind;
    }

    private static byte[] palette(PngWriter.Kind kind) {
        if (kind != PngWriter.Kind.INDEXED8) return null;
        byte[] palette = new byte[3 * PALETTE_SIZE];
        for (int label = 0; label < PALETTE_SIZE; label++) {
            for (int i = 0; i < 3; i++) palette[3 * label + i] = (byte) (Palette.voc(label) >> 16 - 8 * i);
        }
        return palette;
    }

    private static PngWriter.Rows rows(LabelMap map, PngWriter.Kind kind) {
        return (y, row) -> {
            for (int x = 0; x < map.width(); x++) PngWriter.sample(kind, row, x, map.labels()[y * map.width() + x]);
        };
    }
}
