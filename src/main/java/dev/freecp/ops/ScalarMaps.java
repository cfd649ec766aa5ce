package dev.freecp.ops;

import dev.freecp.tensor.Tensor;
import java.util.Arrays;

/** Class maps, transition matrix and label assembly of the reference. */
final class ScalarMaps {

    private ScalarMaps() {
    }

    static void classMaps(Tensor p, Tensor y, Tensor z) {
        int windows = p.shape().dim(0), queries = p.shape().dim(1), n = p.cols();
        for (int s = 0; s < windows; s++) {
            float min = Float.POSITIVE_INFINITY, max = Float.NEGATIVE_INFINITY;
            for (int i = 0; i < n; i++) {
                double[] scores = new double[queries];
                for (int q = 0; q < queries; q++) scores[q] = z.get(s * n + i, q);
                ScalarAttention.softmax(scores);
                for (int q = 0; q < queries; q++) {
                    float v = (float) scores[q];
                    p.set(s * queries + q, i, v);
                    min = Math.min(min, v);
                    max = Math.max(max, v);
                }
            }
            for (int q = 0; q < queries; q++)
                for (int i = 0; i < n; i++) y.set(s * queries + q, i, max == min ? 0 : (p.get(s * queries + q, i) - min) / (max - min));
        }
    }

    static void transition(Tensor t, Tensor a, int rounds, boolean symmetric) {
        int n = a.cols();
        for (int s = 0; s < a.shape().dim(0); s++) {
            double[][] m = new double[n][n];
            for (int i = 0; i < n; i++) for (int j = 0; j < n; j++) m[i][j] = a.get(s * n + i, j);
            for (int round = 0; round < rounds; round++) {
                for (int j = 0; j < n; j++) {
                    double sum = 0;
                    for (int i = 0; i < n; i++) sum += m[i][j];
                    for (int i = 0; i < n; i++) m[i][j] /= sum;
                }
                for (double[] row : m) {
                    double sum = Arrays.stream(row).sum();
                    for (int j = 0; j < n; j++) row[j] /= sum;
                }
            }
            for (int i = 0; i < n; i++) for (int j = 0; j < n; j++) t.set(s * n + i, j, (float) (symmetric ? (m[i][j] + m[j][i]) / 2 : m[i][j]));
        }
    }

    static double sum(Tensor t, int row) {
        double sum = 0;
        for (int c = 0; c < t.cols(); c++) sum += t.get(row, c);
        return sum;
    }

    static void assemble(Tensor labels, Tensor confidence, Tensor scores, Tensor maps, int[][] alive, Mosaic mosaic, LabelRule rule) {
        double[][][] averaged = averaged(maps, alive, mosaic, rule);
        Bilinear.Taps rows = Bilinear.taps(mosaic.height(), mosaic.outputHeight()), columns = Bilinear.taps(mosaic.width(), mosaic.outputWidth());
        boolean background = rule.background() != LabelRule.Background.NONE;
        for (int y = 0; y < mosaic.outputHeight(); y++) {
            for (int x = 0; x < mosaic.outputWidth(); x++) {
                float[] p = new float[rule.labels()];
                float max = Float.NEGATIVE_INFINITY;
                for (int c = 0; c < rule.classes(); c++) {
                    float v = (float) sample(averaged[c], rows, y, columns, x);
                    p[background ? c + 1 : c] = v;
                    max = Math.max(max, v);
                }
                if (rule.background() == LabelRule.Background.ONE_MINUS_MAX) p[0] = 1 - max;
                if (rule.background() == LabelRule.Background.THRESHOLD) p[0] = max < rule.threshold() ? 1 - max : Float.NEGATIVE_INFINITY;
                int label = rule.background() == LabelRule.Background.THRESHOLD && max < rule.threshold() ? 0 : firstOfLargest(p);
                labels.setInt(y, x, label);
                if (confidence != null) confidence.set(y, x, p[label]);
                if (scores != null) for (int l = 0; l < p.length; l++) scores.set(l * mosaic.outputHeight() + y, x, p[l]);
            }
        }
    }

    /** Class maps on the picture's pixels: windows' maps up-sampled, largest of a class, summed and divided by how many windows cover the pixel. */
    private static double[][][] averaged(Tensor maps, int[][] alive, Mosaic mosaic, LabelRule rule) {
        double[][][] sums = new double[rule.classes()][mosaic.height()][mosaic.width()];
        int[][] cover = new int[mosaic.height()][mosaic.width()];
        Region size = mosaic.windows().getFirst();
        Bilinear.Taps rows = Bilinear.taps(mosaic.gridHeight(), size.height()), columns = Bilinear.taps(mosaic.gridWidth(), size.width());
        for (int s = 0; s < mosaic.windows().size(); s++) {
            Region window = mosaic.windows().get(s);
            for (int y = 0; y < size.height(); y++) {
                for (int x = 0; x < size.width(); x++) {
                    double[] best = new double[rule.classes()];
                    for (int m : alive[s]) {
                        int c = rule.classOfMap()[m];
                        best[c] = Math.max(best[c], sample(maps, s * maps.shape().dim(1) + m, mosaic.gridWidth(), rows, y, columns, x));
                    }
                    for (int c = 0; c < best.length; c++) sums[c][window.y0() + y][window.x0() + x] += best[c];
                    cover[window.y0() + y][window.x0() + x]++;
                }
            }
        }
        for (double[][] map : sums) for (int y = 0; y < mosaic.height(); y++) for (int x = 0; x < mosaic.width(); x++) map[y][x] /= cover[y][x];
        return sums;
    }

    private static double sample(Tensor maps, int row, int gridWidth, Bilinear.Taps rows, int y, Bilinear.Taps columns, int x) {
        int top = rows.first(y) * gridWidth, bottom = rows.second(y) * gridWidth, left = columns.first(x), right = columns.second(x);
        double a = columns.weight(x), b = rows.weight(y);
        return (1 - b) * ((1 - a) * maps.get(row, top + left) + a * maps.get(row, top + right))
            + b * ((1 - a) * maps.get(row, bottom + left) + a * maps.get(row, bottom + right));
    }

    private static double sample(double[][] map, Bilinear.Taps rows, int y, Bilinear.Taps columns, int x) {
        double[] top = map[rows.first(y)], bottom = map[rows.second(y)];
        double a = columns.weight(x), b = rows.weight(y);
        return (1 - b) * ((1 - a) * top[columns.first(x)] + a * top[columns.second(x)]) + b * ((1 - a) * bottom[columns.first(x)] + a * bottom[columns.second(x)]);
    }

    private static int firstOfLargest(float[] p) {
        int best = 0;
        for (int i = 1; i < p.length; i++) if (p[i] > p[best]) best = i;
        return best;
    }
}
