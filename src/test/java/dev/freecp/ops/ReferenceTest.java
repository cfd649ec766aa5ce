package dev.freecp.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.util.Random;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.special.Erf;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The reference itself, against commons-math3 and numbers worked out by hand. */
class ReferenceTest {

    private final Ops ops = new ScalarOps();

    @AfterEach
    void close() {
        ops.close();
    }

    private static Tensor zeros(String name, Shape shape) {
        return Tensor.of(name, shape, new float[Math.toIntExact(shape.count())]);
    }

    private static Tensor random(String name, int rows, int cols) {
        Random random = new Random(name.hashCode());
        float[] values = new float[rows * cols];
        for (int i = 0; i < values.length; i++) values[i] = (float) random.nextGaussian();
        return Tensor.of(name, Shape.of("row col", rows, cols), values);
    }

    private static RealMatrix matrix(Tensor t) {
        RealMatrix m = MatrixUtils.createRealMatrix(t.rows(), t.cols());
        for (int r = 0; r < t.rows(); r++) for (int c = 0; c < t.cols(); c++) m.setEntry(r, c, t.get(r, c));
        return m;
    }

    @Test
    void linearIsAMatrixProduct() {
        Tensor x = random("x", 5, 7), w = random("w", 3, 7), b = random("b", 1, 3), y = zeros("y", Shape.of("row col", 5, 3));
        ops.linear(y, x, ops.linear(w, b.as("b", Shape.of("out", 3))), Activation.NONE);
        RealMatrix product = matrix(x).multiply(matrix(w).transpose());
        for (int r = 0; r < 5; r++) for (int o = 0; o < 3; o++) assertEquals(product.getEntry(r, o) + b.get(0, o), y.get(r, o), 1e-6);
    }

    @Test
    void geluIsExact() {
        Tensor x = random("gelu", 50, 1), y = zeros("y", Shape.of("row col", 50, 1));
        ops.linear(y, x, ops.linear(Tensor.of("one", Shape.of("out in", 1, 1), 1), null), Activation.GELU);
        for (int r = 0; r < 50; r++) assertEquals(x.get(r, 0) * (1 + Erf.erf(x.get(r, 0) / Math.sqrt(2))) / 2, y.get(r, 0), 1e-7);
    }

    @Test
    void layerNormStandardizesARow() {
        Tensor x = random("norm", 1, 100), y = zeros("y", x.shape()), one = zeros("gamma", Shape.of("col", 100)), zero = zeros("beta", Shape.of("col", 100));
        ops.fill(one, 1);
        ops.layerNorm(y, x, new Affine(one, zero), 0);
        DescriptiveStatistics before = new DescriptiveStatistics(), after = new DescriptiveStatistics();
        for (int c = 0; c < 100; c++) {
            before.addValue(x.get(0, c));
            after.addValue(y.get(0, c));
        }
        assertEquals(0, after.getMean(), 1e-7);
        assertEquals(1, after.getPopulationVariance(), 1e-6);
        assertEquals((x.get(0, 3) - before.getMean()) / Math.sqrt(before.getPopulationVariance()), y.get(0, 3), 1e-6);
    }

    /** Two tokens, one head of one channel: scores (1, 0; 0, 0) give weights (e, 1) / (e + 1) and (1, 1) / 2. */
    @Test
    void attentionOfTwoTokens() {
        Tensor qkv = Tensor.of("qkv", Shape.of("row col", 2, 3), 1, 1, 10, 0, 0, 20), context = zeros("context", Shape.of("row col", 2, 1));
        Tensor map = zeros("map", Shape.of("s q k", 1, 2, 2));
        ops.attention(context, qkv, 1, 1, Scores.QK, map, Heads.MEAN, 1);
        float e = (float) Math.E;
        assertArrayEquals(new float[] {e / (e + 1), 1 / (e + 1), 0.5f, 0.5f}, map.toFloats(), 1e-6f);
        assertArrayEquals(new float[] {(10 * e + 20) / (e + 1), 15}, context.toFloats(), 1e-5f);
        ops.attention(context, qkv, 1, 1, Scores.QK_CAUSAL);
        assertArrayEquals(new float[] {10, 15}, context.toFloats(), 1e-5f);
        ops.attention(context, qkv, 1, 1, Scores.IDENTITY);
        assertArrayEquals(new float[] {10, 20}, context.toFloats());
        ops.attention(context, qkv, 1, 1, Scores.QQ_PLUS_KK);
        assertArrayEquals(new float[] {2 * (10 * e + 20) / (e + 1), 30}, context.toFloats(), 1e-5f);
    }

    @Test
    void classMapsAreASoftmaxStretchedOverTheWindow() {
        float ln3 = (float) Math.log(3);
        Tensor z = Tensor.of("z", Shape.of("cell query", 2, 2), 0, ln3, 7, 7), p = zeros("p", Shape.of("s q i", 1, 2, 2)), y = zeros("y", p.shape());
        ops.classMaps(p, y, z);
        assertArrayEquals(new float[] {0.25f, 0.5f, 0.75f, 0.5f}, p.toFloats(), 1e-6f);
        assertArrayEquals(new float[] {0, 0.5f, 1, 0.5f}, y.toFloats(), 1e-6f);
    }

    @Test
    void aSingleWordHasEmptyMaps() {
        Tensor z = Tensor.of("z", Shape.of("cell query", 2, 1), 3, 5), p = zeros("p", Shape.of("s q i", 1, 1, 2)), y = zeros("y", p.shape());
        ops.classMaps(p, y, z);
        assertArrayEquals(new float[] {0, 0}, y.toFloats());
    }

    /** Columns (1 + 3, 1 + 3), then rows: (1/4, 1/4) and (3/4, 3/4) become (1/2, 1/2). */
    @Test
    void transitionDividesColumnsThenRows() {
        Tensor a = Tensor.of("a", Shape.of("s i j", 1, 2, 2), 1, 1, 3, 3), t = zeros("t", a.shape());
        ops.transition(t, a, 1, false);
        assertArrayEquals(new float[] {0.5f, 0.5f, 0.5f, 0.5f}, t.toFloats(), 1e-7f);
    }

    @Test
    void softIouOfTwoMaps() {
        Tensor r = Tensor.of("r", Shape.of("map cell", 2, 3), 1, 0.5f, 0, 0.5f, 0.5f, 1), j = zeros("j", Shape.of("a b", 2, 2));
        ops.softIou(j, r, new int[] {0, 1}, Overlap.MINIMUM);
        assertArrayEquals(new float[] {1, 1 / 2.5f, 1 / 2.5f, 1}, j.toFloats(), 1e-6f);
        ops.softIou(j, r, new int[] {0, 1}, Overlap.PRODUCT);
        assertEquals(0.75f / (1.5f + 2 - 0.75f), j.get(0, 1), 1e-6);
    }
}
