package dev.freecp.image;

import dev.freecp.error.InputException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;

/**
 * Reads picture files: JPEG (baseline, progressive, grey, CMYK, YCCK), PNG of every kind, GIF and WebP (the first frame), BMP.
 *
 * <p>Pixels are those that OpenCV's {@code imread} in colour gives the released program (specification, section 1): turned upright by the EXIF
 * orientation of JPEG and PNG files, alpha dropped and not blended, 16-bit samples cut to their high byte, grey repeated, embedded colour
 * profiles ignored. Everything is read with the JDK alone, equal to the byte, but for WebP: it needs the ImageIO plugin of TwelveMonkeys on the
 * class path, and its lossy pictures differ from OpenCV's by some levels, most of all along edges of colours.
 */
public final class Pictures {

    /** Pictures with more pixels are refused before memory is taken for them. */
    public static final long MAX_PIXELS = 400_000_000;

    private Pictures() {}

    /**
     * @throws InputException if the file is missing, a folder, empty, truncated, too large, broken, or not a picture
     */
    public static Picture read(Path path) {
        return decode(path.toString(), FileBytes.read(path), MAX_PIXELS);
    }

    /**
     * Reads to the end of the stream and leaves it open.
     *
     * @param name what to call the picture in messages
     * @throws InputException as {@link #read(Path)}
     */
    public static Picture read(InputStream in, String name) {
        return read(in, name, MAX_PIXELS);
    }

    /** As {@link #read(InputStream, String)}, with a lower limit of pixels than {@link #MAX_PIXELS}; the header alone decides. */
    public static Picture read(InputStream in, String name, long maxPixels) {
        return decode(name, FileBytes.read(in, name), Math.min(maxPixels, MAX_PIXELS));
    }

    private static Picture decode(String name, byte[] bytes, long maxPixels) {
        Format format = Format.of(bytes);
        if (format == null) throw new InputException(name + ": not a picture that can be read here (JPEG, PNG, GIF, BMP or WebP)");
        return switch (format) {
            case JPEG -> Orientation.upright(Decoders.jpeg(name, bytes, maxPixels), JpegHeader.parse(name, bytes).orientation());
            case PNG -> {
                int orientation = PngHeader.parse(name, bytes).orientation();
                yield Orientation.upright(Decoders.any(name, format, bytes, maxPixels), orientation);
            }
            case WEBP -> {
                if (riffBytes(bytes) > bytes.length) throw truncated(name, "WebP");
                yield Decoders.any(name, format, bytes, maxPixels);
            }
            case GIF, BMP -> Decoders.any(name, format, bytes, maxPixels);
        };
    }

    /** How long the file says it is. */
    private static long riffBytes(byte[] bytes) {
        return 8 + Integer.toUnsignedLong(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(4));
    }

    /** @throws InputException if a picture of this size is absurd: read it off the header and ask before decoding */
    static void requireSaneSize(String name, int height, int width, long maxPixels) {
        if (height < 1 || width < 1) throw new InputException(name + ": the header gives a size of " + new Size(height, width));
        if ((long) height * width > maxPixels) {
            throw new InputException(name + ": " + new Size(height, width) + " pixels are too many, the limit is " + megapixels(maxPixels)
                + " megapixels; make the picture smaller first");
        }
    }

    private static String megapixels(long pixels) {
        return new DecimalFormat("0.######", DecimalFormatSymbols.getInstance(Locale.ROOT)).format(pixels / 1e6);
    }

    static InputException truncated(String name, String format) {
        return new InputException(name + ": this " + format + " file is truncated, its end is missing; copy or download it again");
    }
}
