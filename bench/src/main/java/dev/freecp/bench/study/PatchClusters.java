package dev.freecp.bench.study;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import smile.clustering.KMeans;
import smile.math.MathEx;

/**
 * How far do plain colours get? Puts the patches of a picture into k groups by k-means over mean colour and position, and paints each patch in the
 * mean colour of its group: the picture that clusters of CLIP features have to beat.
 * <pre>java -cp bench/target/benchmarks.jar dev.freecp.bench.study.PatchClusters PICTURE OUTPUT.png [K]</pre>
 */
public final class PatchClusters {

    private static final int PATCH = 16;
    private static final int ITERATIONS = 100;
    private static final double TOLERANCE = 1e-4;
    private static final long SEED = 1;

    /** Across the whole picture, position counts half as much as the way from black to white in one channel. */
    private static final double POSITION_WEIGHT = 0.5;

    private PatchClusters() {
    }

    public static void main(String[] args) throws IOException {
        if (args.length < 2 || args.length > 3) throw new IllegalArgumentException("wanted: PICTURE OUTPUT.png [K]");
        BufferedImage picture = ImageIO.read(Path.of(args[0]).toFile());
        if (picture == null) throw new IOException(args[0] + ": not a picture that can be read");
        ImageIO.write(paint(picture, args.length == 3 ? Integer.parseInt(args[2]) : 6), "png", Path.of(args[1]).toFile());
    }

    /** The patches of {@code picture}, whole ones only, painted in at most {@code k} colours. */
    static BufferedImage paint(BufferedImage picture, int k) {
        int columns = picture.getWidth() / PATCH, rows = picture.getHeight() / PATCH;
        double[][] features = features(picture, rows, columns);
        MathEx.setSeed(SEED);
        KMeans clusters = KMeans.fit(features, k, ITERATIONS, TOLERANCE);

        BufferedImage painted = new BufferedImage(columns * PATCH, rows * PATCH, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = painted.createGraphics();
        for (int i = 0; i < features.length; i++) {
            double[] mean = clusters.centroids[clusters.y[i]];
            graphics.setColor(new Color((float) mean[0], (float) mean[1], (float) mean[2]));
            graphics.fillRect(i % columns * PATCH, i / columns * PATCH, PATCH, PATCH);
        }
        graphics.dispose();
        return painted;
    }

    /** For each patch, row by row: mean red, green and blue in 0..1, then weighted y and x. */
    private static double[][] features(BufferedImage picture, int rows, int columns) {
        double[][] features = new double[rows * columns][];
        for (int i = 0; i < features.length; i++) {
            int row = i / columns, column = i % columns;
            double red = 0, green = 0, blue = 0;
            for (int rgb : picture.getRGB(column * PATCH, row * PATCH, PATCH, PATCH, null, 0, PATCH)) {
                red += rgb >> 16 & 0xff;
                green += rgb >> 8 & 0xff;
                blue += rgb & 0xff;
            }
            double scale = 1 / (255.0 * PATCH * PATCH);
            features[i] = new double[] {red * scale, green * scale, blue * scale, POSITION_WEIGHT * row / rows, POSITION_WEIGHT * column / columns};
        }
        return features;
    }
}
