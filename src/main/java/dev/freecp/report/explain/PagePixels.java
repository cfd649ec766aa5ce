package dev.freecp.report.explain;

import static dev.freecp.report.PictureReport.object;

import dev.freecp.image.LabelMap;
import dev.freecp.image.Picture;
import dev.freecp.image.Resize;
import dev.freecp.image.Size;
import dev.freecp.report.LabelColors;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * What the page draws from: the picture as JPEG, everything else as bytes, deflated and in Base64. A page has a size that a mail can carry, so large
 * pictures are shown smaller, and where there is much affinity only every second or third cell can be chosen.
 */
final class PagePixels {

    private static final int LONGEST_SIDE = 1024;
    private static final int LONGEST_WINDOW_SIDE = 96;
    private static final long MOST_AFFINITY_BYTES = 2_500_000;
    private static final float JPEG_QUALITY = 0.9f;
    /** Shades of a map: no eye tells more in a colour scale, and the bytes of fewer deflate to two thirds. */
    private static final int SHADES = 63;
    /** Of a component's values those beyond are shown as black or full: single outliers would leave no contrast for the others. */
    private static final double FIRST_SHOWN = 0.02, LAST_SHOWN = 0.98;

    private final Explanation explanation;

    private PagePixels(Explanation explanation) {
        this.explanation = explanation;
    }

    static Map<String, Object> of(Explanation explanation) {
        return new PagePixels(explanation).json();
    }

    private Map<String, Object> json() {
        Picture picture = explanation.picture();
        Size shown = shrunk(picture.height(), picture.width(), LONGEST_SIDE);
        Map<String, Object> json = object("picture", "data:image/jpeg;base64," + base64(jpeg(Resize.resize(picture, shown.height(), shown.width()))),
            "height", shown.height(), "width", shown.width(), "labels", packedLabels(List.of(explanation.result().labels()), shown), "confidence", confidence(shown),
            "colors", IntStream.range(0, explanation.result().vocabulary().labelNames().size()).mapToObj(label -> "#%06x".formatted(LabelColors.of(label))).toList());
        json.put("maps", maps());
        json.put("windows", windows());
        json.put("affinity", affinity());
        json.put("layers", layers());
        return json;
    }

    private static Size shrunk(int height, int width, int longest) {
        double scale = Math.min(1, (double) longest / Math.max(height, width));
        return new Size(Math.max(1, (int) Math.round(height * scale)), Math.max(1, (int) Math.round(width * scale)));
    }

    /** Two bytes a label, low one first. */
    private static String packedLabels(List<LabelMap> maps, Size size) {
        byte[] bytes = new byte[2 * maps.size() * size.height() * size.width()];
        int at = 0;
        for (LabelMap map : maps)
            for (int i = 0; i < size.height() * size.width(); i++) {
                int label = map.labels()[nearest(i, size, map.height(), map.width())];
                bytes[at++] = (byte) label;
                bytes[at++] = (byte) (label >> 8);
            }
        return packed(bytes);
    }

    private String confidence(Size size) {
        byte[] bytes = new byte[size.height() * size.width()];
        for (int i = 0; i < bytes.length; i++)
            bytes[i] = toByte(explanation.result().confidence()[nearest(i, size, explanation.picture().height(), explanation.picture().width())]);
        return packed(bytes);
    }

    /** The pixel of a large raster under the centre of pixel {@code i} of a smaller one. */
    private static int nearest(int i, Size small, int height, int width) {
        int y = (int) ((i / small.width() + 0.5) * height / small.height()), x = (int) ((i % small.width() + 0.5) * width / small.width());
        return y * width + x;
    }

    /** By word softmax, activation and refined, each as a part of its largest value. */
    private Map<String, Object> maps() {
        Size size = explanation.maps().getFirst().softmax().size();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (Explanation.WordMaps word : explanation.maps())
            for (Explanation.Raster raster : List.of(word.softmax(), word.activation(), word.refined())) bytes.writeBytes(scaled(raster.values(), raster.max()));
        return object("height", size.height(), "width", size.width(), "data", packed(bytes.toByteArray()));
    }

    private Map<String, Object> windows() {
        LabelMap first = explanation.windowLabels().getFirst();
        Size size = shrunk(first.height(), first.width(), LONGEST_WINDOW_SIDE);
        return object("height", size.height(), "width", size.width(), "labels", packedLabels(explanation.windowLabels(), size));
    }

    /** By window and chosen cell the square roots of its row, as a part of the largest: attention is so uneven that its smaller part would vanish. */
    private Map<String, Object> affinity() {
        int h = explanation.grid().height(), w = explanation.grid().width(), step = 1;
        while ((long) explanation.affinity().size() * Math.ceilDiv(h, step) * Math.ceilDiv(w, step) * h * w > MOST_AFFINITY_BYTES && step < Math.max(h, w)) step++;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (float[] affinity : explanation.affinity())
            for (int y = 0; y < h; y += step) for (int x = 0; x < w; x += step) bytes.writeBytes(roots(affinity, (y * w + x) * h * w, h * w));
        return object("step", step, "data", packed(bytes.toByteArray()));
    }

    private static byte[] roots(float[] values, int from, int count) {
        float[] roots = new float[count];
        float max = 0;
        for (int i = 0; i < count; i++) {
            roots[i] = (float) Math.sqrt(Math.max(values[from + i], 0));
            max = Math.max(max, roots[i]);
        }
        return scaled(roots, max);
    }

    private Map<String, Object> layers() {
        ByteArrayOutputStream components = new ByteArrayOutputStream(), attention = new ByteArrayOutputStream();
        for (Explanation.Layer layer : explanation.layers()) {
            components.writeBytes(colors(layer.components()));
            if (layer.attention() != null) attention.writeBytes(roots(layer.attention(), 0, layer.attention().length));
        }
        return object("components", packed(components.toByteArray()), "attention", packed(attention.toByteArray()));
    }

    /** Red, green and blue of each cell. */
    private static byte[] colors(float[][] components) {
        byte[] colors = new byte[3 * components.length];
        for (int k = 0; k < 3; k++) {
            float[] sorted = new float[components.length];
            for (int cell = 0; cell < sorted.length; cell++) sorted[cell] = components[cell][k];
            Arrays.sort(sorted);
            float low = sorted[(int) (FIRST_SHOWN * (sorted.length - 1))], range = sorted[(int) (LAST_SHOWN * (sorted.length - 1))] - low;
            for (int cell = 0; cell < components.length; cell++) colors[3 * cell + k] = range > 0 ? toByte((components[cell][k] - low) / range) : toByte(0.5f);
        }
        return colors;
    }

    private static byte[] scaled(float[] values, float max) {
        byte[] bytes = new byte[values.length];
        if (max > 0) for (int i = 0; i < bytes.length; i++) bytes[i] = toByte(Math.round(SHADES * values[i] / max) / (float) SHADES);
        return bytes;
    }

    /** NaN counts as 0. */
    private static byte toByte(float part) {
        return (byte) Math.clamp(Math.round(255 * part), 0, 255);
    }

    private static String packed(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(out)) {
            deflater.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return base64(out.toByteArray());
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static byte[] jpeg(Picture picture) {
        BufferedImage image = new BufferedImage(picture.width(), picture.height(), BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < picture.height(); y++) for (int x = 0; x < picture.width(); x++) image.setRGB(x, y, picture.rgb(y, x));
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            ImageWriteParam quality = writer.getDefaultWriteParam();
            quality.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            quality.setCompressionQuality(JPEG_QUALITY);
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), quality);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }
}
