package dev.freecp.bench.study;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.RealVector;
import org.apache.commons.math3.stat.correlation.Covariance;

/**
 * The first three principal components of some points.
 *
 * @param points  coordinates of each point along them
 * @param share   of the variance that each explains
 */
record Components(double[][] points, double[] share) {

    private static final int COUNT = 3;

    /** How many in a hundred points may lie outside the range of colours, at either end. */
    private static final int OUTLIERS = 2;

    static Components of(double[][] x) {
        EigenDecomposition eigen = new EigenDecomposition(new Covariance(x).getCovarianceMatrix());
        double[] values = eigen.getRealEigenvalues();
        List<Integer> order = IntStream.range(0, values.length).boxed().sorted(Comparator.comparingDouble(i -> -values[i])).toList();
        RealVector mean = new ArrayRealVector(x[0].length);
        for (double[] point : x) mean = mean.add(new ArrayRealVector(point, false));
        mean.mapDivideToSelf(x.length);
        double[][] points = new double[x.length][COUNT];
        double[] share = new double[COUNT];
        for (int k = 0; k < COUNT; k++) {
            RealVector axis = upward(eigen.getEigenvector(order.get(k)));
            for (int i = 0; i < x.length; i++) points[i][k] = new ArrayRealVector(x[i], false).subtract(mean).dotProduct(axis);
            share[k] = values[order.get(k)] / Arrays.stream(values).sum();
        }
        return new Components(points, share);
    }

    /** An axis has two directions: this one's largest entry is positive, whatever the decomposition came up with. */
    private static RealVector upward(RealVector axis) {
        double largest = Math.abs(axis.getMinValue()) > axis.getMaxValue() ? axis.getMinValue() : axis.getMaxValue();
        return axis.mapMultiply(Math.signum(largest));
    }

    /** Red, green and blue of each point. */
    int[] colors() {
        int[] colors = new int[points.length];
        for (int k = 0; k < COUNT; k++) {
            int axis = k;
            double[] sorted = Arrays.stream(points).mapToDouble(point -> point[axis]).sorted().toArray();
            double low = sorted[OUTLIERS * (sorted.length - 1) / 100], high = sorted[sorted.length - 1 - OUTLIERS * (sorted.length - 1) / 100];
            for (int i = 0; i < colors.length; i++) {
                double value = high > low ? (points[i][k] - low) / (high - low) : 0.5;
                colors[i] |= (int) Math.round(255 * Math.clamp(value, 0.0, 1.0)) << 8 * (2 - k);
            }
        }
        return colors;
    }
}
