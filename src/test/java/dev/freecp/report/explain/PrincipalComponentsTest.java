package dev.freecp.report.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.stream.DoubleStream;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.stat.correlation.Covariance;
import org.junit.jupiter.api.Test;

class PrincipalComponentsTest {

    private static final int CELLS = 150, WIDTH = 40;

    /** Against the eigenvectors of the covariance matrix, which are found by other means. */
    @Test
    void areTheEigenvectorsOfTheCovariance() {
        float[][] features = features(3);
        PrincipalComponents components = PrincipalComponents.of(features, 3);
        RealMatrix covariance = new Covariance(doubles(features)).getCovarianceMatrix();
        EigenDecomposition expected = new EigenDecomposition(covariance);
        for (int k = 0; k < 3; k++) {
            assertEquals(expected.getRealEigenvalue(k) / covariance.getTrace(), components.variance()[k], 1e-5);
            double[] scores = MatrixUtils.createRealMatrix(doubles(features)).operate(expected.getEigenvector(k).toArray());
            double mean = DoubleStream.of(scores).average().orElseThrow(), sign = Math.signum((scores[0] - mean) * components.scores()[0][k]);
            for (int cell = 0; cell < CELLS; cell++) assertEquals(sign * (scores[cell] - mean), components.scores()[cell][k], 2e-2);
        }
    }

    @Test
    void pointTheWayOfAnEarlierLayer() {
        float[][] features = features(4), earlier = PrincipalComponents.of(features, 3).scores(), mirrored = new float[CELLS][3];
        for (int cell = 0; cell < CELLS; cell++) for (int k = 0; k < 3; k++) mirrored[cell][k] = -earlier[cell][k];
        float[][] aligned = PrincipalComponents.of(features, 3).alignedTo(mirrored).scores();
        for (int cell = 0; cell < CELLS; cell++) assertEquals(mirrored[cell][0], aligned[cell][0]);
    }

    @Test
    void areTheSameEveryTime() {
        float[][] features = features(5);
        for (int cell = 0; cell < CELLS; cell++) assertEquals(PrincipalComponents.of(features, 3).scores()[cell][2], PrincipalComponents.of(features, 3).scores()[cell][2]);
    }

    @Test
    void whereFeaturesDifferInOneDirectionTheOthersAreNothing() {
        float[][] line = new float[20][7], point = new float[5][7], narrow = {{1, 2}, {4, 9}, {0, 1}};
        for (int cell = 0; cell < line.length; cell++) line[cell][2] = cell;
        assertEquals(1, PrincipalComponents.of(line, 3).variance()[0], 1e-9);
        assertEquals(0, PrincipalComponents.of(line, 3).variance()[1], 1e-9);
        assertEquals(0, PrincipalComponents.of(point, 3).variance()[0]);
        assertEquals(0, PrincipalComponents.of(narrow, 3).variance()[2]);
        assertTrue(Float.isFinite(PrincipalComponents.of(point, 3).scores()[4][2]));
    }

    /** Directions of clearly different strength, far from the origin. */
    private static float[][] features(long seed) {
        Random random = new Random(seed);
        float[][] features = new float[CELLS][WIDTH], directions = new float[6][WIDTH];
        for (float[] direction : directions) for (int d = 0; d < WIDTH; d++) direction[d] = (float) random.nextGaussian();
        for (float[] row : features) {
            for (int d = 0; d < WIDTH; d++) row[d] = 10 + 0.1f * (float) random.nextGaussian();
            for (int k = 0; k < directions.length; k++) {
                float strength = (float) (random.nextGaussian() * Math.pow(0.6, k));
                for (int d = 0; d < WIDTH; d++) row[d] += strength * directions[k][d];
            }
        }
        return features;
    }

    private static double[][] doubles(float[][] features) {
        double[][] doubles = new double[features.length][features[0].length];
        for (int cell = 0; cell < doubles.length; cell++) for (int d = 0; d < doubles[cell].length; d++) doubles[cell][d] = features[cell][d];
        return doubles;
    }
}
