package dev.freecp.parity;

import dev.freecp.ops.Activation;
import dev.freecp.ops.Box;
import dev.freecp.ops.BoxRule;
import dev.freecp.ops.Heads;
import dev.freecp.ops.LabelRule;
import dev.freecp.ops.Mosaic;
import dev.freecp.ops.Normalization;
import dev.freecp.ops.Ops;
import dev.freecp.ops.Overlap;
import dev.freecp.ops.Region;
import dev.freecp.ops.Scores;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What {@link SelfTest} runs: for each operation some sizes and all of its variants. */
final class SelfTestCases {

    private static final Normalization NORMALIZATION = new Normalization(122.771f, 116.746f, 104.094f, 68.501f, 66.632f, 70.323f);

    /** Windows of a batch. */
    private static final int WINDOWS = 2;

    /** A call of an operation on a trial's inputs, and the numbers that came out. */
    interface Call {
        float[] run(Trial trial);
    }

    /**
     * @param tower   computed in the precision of towers; otherwise in float32 always
     * @param variant sizes and kind, for messages
     */
    record Case(String operation, boolean tower, String variant, Call call) {
        @Override
        public String toString() {
            return operation + " " + variant;
        }
    }

    /** The same, for one size of those that an operation is run on. */
    private interface SizedCall {
        float[] run(Trial trial, int[] size);
    }

    private final boolean thorough;
    private final List<Case> cases = new ArrayList<>();

    SelfTestCases(boolean thorough) {
        this.thorough = thorough;
    }

    List<Case> all() {
        tokens();
        products();
        attentions();
        maps();
        purification();
        pictures();
        return List.copyOf(cases);
    }

    private void tokens() {
        int[][] sizes = sizes(new int[][] {{7, 33}}, new int[][] {{1, 1}, {31, 197}, {3, 1021}, {33, 768}, {577, 64}});
        tower("layerNorm", sizes, (t, size) -> {
            Tensor y = t.activationOutput(size);
            t.ops().layerNorm(y, t.input(size), t.affine(size[1]), 1e-5f);
            return t.ops().download(y);
        });
        float32("layerNorm", sizes, (t, size) -> {
            Tensor x = t.input(size);
            t.ops().layerNorm(x, x, t.affine(size[1]), 1e-5f);
            return t.ops().download(x);
        });
        float32("embedPatches", sizes, (t, size) -> {
            Tensor x = t.output(WINDOWS * (size[0] + 1), size[1]);
            t.ops().embedPatches(x, t.input(WINDOWS * size[0], size[1]), t.weights(size[1]), t.weights(size[0] + 1, size[1]));
            return t.ops().download(x);
        });
        float32("embedTokens", sizes, (t, size) -> {
            Tensor x = t.output(WINDOWS * size[0], size[1]);
            int[][] ids = new int[WINDOWS][];
            Arrays.setAll(ids, _ -> t.random().ints(size[0], 0, 50).toArray());
            t.ops().embedTokens(x, ids, t.weights(50, size[1]), t.weights(size[0], size[1]));
            return t.ops().download(x);
        });
        tower("meanNorm", sizes, (t, size) -> {
            Tensor tau = t.output(WINDOWS);
            t.ops().meanNorm(tau, t.activation(WINDOWS * size[0], size[1]), 0.125f);
            return t.ops().download(tau);
        });
        tower("takeTokens", sizes, (t, size) -> {
            int first = size[0] / 3, count = size[0] - first;
            Tensor y = t.activationOutput(WINDOWS * count, size[1]);
            t.ops().takeTokens(y, t.activation(WINDOWS * size[0], size[1]), WINDOWS, first, count);
            return t.ops().download(y);
        });
        float32("normalizeRows", sizes, (t, size) -> {
            Tensor x = t.input(size);
            t.ops().normalizeRows(x);
            return t.ops().download(x);
        });
        float32("groupMeans", sizes, (t, size) -> {
            int last = size[0] - 1;
            Tensor y = t.output(3, size[1]);
            t.ops().groupMeans(y, t.input(size), new int[][] {{0}, {last, 0}, IntStream.range(0, size[0]).toArray()});
            return t.ops().download(y);
        });
    }

    /** Sizes are rows, inputs, outputs. */
    private void products() {
        int[][] sizes = sizes(new int[][] {{7, 33, 31}, {13, 64, 70}}, new int[][] {{1, 1, 1}, {31, 7, 197}, {13, 1021, 70}, {197, 65, 129}, {577, 48, 67}});
        for (Activation activation : Activation.values()) {
            tower("linear", sizes, (t, size) -> {
                Tensor y = t.activationOutput(size[0], size[2]);
                t.ops().linear(y, t.activation(size[0], size[1]), t.linear(size[2], size[1]), activation);
                return t.ops().download(y);
            });
        }
        tower("linearAdd", sizes, (t, size) -> {
            Tensor y = t.input(size[0], size[2]);
            t.ops().linearAdd(y, t.activation(size[0], size[1]), t.linear(size[2], size[1]));
            return t.ops().download(y);
        });
        float32("similarity", sizes, (t, size) -> {
            Tensor z = t.output(size[0], size[2]);
            t.ops().similarity(z, t.input(size[0], size[1]), t.input(size[2], size[1]), 0.01f);
            return t.ops().download(z);
        });
    }

    /** Sizes are tokens, heads, size of a head. */
    private void attentions() {
        int[][] sizes = sizes(new int[][] {{10, 2, 64}}, new int[][] {{1, 1, 1}, {7, 3, 5}, {33, 2, 16}, {65, 1, 70}, {197, 2, 32}});
        for (Scores scores : Scores.values()) {
            tower("attention", sizes, (t, size) -> {
                Tensor context = t.activationOutput(WINDOWS * size[0], size[1] * size[2]);
                t.ops().attention(context, qkv(t, size), WINDOWS, size[1], scores);
                return t.ops().download(context);
            });
        }
        for (Heads heads : Heads.values()) {
            tower("attention", sizes, (t, size) -> {
                Tensor context = t.activationOutput(WINDOWS * size[0], size[1] * size[2]), map = t.maps(WINDOWS, size[0], size[0]);
                t.ops().attention(context, qkv(t, size), WINDOWS, size[1], Scores.QK, map, heads, 0.25f);
                return together(t.ops(), context, map);
            });
        }
        tower("selfSelfAttention", sizes, (t, size) -> {
            Tensor context = t.activationOutput(WINDOWS * size[0], size[1] * size[2]);
            t.ops().selfSelfAttention(context, qkv(t, size), WINDOWS, size[1], t.maps(WINDOWS));
            return t.ops().download(context);
        });
    }

    private static Tensor qkv(Trial t, int[] size) {
        return t.activation(WINDOWS * size[0], 3 * size[1] * size[2]);
    }

    /** Sizes are classes, rows and columns of the grid of cells; one background word stands before the classes. */
    private int[][] mapSizes() {
        return sizes(new int[][] {{5, 7, 11}}, new int[][] {{1, 1, 1}, {1, 5, 7}, {33, 3, 11}, {3, 24, 24}, {171, 4, 4}});
    }

    private void maps() {
        float32("classMaps", mapSizes(), (t, size) -> {
            int words = size[0] + 1, cells = cells(size);
            Tensor p = t.output(WINDOWS, words, cells), y = t.output(WINDOWS, words, cells);
            t.ops().classMaps(p, y, t.input(WINDOWS * cells, words));
            return together(t.ops(), p, y);
        });
        float32("cosineMaps", mapSizes(), (t, size) -> {
            Tensor y = t.output(WINDOWS, size[0], cells(size));
            t.ops().cosineMaps(y, t.input(WINDOWS * cells(size), size[0]), 0.01f);
            return t.ops().download(y);
        });
        float32("cutClassToken", mapSizes(), (t, size) -> {
            int n = cells(size);
            Tensor y = t.output(WINDOWS, n, n);
            t.ops().cutClassToken(y, t.maps(WINDOWS, n + 1, n + 1), 0.5f);
            return t.ops().download(y);
        });
        for (boolean symmetric : new boolean[] {false, true}) {
            float32("transition", mapSizes(), (t, size) -> {
                int n = cells(size);
                Tensor y = t.output(WINDOWS, n, n), a = t.maps(WINDOWS, n, n);
                t.ops().upload(a, plus(t.ops().download(a), 1));                            // a column of zeros has no sum to divide by
                t.ops().transition(y, a, 3, symmetric);
                return t.ops().download(y);
            });
        }
    }

    private void purification() {
        for (BoxRule rule : BoxRule.values()) {
            float32("boxes", mapSizes(), (t, size) -> numbers(t.ops().boxes(t.maps(WINDOWS, size[0], cells(size)), size[1], size[2], rule)));
            float32("maskByBoxes", mapSizes(), (t, size) -> {
                Tensor x = t.output(WINDOWS, size[0], cells(size));
                t.ops().maskByBoxes(x, t.maps(WINDOWS, size[0] + 1, cells(size)), 1, size[1], size[2], rule);
                return t.ops().download(x);
            });
        }
        float32("propagate", mapSizes(), (t, size) -> {
            int n = cells(size);
            Tensor y = t.output(WINDOWS, size[0], n);
            t.ops().propagate(y, t.maps(WINDOWS, n, n), t.maps(WINDOWS, size[0], n));
            return t.ops().download(y);
        });
        float32("minMaxRows", mapSizes(), (t, size) -> {
            Tensor r = t.maps(WINDOWS, size[0], cells(size));
            t.ops().minMaxRows(r, 1e-8f);
            return t.ops().download(r);
        });
        float32("overlapSums", mapSizes(), (t, size) -> {
            Tensor sums = t.output(WINDOWS, size[0], 3);
            t.ops().overlapSums(sums, t.maps(WINDOWS, size[0] + 1, cells(size)), 1, t.maps(WINDOWS, size[0], cells(size)));
            return t.ops().download(sums);
        });
        for (Overlap overlap : Overlap.values()) {
            float32("softIou", mapSizes(), (t, size) -> {
                Tensor r = t.maps(WINDOWS, size[0], cells(size)), j = t.output(3, 3);
                t.ops().upload(r, plus(t.ops().download(r), 1));                            // 0/0 has no value to compare
                t.ops().softIou(j, r, new int[] {size[0], 0, 2 * size[0] - 1}, overlap);
                return t.ops().download(j);
            });
        }
        float32("clear", mapSizes(), (t, size) -> {
            Tensor r = t.input(WINDOWS, size[0], cells(size));
            t.ops().clear(r, size[0], new int[] {0, cells(size) - 1});
            return t.ops().download(r);
        });
    }

    /** Sizes are rows and columns that a region becomes, and of a patch. */
    private void pictures() {
        tower("patches", sizes(new int[][] {{33, 40, 5}}, new int[][] {{8, 8, 4}, {14, 21, 7}, {32, 56, 8}, {33, 24, 1}}), (t, size) -> {
            List<Region> regions = List.of(new Region(0, 0, 33, 40), new Region(28, 7, 61, 47), new Region(60, 46, 61, 47));
            byte[] bytes = new byte[61 * 47 * 3];
            t.random().nextBytes(bytes);
            Tensor y = t.activationOutput(regions.size() * (size[0] / size[2]) * (size[1] / size[2]), 3 * size[2] * size[2]);
            Tensor picture = t.ops().picture(t.memory(), Tensor.ofBytes("picture", Shape.of("height width channel", 61, 47, 3), bytes));
            t.ops().patches(y, picture, regions, size[0], size[1], size[2], NORMALIZATION);
            return t.ops().download(y);
        });
        for (LabelRule.Background background : LabelRule.Background.values())
            float32("assemble", sizes(new int[][] {{31, 23}}, new int[][] {{1, 1}, {9, 7}, {37, 53}, {61, 45}, {100, 130}}), (t, size) -> assemble(t, size, background));
    }

    /** Four windows that overlap, a class with two maps, one that is alive nowhere. Sizes are rows and columns of the labels. */
    private static float[] assemble(Trial t, int[] size, LabelRule.Background background) {
        List<Region> windows = List.of(new Region(0, 0, 24, 32), new Region(0, 21, 24, 53), new Region(13, 0, 37, 32), new Region(13, 21, 37, 53));
        LabelRule rule = new LabelRule(new int[] {0, 2, 2, 3, 4}, 5, background, 0.4f);
        boolean withScores = background != LabelRule.Background.THRESHOLD;                  // a threshold has no score
        Tensor labels = Ops.labelTensor(size[0], size[1]), confidence = t.output(size), scores = withScores ? t.output(rule.labels(), size[0], size[1]) : null;
        t.ops().assemble(labels, confidence, scores, t.maps(windows.size(), 5, 12), new int[][] {{0, 1, 2}, {1, 2, 4}, {}, {0, 2}},
            new Mosaic(37, 53, windows, 3, 4, size[0], size[1]), rule);
        if (!withScores) return t.ops().download(confidence);
        float[] all = t.ops().download(scores);
        float[] chosen = new float[size[0] * size[1]];                                      // the label's score: either label is right where two are equal
        for (int i = 0; i < chosen.length; i++) chosen[i] = all[labels.getInt(i / size[1], i % size[1]) * chosen.length + i];
        return join(t.ops().download(confidence), all, chosen);
    }

    private static int cells(int[] size) {
        return size[1] * size[2];
    }

    private int[][] sizes(int[][] few, int[][] more) {
        return thorough ? join(few, more) : few;
    }

    private static int[][] join(int[][] a, int[][] b) {
        int[][] all = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, all, a.length, b.length);
        return all;
    }

    private void tower(String operation, int[][] sizes, SizedCall call) {
        add(operation, true, sizes, call);
    }

    private void float32(String operation, int[][] sizes, SizedCall call) {
        add(operation, false, sizes, call);
    }

    private void add(String operation, boolean tower, int[][] sizes, SizedCall call) {
        for (int[] size : sizes)
            cases.add(new Case(operation, tower, Arrays.stream(size).mapToObj(Integer::toString).collect(Collectors.joining(" x ")), trial -> call.run(trial, size)));
    }

    private static float[] together(Ops ops, Tensor a, Tensor b) {
        return join(ops.download(a), ops.download(b));
    }

    private static float[] join(float[]... parts) {
        float[] all = new float[Arrays.stream(parts).mapToInt(part -> part.length).sum()];
        int at = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    private static float[] plus(float[] values, float more) {
        for (int i = 0; i < values.length; i++) values[i] += more;
        return values;
    }

    /** How many boxes each map has, and their corners. */
    private static float[] numbers(List<List<Box>> boxes) {
        List<Integer> numbers = new ArrayList<>();
        for (List<Box> map : boxes) {
            numbers.add(map.size());
            for (Box box : map) numbers.addAll(List.of(box.x0(), box.y0(), box.x1(), box.y1()));
        }
        float[] values = new float[numbers.size()];
        for (int i = 0; i < values.length; i++) values[i] = numbers.get(i);
        return values;
    }
}
