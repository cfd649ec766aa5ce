package dev.freecp.parity;

import dev.freecp.clip.Trace;
import dev.freecp.ops.Box;
import dev.freecp.ops.BoxRule;
import dev.freecp.ops.LabelRule;
import dev.freecp.ops.Mosaic;
import dev.freecp.ops.Ops;
import dev.freecp.ops.Overlap;
import dev.freecp.ops.Region;
import dev.freecp.ops.Workspace;
import dev.freecp.purify.ClassMaps;
import dev.freecp.purify.CropScorer;
import dev.freecp.purify.Purifier;
import dev.freecp.purify.Redundancy;
import dev.freecp.purify.Refinement;
import dev.freecp.purify.WindowReport;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The engine's steps behind the tower, one window at a time, from numbers on the host to numbers on the host. */
final class MapStages {

    private final Ops ops;

    MapStages(Ops ops) {
        this.ops = ops;
    }

    /** What the refinement of a window gives: R before and after the min-max (C, n). */
    record Refined(float[] raw, float[] rescaled) {
    }

    /** A dense tensor of {@code workspace} with these values. */
    Tensor upload(Workspace workspace, String name, Shape shape, float[] values) {
        Tensor tensor = workspace.tensor(name, shape);
        ops.upload(tensor, values);
        return tensor;
    }

    /** z (rows of f, rows of u): scaled products of rows of {@code embedding} numbers. */
    float[] similarity(float[] f, float[] u, int embedding, float factor) {
        try (Workspace workspace = ops.workspace()) {
            Tensor left = upload(workspace, "features", Shape.of("row embedding", f.length / embedding, embedding), f);
            Tensor right = upload(workspace, "queries", Shape.of("query embedding", u.length / embedding, embedding), u);
            Tensor z = workspace.tensor("logits", Shape.of("row query", left.rows(), right.rows()));
            ops.similarity(z, left, right, factor);
            return ops.download(z);
        }
    }

    /** p and Y (Q, n) from logits (n, Q). */
    List<float[]> classMaps(Frame frame, float[] logits) {
        try (Workspace workspace = ops.workspace()) {
            ClassMaps maps = maps(workspace, frame);
            Tensor z = upload(workspace, "pixel_logits", Shape.of("patch query", frame.cells(), frame.queries()), logits);
            maps.activate(ops, z, 1, frame.settings().activation());
            return List.of(ops.download(maps.softmax()), ops.download(maps.activation()));
        }
    }

    /** Mean of attention maps (layers, n+1, n+1) but the last, class token cut: (n, n). */
    float[] affinity(float[] attention, int layers) {
        int cells = attention.length / layers, tokens = (int) Math.round(Math.sqrt(cells)), n = tokens - 1;
        float[] sum = new float[cells];
        for (int i = 0; i < (layers - 1) * cells; i++) sum[i % cells] += attention[i];
        try (Workspace workspace = ops.workspace()) {
            Tensor map = upload(workspace, "attention", Shape.of("window token token", 1, tokens, tokens), sum);
            Tensor affinity = workspace.tensor("affinity", Shape.of("window cell cell", 1, n, n));
            ops.cutClassToken(affinity, map, 1f / (layers - 1));
            return ops.download(affinity);
        }
    }

    /** T (n, n). */
    float[] transition(float[] affinity, int n) {
        try (Workspace workspace = ops.workspace()) {
            return ops.download(Refinement.transition(ops, workspace, upload(workspace, "affinity", Shape.of("window cell cell", 1, n, n), affinity)));
        }
    }

    /** T T, which the engine never forms: T, being symmetric, is propagated like n maps. */
    float[] square(float[] transition, int n) {
        try (Workspace workspace = ops.workspace()) {
            Shape shape = Shape.of("window cell cell", 1, n, n);
            Tensor t = upload(workspace, "trans", shape, transition), square = workspace.tensor("trans_sq", shape);
            ops.propagate(square, t, upload(workspace, "columns", shape, transition));
            return ops.download(square);
        }
    }

    /** Boxes of maps (rows, n). */
    List<List<Box>> boxes(float[] maps, int height, int width) {
        try (Workspace workspace = ops.workspace()) {
            Tensor tensor = upload(workspace, "maps", Shape.of("map cell", maps.length / (height * width), height * width), maps);
            return ops.boxes(tensor, height, width, BoxRule.CONTOURS);
        }
    }

    /** R from A (n, n) and Y (Q, n). */
    Refined refine(Frame frame, float[] affinity, float[] cam) {
        try (Workspace workspace = ops.workspace()) {
            ClassMaps maps = maps(workspace, frame);
            ops.upload(maps.activation(), cam);
            Tensor a = upload(workspace, "affinity", Shape.of("window cell cell", 1, frame.cells(), frame.cells()), affinity);
            float[][] raw = new float[1][];
            Trace trace = (stage, tensor) -> {
                if (stage.equals(Stage.REFINED_RAW.label())) raw[0] = ops.download(tensor);
            };
            Refinement.refine(ops, workspace, maps, a, frame.settings(), trace);
            return new Refined(raw[0], ops.download(maps.refined()));
        }
    }

    /** R before the min-max, from a given T (n, n) and Y (Q, n). */
    float[] propagateTwice(Frame frame, float[] transition, float[] cam) {
        try (Workspace workspace = ops.workspace()) {
            ClassMaps maps = maps(workspace, frame);
            ops.upload(maps.activation(), cam);
            Tensor t = upload(workspace, "trans", Shape.of("window cell cell", 1, frame.cells(), frame.cells()), transition);
            Tensor x = workspace.tensor("masked", maps.refined().shape()), once = workspace.tensor("once", maps.refined().shape());
            ops.maskByBoxes(x, maps.activation(), maps.first(), frame.height(), frame.width(), frame.settings().boxRule());
            ops.propagate(once, t, x);
            ops.propagate(maps.refined(), t, once);
            return ops.download(maps.refined());
        }
    }

    /** R (C, n) from R before the min-max. */
    float[] rescale(Frame frame, float[] raw) {
        try (Workspace workspace = ops.workspace()) {
            Tensor refined = upload(workspace, "refined", Shape.of("map cell", frame.classes(), frame.cells()), raw);
            Refinement.rescale(ops, refined);
            return ops.download(refined);
        }
    }

    /** Scores (C) from p (Q, n) and R (C, n). */
    float[] scores(Frame frame, float[] softmax, float[] refined) {
        try (Workspace workspace = ops.workspace()) {
            return Redundancy.scores(ops, workspace, maps(workspace, frame, softmax, refined), frame.settings())[0];
        }
    }

    /** Sections 7 and 8 from p (Q, n) and R (C, n). */
    WindowReport purify(Frame frame, float[] softmax, float[] refined, CropScorer scorer) {
        try (Workspace workspace = ops.workspace()) {
            return Purifier.purify(ops, workspace, maps(workspace, frame, softmax, refined), frame.settings(), scorer, Trace.NONE).getFirst();
        }
    }

    /** J (rows, rows) of rows of maps (..., n). */
    float[] softIou(float[] maps, int n, int[] rows) {
        try (Workspace workspace = ops.workspace()) {
            Tensor j = workspace.tensor("ap_iou", Shape.of("word word", rows.length, rows.length));
            ops.softIou(j, upload(workspace, "maps", Shape.of("map cell", maps.length / n, n), maps), rows, Overlap.MINIMUM);
            return ops.download(j);
        }
    }

    /** Mean of some rows of maps (..., n). */
    float[] mean(float[] maps, int n, int[] rows) {
        try (Workspace workspace = ops.workspace()) {
            Tensor mean = workspace.tensor("fused", Shape.of("group cell", 1, n));
            ops.groupMeans(mean, upload(workspace, "maps", Shape.of("map cell", maps.length / n, n), maps), new int[][] {rows});
            return ops.download(mean);
        }
    }

    /** Labels and all scores of a picture: scores (labels, output height, output width). */
    record Assembled(int[] labels, float[] scores) {
    }

    /** Section 9 from maps of all windows (S, C, n), those in {@code alive} not being zero. */
    Assembled assemble(float[] maps, int[][] alive, Mosaic mosaic, LabelRule.Background background) {
        int n = mosaic.gridHeight() * mosaic.gridWidth(), windows = mosaic.windows().size(), classes = maps.length / windows / n;
        LabelRule rule = new LabelRule(IntStream.range(0, classes).toArray(), classes, background, 0);
        try (Workspace workspace = ops.workspace()) {
            Tensor labels = Ops.labelTensor(mosaic.outputHeight(), mosaic.outputWidth());
            Tensor scores = workspace.tensor("scores", Shape.of("label height width", rule.labels(), mosaic.outputHeight(), mosaic.outputWidth()));
            ops.assemble(labels, null, scores, upload(workspace, "maps", Shape.of("window map cell", windows, classes, n), maps), alive, mosaic, rule);
            int[] flat = IntStream.range(0, labels.rows() * labels.cols()).map(i -> labels.getInt(i / labels.cols(), i % labels.cols())).toArray();
            return new Assembled(flat, ops.download(scores));
        }
    }

    /** {@link #assemble} with every map of every window. */
    Assembled assembleAll(float[] maps, Mosaic mosaic, LabelRule.Background background) {
        int windows = mosaic.windows().size(), classes = maps.length / windows / (mosaic.gridHeight() * mosaic.gridWidth());
        int[][] alive = new int[windows][];
        Arrays.fill(alive, IntStream.range(0, classes).toArray());
        return assemble(maps, alive, mosaic, background);
    }

    /** One window that is the whole picture, its maps enlarged to the output at once. */
    static Mosaic oneWindow(int gridHeight, int gridWidth, int height, int width) {
        return new Mosaic(height, width, List.of(new Region(0, 0, height, width)), gridHeight, gridWidth, height, width);
    }

    private ClassMaps maps(Workspace workspace, Frame frame) {
        return ClassMaps.take(workspace, frame.settings(), 1, frame.queries(), frame.background(), frame.height(), frame.width());
    }

    private ClassMaps maps(Workspace workspace, Frame frame, float[] softmax, float[] refined) {
        ClassMaps maps = maps(workspace, frame);
        ops.upload(maps.softmax(), softmax);
        ops.upload(maps.refined(), refined);
        return maps;
    }
}
