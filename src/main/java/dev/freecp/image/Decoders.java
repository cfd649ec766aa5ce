package dev.freecp.image;

import dev.freecp.error.InputException;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.Locale;
import java.util.Objects;
import java.util.Spliterators;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** Drives the ImageIO readers: picks one, checks the size before memory is taken, turns whatever goes wrong into one sentence. */
final class Decoders {

    private static final Predicate<ImageReader> OF_THE_JDK =
        reader -> "java.desktop".equals(reader.getOriginatingProvider().getClass().getModule().getName());

    private Decoders() {}

    /** What a reader is asked to do once the file is opened. */
    private interface Decoding<T> {
        T decode(ImageReader reader) throws IOException;
    }

    /**
     * Decodes to raw components and converts them in {@link JpegColors}: this way grey stays as it is, profiles are ignored, and CMYK is read, which
     * Java's own colour conversion refuses.
     */
    static Picture jpeg(String name, byte[] bytes, long maxPixels) {
        JpegHeader jpeg = JpegHeader.parse(name, bytes);
        Pictures.requireSaneSize(name, jpeg.height(), jpeg.width(), maxPixels);
        if (jpeg.components() == 2 || jpeg.components() > 4) {
            throw new InputException(name + ": a JPEG file of " + jpeg.components() + " components cannot be read");
        }
        return with(name, Format.JPEG, bytes, OF_THE_JDK, reader -> {
            StringBuilder damage = new StringBuilder();
            reader.addIIOReadWarningListener((_, warning) -> damage.append(warning.contains("premature end") ? warning : ""));
            Raster raster = reader.readRaster(0, null);
            if (!damage.isEmpty()) throw Pictures.truncated(name, "JPEG");
            Picture picture = Picture.blank(name, jpeg.height(), jpeg.width());
            byte[] samples = new byte[jpeg.width() * jpeg.components()];
            byte[] rgb = new byte[jpeg.width() * 3];
            for (int y = 0; y < jpeg.height(); y++) {
                raster.getDataElements(0, y, jpeg.width(), 1, samples);
                JpegColors.convert(jpeg, samples, rgb);
                picture.setRow(y, rgb);
            }
            return picture;
        });
    }

    /** The first picture of a file of any other format. */
    static Picture any(String name, Format format, byte[] bytes, long maxPixels) {
        BufferedImage image = image(name, format, bytes, maxPixels);
        Picture picture = Picture.blank(name, image.getHeight(), image.getWidth());
        RasterRows rows = new RasterRows(image.getRaster(), image.getColorModel());
        byte[] rgb = new byte[3 * image.getWidth()];
        for (int y = 0; y < image.getHeight(); y++) {
            rows.read(y, rgb);
            picture.setRow(y, rgb);
        }
        return picture;
    }

    /** The file's first picture with its samples as stored: indices of a palette stay indices. */
    static BufferedImage image(String name, Format format, byte[] bytes, long maxPixels) {
        return with(name, format, bytes, format == Format.WEBP ? _ -> true : OF_THE_JDK, reader -> {
            Pictures.requireSaneSize(name, reader.getHeight(0), reader.getWidth(0), maxPixels);
            return reader.read(0);
        });
    }

    private static <T> T with(String name, Format format, byte[] bytes, Predicate<ImageReader> wanted, Decoding<T> decoding) {
        ImageReader reader = reader(name, format, wanted);
        try (var stream = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            reader.setInput(stream, true, true);
            return decoding.decode(reader);
        } catch (InputException e) {
            throw e;
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            // Readers meet broken files with any runtime exception. When one large array was not to be had, the heap is as whole as before.
            if (e instanceof OutOfMemoryError || e.getCause() instanceof OutOfMemoryError) {
                throw new InputException(name + ": the heap is too small for this picture; give Java more with -Xmx, or make the picture smaller", e);
            }
            String reason = Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName());
            throw new InputException(name + ": this " + format + " file is broken or of a kind that cannot be read: " + reason, e);
        } finally {
            reader.dispose();
        }
    }

    private static ImageReader reader(String name, Format format, Predicate<ImageReader> wanted) {
        Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format.name().toLowerCase(Locale.ROOT));
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(readers, 0), false).filter(wanted).findFirst()
            .orElseThrow(() -> new InputException(name + ": reading " + format + " needs the library com.twelvemonkeys.imageio:imageio-"
                + format.name().toLowerCase(Locale.ROOT) + " on the class path"));
    }
}
