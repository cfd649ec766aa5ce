package dev.freecp.ops;

import dev.freecp.tensor.Tensor;

/** Attention of the reference, one query row at a time. Columns of qkv: q of all heads, then k, then v. */
final class ScalarAttention {

    private ScalarAttention() {
    }

    static void attention(Tensor context, Tensor qkv, int sequences, int heads, Scores scores, Tensor map, Heads mapHeads, float weight) {
        int n = qkv.rows() / sequences, width = context.cols(), d = width / heads;
        for (int row = 0; row < qkv.rows(); row++) {
            int start = row / n * n, keys = scores == Scores.QK_CAUSAL ? row - start + 1 : n;
            double[] kept = new double[n];
            for (int head = 0; head < heads; head++) {
                int q = head * d, k = width + head * d, v = 2 * width + head * d;
                double[] attention = switch (scores) {
                    case QK, QK_CAUSAL -> softmax(qkv, row, q, start, k, keys, d);
                    case QQ -> softmax(qkv, row, q, start, q, keys, d);
                    case QQ_PLUS_KK -> sum(softmax(qkv, row, q, start, q, keys, d), softmax(qkv, row, k, start, k, keys, d));
                    case IDENTITY -> identity(row - start, n);
                };
                weighted(context, row, q, attention, qkv, start, v, d, 1, false);
                if (map != null && (mapHeads == Heads.MEAN || head == 0)) for (int j = 0; j < n; j++) kept[j] += attention[j];
            }
            if (map != null) for (int j = 0; j < n; j++) map.set(row, j, (float) (map.get(row, j) + weight * kept[j]));
        }
    }

    static void selfSelf(Tensor context, Tensor qkv, int sequences, int heads, Tensor tau) {
        int n = qkv.rows() / sequences, width = context.cols(), d = width / heads;
        for (int s = 0; s < sequences; s++) {
            double temperature = tau.get(0, s);
            for (int head = 0; head < heads; head++) {
                int v = 2 * width + head * d;
                for (int part = 2; part >= 0; part--) {                                    // v, k, q
                    double[][] x1 = new double[n][];
                    for (int t = 0; t < n; t++) x1[t] = unit(qkv, s * n + t, part * width + head * d, d);
                    double[][] x3 = new double[n][];
                    for (int t = 0; t < n; t++) x3[t] = unit(mix(softmax(x1, t, temperature), x1, d));
                    for (int t = 0; t < n; t++)
                        weighted(context, s * n + t, head * d, softmax(x3, t, temperature), qkv, s * n, v, d, 1.0 / 3, part < 2);
                }
            }
        }
    }

    /** context(row, first + i) = or += factor * sum over j of attention(j) * v(start + j, i). */
    private static void weighted(Tensor context, int row, int first, double[] attention, Tensor qkv, int start, int v, int d, double factor, boolean add) {
        for (int i = 0; i < d; i++) {
            double sum = 0;
            for (int j = 0; j < attention.length; j++) sum += attention[j] * qkv.get(start + j, v + i);
            context.set(row, first + i, (float) ((add ? context.get(row, first + i) : 0) + factor * sum));
        }
    }

    /** softmax over {@code keys} rows from {@code start} of a . b / sqrt d, a and b columns of qkv. */
    private static double[] softmax(Tensor qkv, int row, int a, int start, int b, int keys, int d) {
        double[] scores = new double[keys];
        for (int j = 0; j < keys; j++) scores[j] = ScalarOps.dot(qkv, row, a, qkv, start + j, b, d) / Math.sqrt(d);
        return softmax(scores);
    }

    private static double[] softmax(double[][] x, int row, double temperature) {
        double[] scores = new double[x.length];
        for (int j = 0; j < x.length; j++) {
            double dot = 0;
            for (int i = 0; i < x[row].length; i++) dot += x[row][i] * x[j][i];
            scores[j] = temperature * dot;
        }
        return softmax(scores);
    }

    static double[] softmax(double[] scores) {
        double max = Double.NEGATIVE_INFINITY, sum = 0;
        for (double score : scores) max = Math.max(max, score);
        for (int j = 0; j < scores.length; j++) sum += scores[j] = Math.exp(scores[j] - max);
        for (int j = 0; j < scores.length; j++) scores[j] /= sum;
        return scores;
    }

    private static double[] sum(double[] a, double[] b) {
        for (int j = 0; j < a.length; j++) a[j] += b[j];
        return a;
    }

    private static double[] identity(int position, int n) {
        double[] row = new double[n];
        row[position] = 1;
        return row;
    }

    private static double[] mix(double[] weights, double[][] x, int d) {
        double[] y = new double[d];
        for (int j = 0; j < x.length; j++) for (int i = 0; i < d; i++) y[i] += weights[j] * x[j][i];
        return y;
    }

    private static double[] unit(Tensor qkv, int row, int first, int d) {
        double[] x = new double[d];
        for (int i = 0; i < d; i++) x[i] = qkv.get(row, first + i);
        return unit(x);
    }

    private static double[] unit(double[] x) {
        double squares = 0;
        for (double v : x) squares += v * v;
        double norm = Math.max(Math.sqrt(squares), 1e-12);
        for (int i = 0; i < x.length; i++) x[i] /= norm;
        return x;
    }
}
