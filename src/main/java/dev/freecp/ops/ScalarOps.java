package dev.freecp.ops;

import dev.freecp.tensor.DType;
import dev.freecp.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The reference: every operation of {@link Ops} as its formula reads, one loop a sum, sums in double, results rounded to float32 once. Slow on
 * purpose; the fast backends are checked against it.
 */
public final class ScalarOps implements Ops {

    private final HostMemory memory = new HostMemory();

    @Override
    public String describe() {
        return "cpu-scalar, the reference in plain loops, 1 thread, float32 with double sums";
    }

    @Override
    public Workspace workspace() {
        return memory.workspace();
    }

    @Override
    public Tensor resident(Tensor host) {
        return memory.resident(host);
    }

    @Override
    public Linear linear(Tensor weight, Tensor bias) {
        return new Linear(weight.name(), weight.rows(), weight.cols(), resident(weight), bias == null ? null : resident(bias));
    }

    @Override
    public Tensor picture(Workspace out, Tensor host) {
        host.requireType(DType.U8);
        return host;
    }

    @Override
    public float[] download(Tensor tensor) {
        return tensor.toFloats();
    }

    @Override
    public void upload(Tensor y, float[] values) {
        y.setFloats(values);
    }

    @Override
    public void fill(Tensor y, float value) {
        for (int row = 0; row < y.rows(); row++) for (int c = 0; c < y.cols(); c++) y.set(row, c, value);
    }

    @Override
    public void patches(Tensor y, Tensor picture, List<Region> regions, int height, int width, int patch, Normalization norm) {
        Contract.patches(y, picture, regions, height, width, patch);
        int h = height / patch, w = width / patch;
        for (int s = 0; s < regions.size(); s++) {
            Region region = regions.get(s);
            Bilinear.Taps rows = Bilinear.taps(region.height(), height), columns = Bilinear.taps(region.width(), width);
            for (int row = 0; row < h * w; row++) {
                for (int col = 0; col < 3 * patch * patch; col++) {
                    int channel = col / (patch * patch);
                    int i = row / w * patch + col / patch % patch, j = row % w * patch + col % patch;
                    float top = between(pixel(picture, region, rows.first(i), columns.first(j), channel, norm),
                        pixel(picture, region, rows.first(i), columns.second(j), channel, norm), columns.weight(j));
                    float bottom = between(pixel(picture, region, rows.second(i), columns.first(j), channel, norm),
                        pixel(picture, region, rows.second(i), columns.second(j), channel, norm), columns.weight(j));
                    y.set(s * h * w + row, col, between(top, bottom, rows.weight(i)));
                }
            }
        }
    }

    private static float pixel(Tensor picture, Region region, int y, int x, int channel, Normalization norm) {
        // rows of a picture (height, width, 3) are its pixels: dimension 3 is the last
        int v = picture.getByte((region.y0() + y) * picture.shape().dim(1) + region.x0() + x, channel);
        return (v - norm.mean(channel)) / norm.std(channel);
    }

    private static float between(float a, float b, float weightOfB) {
        return weightOfB == 0 ? a : (1 - weightOfB) * a + weightOfB * b;
    }

    @Override
    public void embedPatches(Tensor x, Tensor patches, Tensor cls, Tensor position) {
        Contract.embedPatches(x, patches, cls, position);
        int tokens = position.rows();
        for (int row = 0; row < x.rows(); row++) {
            int s = row / tokens, t = row % tokens;
            for (int c = 0; c < x.cols(); c++)
                x.set(row, c, (t == 0 ? cls.get(0, c) : patches.get(s * (tokens - 1) + t - 1, c)) + position.get(t, c));
        }
    }

    @Override
    public void embedTokens(Tensor x, int[][] ids, Tensor table, Tensor position) {
        Contract.embedTokens(x, ids, table, position);
        for (int s = 0, row = 0; s < ids.length; s++)
            for (int t = 0; t < ids[s].length; t++, row++)
                for (int c = 0; c < x.cols(); c++) x.set(row, c, table.get(ids[s][t], c) + position.get(t, c));
    }

    @Override
    public void layerNorm(Tensor y, Tensor x, Affine affine, float eps) {
        Contract.layerNorm(y, x, affine);
        for (int row = 0; row < x.rows(); row++) {
            double mean = 0, variance = 0;
            for (int c = 0; c < x.cols(); c++) mean += x.get(row, c);
            mean /= x.cols();
            for (int c = 0; c < x.cols(); c++) variance += (x.get(row, c) - mean) * (x.get(row, c) - mean);
            double scale = 1 / Math.sqrt(variance / x.cols() + eps);
            for (int c = 0; c < x.cols(); c++)
                y.set(row, c, (float) (affine.gamma().get(0, c) * ((x.get(row, c) - mean) * scale) + affine.beta().get(0, c)));
        }
    }

    @Override
    public void linear(Tensor y, Tensor x, Linear w, Activation activation) {
        Contract.linear(y, x, w);
        for (int row = 0; row < x.rows(); row++)
            for (int o = 0; o < w.out(); o++) y.set(row, o, (float) activate(affine(x, row, w, o), activation));
    }

    @Override
    public void linearAdd(Tensor y, Tensor x, Linear w) {
        Contract.linear(y, x, w);
        for (int row = 0; row < x.rows(); row++)
            for (int o = 0; o < w.out(); o++) y.set(row, o, (float) (y.get(row, o) + affine(x, row, w, o)));
    }

    private static double affine(Tensor x, int row, Linear w, int o) {
        double sum = dot(x, row, 0, w.weight(), o, 0, w.in());
        return w.bias() == null ? sum : sum + w.bias().get(0, o);
    }

    /** Sum of a(row, first + i) * b(row, first + i) over {@code count} columns. */
    static double dot(Tensor a, int rowA, int firstA, Tensor b, int rowB, int firstB, int count) {
        double sum = 0;
        for (int i = 0; i < count; i++) sum += (double) a.get(rowA, firstA + i) * b.get(rowB, firstB + i);
        return sum;
    }

    private static double activate(double x, Activation activation) {
        return switch (activation) {
            case NONE -> x;
            case QUICK_GELU -> x / (1 + Math.exp(-1.702 * x));
            case GELU -> x * 0.5 * (1 + Erf.erf(x / Math.sqrt(2)));
        };
    }

    @Override
    public void attention(Tensor context, Tensor qkv, int sequences, int heads, Scores scores, Tensor map, Heads mapHeads, float weight) {
        Contract.attention(context, qkv, sequences, heads, scores, map);
        ScalarAttention.attention(context, qkv, sequences, heads, scores, map, mapHeads, weight);
    }

    @Override
    public void selfSelfAttention(Tensor context, Tensor qkv, int sequences, int heads, Tensor tau) {
        Contract.selfSelfAttention(context, qkv, sequences, heads, tau);
        ScalarAttention.selfSelf(context, qkv, sequences, heads, tau);
    }

    @Override
    public void meanNorm(Tensor tau, Tensor x, float factor) {
        Contract.meanNorm(tau, x);
        int sequences = Math.toIntExact(tau.shape().count()), length = x.rows() / sequences;
        for (int s = 0; s < sequences; s++) {
            double sum = 0;
            for (int row = s * length; row < (s + 1) * length; row++) sum += Math.sqrt(dot(x, row, 0, x, row, 0, x.cols()));
            tau.set(0, s, (float) (factor * sum / length));
        }
    }

    @Override
    public void takeTokens(Tensor y, Tensor x, int sequences, int first, int count) {
        Contract.takeTokens(y, x, sequences, first, count);
        int length = x.rows() / sequences;
        for (int row = 0; row < y.rows(); row++)
            for (int c = 0; c < y.cols(); c++) y.set(row, c, x.get(row / count * length + first + row % count, c));
    }

    @Override
    public void normalizeRows(Tensor x) {
        for (int row = 0; row < x.rows(); row++) {
            double norm = Math.sqrt(dot(x, row, 0, x, row, 0, x.cols()));
            for (int c = 0; c < x.cols(); c++) x.set(row, c, (float) (x.get(row, c) / norm));
        }
    }

    @Override
    public void similarity(Tensor z, Tensor f, Tensor u, float factor) {
        Contract.similarity(z, f, u);
        for (int row = 0; row < f.rows(); row++)
            for (int q = 0; q < u.rows(); q++) z.set(row, q, (float) (factor * dot(f, row, 0, u, q, 0, f.cols())));
    }

    @Override
    public void groupMeans(Tensor y, Tensor x, int[][] groups) {
        Contract.groupMeans(y, x, groups);
        for (int g = 0; g < groups.length; g++) {
            for (int c = 0; c < x.cols(); c++) {
                double sum = 0;
                for (int row : groups[g]) sum += x.get(row, c);
                y.set(g, c, (float) (sum / groups[g].length));
            }
        }
    }

    @Override
    public void classMaps(Tensor p, Tensor y, Tensor z) {
        Contract.mapsOf(p, z);
        Contract.mapsOf(y, z);
        ScalarMaps.classMaps(p, y, z);
    }

    @Override
    public void cosineMaps(Tensor y, Tensor z, float factor) {
        Contract.mapsOf(y, z);
        int queries = y.shape().dim(1);
        for (int row = 0; row < y.rows(); row++)
            for (int i = 0; i < y.cols(); i++) y.set(row, i, Math.max(factor * z.get(row / queries * y.cols() + i, row % queries), 0));
    }

    @Override
    public void cutClassToken(Tensor y, Tensor map, float factor) {
        Contract.cutClassToken(y, map);
        int n = y.cols();
        for (int row = 0; row < y.rows(); row++)
            for (int j = 0; j < n; j++) y.set(row, j, factor * map.get(row / n * (n + 1) + 1 + row % n, 1 + j));
    }

    @Override
    public void transition(Tensor t, Tensor a, int rounds, boolean symmetric) {
        Contract.transition(t, a);
        ScalarMaps.transition(t, a, rounds, symmetric);
    }

    @Override
    public List<List<Box>> boxes(Tensor maps, int gridHeight, int gridWidth, BoxRule rule) {
        Contract.grid(maps, gridHeight, gridWidth);
        List<List<Box>> boxes = new ArrayList<>();
        for (int row = 0; row < maps.rows(); row++) boxes.add(Boxes.of(rowOf(maps, row), gridHeight, gridWidth, rule));
        return boxes;
    }

    @Override
    public void maskByBoxes(Tensor x, Tensor y, int first, int gridHeight, int gridWidth, BoxRule rule) {
        Contract.mapsWithin(x, y, first);
        Contract.grid(x, gridHeight, gridWidth);
        int maps = x.shape().dim(1), all = y.shape().dim(1);
        for (int row = 0; row < x.rows(); row++) {
            float[] map = rowOf(y, row / maps * all + first + row % maps);
            boolean[] mask = Boxes.mask(Boxes.of(map, gridHeight, gridWidth, rule), gridHeight, gridWidth);
            for (int i = 0; i < map.length; i++) x.set(row, i, mask[i] ? map[i] : 0);
        }
    }

    private static float[] rowOf(Tensor t, int row) {
        float[] values = new float[t.cols()];
        for (int c = 0; c < values.length; c++) values[c] = t.get(row, c);
        return values;
    }

    @Override
    public void propagate(Tensor y, Tensor t, Tensor x) {
        Contract.propagate(y, t, x);
        int maps = x.shape().dim(1), n = x.cols();
        for (int row = 0; row < x.rows(); row++)
            for (int i = 0; i < n; i++) y.set(row, i, (float) dot(t, row / maps * n + i, 0, x, row, 0, n));
    }

    @Override
    public void minMaxRows(Tensor r, float eps) {
        for (int row = 0; row < r.rows(); row++) {
            float min = Float.POSITIVE_INFINITY, max = Float.NEGATIVE_INFINITY;
            for (int c = 0; c < r.cols(); c++) {
                min = Math.min(min, r.get(row, c));
                max = Math.max(max, r.get(row, c));
            }
            float range = max - min + eps;
            for (int c = 0; c < r.cols(); c++) r.set(row, c, (r.get(row, c) - min) / range);
        }
    }

    @Override
    public void overlapSums(Tensor sums, Tensor p, int first, Tensor r) {
        Contract.overlapSums(sums, p, first, r);
        int maps = r.shape().dim(1), all = p.shape().dim(1);
        for (int row = 0; row < r.rows(); row++) {
            int rowOfP = row / maps * all + first + row % maps;
            sums.set(row, 0, (float) dot(p, rowOfP, 0, r, row, 0, r.cols()));
            sums.set(row, 1, (float) ScalarMaps.sum(p, rowOfP));
            sums.set(row, 2, (float) ScalarMaps.sum(r, row));
        }
    }

    @Override
    public void softIou(Tensor j, Tensor r, int[] rows, Overlap overlap) {
        Contract.softIou(j, r, rows);
        for (int a = 0; a < rows.length; a++) {
            for (int b = 0; b < rows.length; b++) {
                double shared = 0;
                for (int c = 0; c < r.cols(); c++) {
                    float u = r.get(rows[a], c), v = r.get(rows[b], c);
                    shared += overlap == Overlap.MINIMUM ? Math.min(u, v) : (double) u * v;
                }
                j.set(a, b, (float) (shared / (ScalarMaps.sum(r, rows[a]) + ScalarMaps.sum(r, rows[b]) - shared)));
            }
        }
    }

    @Override
    public void clear(Tensor r, int row, int[] columns) {
        for (int c : columns) r.set(row, c, 0);
    }

    @Override
    public void assemble(Tensor labels, Tensor confidence, Tensor scores, Tensor maps, int[][] alive, Mosaic mosaic, LabelRule rule) {
        Contract.assemble(labels, confidence, scores, maps, alive, mosaic, rule);
        ScalarMaps.assemble(labels, confidence, scores, maps, alive, mosaic, rule);
    }

    @Override
    public void close() {
        memory.close();
    }
}
