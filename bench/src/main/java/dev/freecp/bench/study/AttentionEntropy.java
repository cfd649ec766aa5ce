package dev.freecp.bench.study;

import dev.freecp.clip.Trace;
import dev.freecp.clip.VisionConfig;
import dev.freecp.image.Picture;
import dev.freecp.report.Canvas;
import dev.freecp.report.LabelColors;
import dev.freecp.report.PixelFont;
import dev.freecp.weights.Checkpoint;
import dev.freecp.weights.Weights;
import java.util.Locale;

/**
 * How widely each head of each block looks: the entropy of its attention over the keys, mean over the queries, as a share of what looking at all tokens
 * alike would have. The engine never keeps a single head's attention, so that it is computed here once more, in plain loops over q and k.
 */
final class AttentionEntropy implements Study {

    private static final int WIDTH = 640, HEIGHT = 320, LEFT = 60, TOP = 40, BOTTOM = 44, INK = 0x24292f, GRID = 0xd8dee4, DOT = 9;

    @Override
    public String name() {
        return "entropy";
    }

    @Override
    public Picture draw(Subject subject) {
        return chart(of(subject));
    }

    /** By block and head, from 0, a single key, to 1, all alike. */
    static double[][] of(Subject subject) {
        VisionConfig tower = subject.tower();
        double[][] entropies = new double[tower.layers()][];
        try (Checkpoint checkpoint = Checkpoint.open(subject.model())) {
            for (int layer = 0; layer < tower.layers(); layer++) {
                String at = "vision_model.encoder.layers." + layer + ".";
                double[][] x = subject.ofWindow(layer == 0 ? "embed" : Trace.block(layer - 1)).toDoubles();
                Linear norm = Linear.of(checkpoint.weights(), at + "layer_norm1");
                for (double[] row : x) normalize(row, norm, tower.eps());
                double[][] q = Linear.of(checkpoint.weights(), at + "self_attn.q_proj").apply(x);
                double[][] k = Linear.of(checkpoint.weights(), at + "self_attn.k_proj").apply(x);
                entropies[layer] = entropies(q, k, tower.heads());
            }
        }
        return entropies;
    }

    /** Of each head, heads side by side in the rows of q and k. */
    static double[] entropies(double[][] q, double[][] k, int heads) {
        int d = q[0].length / heads, n = q.length;
        double[] entropies = new double[heads];
        for (int head = 0; head < heads; head++) {
            for (double[] query : q) {
                double[] scores = new double[n];
                double most = Double.NEGATIVE_INFINITY, sum = 0, weighted = 0;
                for (int j = 0; j < n; j++) {
                    for (int c = head * d; c < (head + 1) * d; c++) scores[j] += query[c] * k[j][c];
                    scores[j] /= Math.sqrt(d);
                    most = Math.max(most, scores[j]);
                }
                for (double score : scores) {
                    double p = Math.exp(score - most);
                    sum += p;
                    weighted += p * (score - most);
                }
                entropies[head] += (Math.log(sum) - weighted / sum) / Math.log(n) / n;      // - sum of p log p
            }
        }
        return entropies;
    }

    /** Weight (out, in) or, of a norm, (C), and its bias. */
    private record Linear(Rows weight, float[] bias) {

        static Linear of(Weights weights, String name) {
            return new Linear(Rows.of(weights.tensor(name + ".weight")), weights.tensor(name + ".bias").toFloats());
        }

        double[][] apply(double[][] x) {
            double[][] y = new double[x.length][bias.length];
            for (int i = 0; i < x.length; i++) {
                for (int o = 0; o < bias.length; o++) {
                    double sum = bias[o];
                    for (int c = 0; c < weight.cols(); c++) sum += x[i][c] * weight.values()[o * weight.cols() + c];
                    y[i][o] = sum;
                }
            }
            return y;
        }
    }

    private static void normalize(double[] x, Linear norm, double eps) {
        double mean = 0, variance = 0;
        for (double v : x) mean += v / x.length;
        for (double v : x) variance += (v - mean) * (v - mean) / x.length;
        for (int c = 0; c < x.length; c++) x[c] = norm.weight.values()[c] * (x[c] - mean) / Math.sqrt(variance + eps) + norm.bias[c];
    }

    /** A dot for each head above its block, heads of one number in one colour. */
    private static Picture chart(double[][] entropies) {
        Canvas canvas = new Canvas(TOP + HEIGHT + BOTTOM, LEFT + WIDTH + 20, 0xffffff);
        PixelFont.draw(canvas, 10, LEFT, "entropy of each head's attention, share of the largest", 1, INK);
        for (int tick = 0; tick <= 4; tick++) {
            int y = TOP + HEIGHT - tick * HEIGHT / 4;
            canvas.fill(y, LEFT, 1, WIDTH, GRID);
            PixelFont.draw(canvas, y - 8, 8, String.format(Locale.ROOT, "%.2f", tick / 4.0), 1, INK);
        }
        int step = WIDTH / entropies.length;
        for (int layer = 0; layer < entropies.length; layer++) {
            int middle = LEFT + step * layer + step / 2, heads = entropies[layer].length;
            for (int head = 0; head < heads; head++) {
                int x = middle + (2 * head - heads + 1) * Math.min(DOT, step / (2 * heads));
                int y = TOP + HEIGHT - (int) Math.round(HEIGHT * entropies[layer][head]);
                canvas.fillRounded(y - DOT / 2, x - DOT / 2, DOT, DOT / 2.0, LabelColors.of(head));
            }
            PixelFont.draw(canvas, TOP + HEIGHT + 10, middle - 30, "block " + layer, 1, INK);
        }
        return canvas.toPicture("entropy");
    }
}
