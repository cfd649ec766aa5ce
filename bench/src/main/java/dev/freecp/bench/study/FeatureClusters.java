package dev.freecp.bench.study;

import dev.freecp.image.Picture;
import dev.freecp.report.LabelColors;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import smile.clustering.DBSCAN;
import smile.clustering.PartitionClustering;

/**
 * Patches of one window in groups that nobody named: DBSCAN finds dense clouds of features, as many as there are, and leaves the rest alone. Beside it the
 * same patches by colour and place alone ({@link PatchClusters}).
 */
final class FeatureClusters implements Study {

    /** A patch is inside a cloud if so many others are near it. */
    private static final int NEIGHBOURS = 5;

    /** Near is what nine of ten patches have their neighbours within. */
    private static final double QUANTILE = 0.9;

    private static final int SIDE = 16, COLOR_GROUPS = 6, NOISE = 0x30363d;

    @Override
    public String name() {
        return "clusters";
    }

    @Override
    public Picture draw(Subject subject) {
        double[][] features = subject.ofWindow("patch_feature").toDoubles();
        int[] groups = groups(features);
        int count = Arrays.stream(groups).max().orElse(-1) + 1;
        Picture window = Panels.stretched(subject.pixels(), subject.gridHeight() * SIDE, subject.gridWidth() * SIDE);
        return new Sheet(3).add("the window", window)
            .add("colours, k-means", byColors(window))
            .add("features: %d clouds".formatted(count), Panels.of(subject.gridHeight() * SIDE, subject.gridWidth() * SIDE, (y, x) -> {
                int group = groups[y / SIDE * subject.gridWidth() + x / SIDE];
                return group < 0 ? NOISE : LabelColors.of(group);
            })).draw(name());
    }

    private static Picture byColors(Picture window) {
        BufferedImage image = new BufferedImage(window.width(), window.height(), BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < window.height(); y++) for (int x = 0; x < window.width(); x++) image.setRGB(x, y, window.rgb(y, x));
        BufferedImage painted = PatchClusters.paint(image, COLOR_GROUPS);
        return Panels.of(painted.getHeight(), painted.getWidth(), (y, x) -> painted.getRGB(x, y) & 0xffffff);
    }

    /** Number of each point's group, -1 for points between the clouds. */
    static int[] groups(double[][] points) {
        int[] found = DBSCAN.fit(points, NEIGHBOURS, radius(points)).y;
        return Arrays.stream(found).map(group -> group == PartitionClustering.OUTLIER ? -1 : group).toArray();
    }

    private static double radius(double[][] points) {
        double[] reach = Arrays.stream(points).mapToDouble(point ->
            Arrays.stream(points).mapToDouble(other -> distance(point, other)).sorted().skip(NEIGHBOURS).findFirst().orElse(0)).sorted().toArray();
        return reach[(int) (QUANTILE * (reach.length - 1))];
    }

    private static double distance(double[] a, double[] b) {
        double squares = 0;
        for (int i = 0; i < a.length; i++) squares += (a[i] - b[i]) * (a[i] - b[i]);
        return Math.sqrt(squares);
    }
}
