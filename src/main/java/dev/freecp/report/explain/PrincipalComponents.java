package dev.freecp.report.explain;

import java.util.Random;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;

/**
 * The directions in which features differ most. Subspace iteration on the centred features themselves with a few directions more than wanted, then the
 * eigenvectors of the small matrix that is left: some hundred products with the features, where decomposing their covariance would take seconds a block.
 */
final class PrincipalComponents {

    private static final int SPARE = 5;
    private static final int ROUNDS = 24;
    private static final long SEED = 8;

    private final float[][] scores;
    private final double[] variance;

    private PrincipalComponents(float[][] scores, double[] variance) {
        this.scores = scores;
        this.variance = variance;
    }

    /**
     * @param features (cells, width)
     * @param count    how many components
     */
    static PrincipalComponents of(float[][] features, int count) {
        double[][] x = centred(features);
        int width = features[0].length, tried = Math.min(count + SPARE, width);
        Random random = new Random(SEED);
        double[][] basis = new double[tried][width];
        for (double[] direction : basis) for (int d = 0; d < width; d++) direction[d] = random.nextGaussian();
        orthonormalize(basis);
        for (int round = 0; round < ROUNDS; round++) {
            basis = back(project(x, basis), x, width);
            orthonormalize(basis);
        }
        double[][] seen = project(x, basis);                                                // (cells, tried)
        EigenDecomposition small = new EigenDecomposition(new Array2DRowRealMatrix(back(seen, seen, tried), false));
        double total = 0;
        for (double[] row : x) for (double value : row) total += value * value;
        float[][] scores = new float[x.length][count];
        double[] variance = new double[count];
        for (int k = 0; k < Math.min(count, tried); k++) {
            double[] direction = small.getEigenvector(k).toArray();
            for (int cell = 0; cell < x.length; cell++) scores[cell][k] = (float) dot(seen[cell], direction);
            variance[k] = total == 0 ? 0 : small.getRealEigenvalue(k) / total;
        }
        return new PrincipalComponents(scores, variance);
    }

    /** (cells, count): the features along each component. */
    float[][] scores() {
        return scores;
    }

    /** Share of the variance in each component, decreasing. */
    double[] variance() {
        return variance;
    }

    /** Turns each component so that it points the same way as in an earlier layer: a component is known up to its sign only. */
    PrincipalComponents alignedTo(float[][] earlier) {
        for (int k = 0; k < variance.length; k++) {
            double agreement = 0;
            for (int cell = 0; cell < scores.length; cell++) agreement += (double) scores[cell][k] * earlier[cell][k];
            if (agreement < 0) for (float[] row : scores) row[k] = -row[k];
        }
        return this;
    }

    private static double[][] centred(float[][] features) {
        int width = features[0].length;
        double[] mean = new double[width];
        for (float[] row : features) for (int d = 0; d < width; d++) mean[d] += row[d] / features.length;
        double[][] x = new double[features.length][width];
        for (int cell = 0; cell < x.length; cell++) for (int d = 0; d < width; d++) x[cell][d] = features[cell][d] - mean[d];
        return x;
    }

    /** (cells, directions). */
    private static double[][] project(double[][] x, double[][] basis) {
        double[][] seen = new double[x.length][basis.length];
        for (int cell = 0; cell < x.length; cell++) for (int k = 0; k < basis.length; k++) seen[cell][k] = dot(x[cell], basis[k]);
        return seen;
    }

    /** seen^T x, (directions, width). */
    private static double[][] back(double[][] seen, double[][] x, int width) {
        double[][] sums = new double[seen[0].length][width];
        for (int cell = 0; cell < x.length; cell++)
            for (int k = 0; k < sums.length; k++) {
                double factor = seen[cell][k];
                for (int d = 0; d < width; d++) sums[k][d] += factor * x[cell][d];
            }
        return sums;
    }

    /** Gram and Schmidt, twice for the sake of rounding; a direction that is none of the features' becomes 0. */
    private static void orthonormalize(double[][] basis) {
        for (int k = 0; k < basis.length; k++) {
            double before = Math.sqrt(dot(basis[k], basis[k]));
            for (int pass = 0; pass < 2; pass++)
                for (int j = 0; j < k; j++) {
                    double share = dot(basis[k], basis[j]);
                    for (int d = 0; d < basis[k].length; d++) basis[k][d] -= share * basis[j][d];
                }
            double left = Math.sqrt(dot(basis[k], basis[k]));
            double scale = left > 1e-12 * before ? 1 / left : 0;
            for (int d = 0; d < basis[k].length; d++) basis[k][d] *= scale;
        }
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) sum += a[i] * b[i];
        return sum;
    }
}
