package dev.freecp.bench.gpu;

import dev.freecp.bench.input.Scene;
import dev.freecp.clip.Trace;
import dev.freecp.cuda.CudaOps;
import dev.freecp.cuda.Ways;
import dev.freecp.ops.BoxRule;
import dev.freecp.ops.LabelRule;
import dev.freecp.ops.Ops;
import dev.freecp.ops.Overlap;
import dev.freecp.ops.Precision;
import dev.freecp.ops.Workspace;
import dev.freecp.purify.ClassMaps;
import dev.freecp.purify.CropScorer;
import dev.freecp.purify.Purifier;
import dev.freecp.purify.PurifySettings;
import dev.freecp.purify.Refinement;
import dev.freecp.purify.WindowReport;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** From pixel logits and affinities of a picture's windows to labels: each operation, and all of it without the tower's look at ambiguous regions. */
final class Purification implements Group {

    static final List<Integer> CLASSES = List.of(20, 59, 171), TINY_CLASSES = List.of(6);

    @Override
    public String name() {
        return "purification";
    }

    @Override
    public void run(Session session) {
        try (CudaOps ops = session.open(Precision.FP16, Ways.CHOSEN)) {
            for (int classes : session.tiny() ? TINY_CLASSES : CLASSES) {
                if (session.outOfTime("purification of " + classes + " classes")) continue;
                try (Workspace workspace = ops.workspace()) {
                    new Run(session, ops, workspace, Scene.of(classes, session.tiny(), classes)).measure();
                }
            }
        }
    }

    /** One number of classes. */
    private static final class Run {
        private final Session session;
        private final CudaOps ops;
        private final Workspace workspace;
        private final Scene scene;
        private final PurifySettings settings = PurifySettings.released(0.05f, 0.7f);
        private final LabelRule rule;
        private final ClassMaps maps;
        private final Tensor z;
        private final Tensor affinity;
        private final Tensor labels;

        Run(Session session, CudaOps ops, Workspace workspace, Scene scene) {
            this.session = session;
            this.ops = ops;
            this.workspace = workspace;
            this.scene = scene;
            int windows = scene.mosaic().windows().size(), grid = scene.mosaic().gridHeight(), cells = grid * grid, classes = scene.classes();
            maps = ClassMaps.take(workspace, settings, windows, classes, 0, grid, grid);
            z = workspace.tensor("z", Shape.of("cell word", windows * cells, classes));
            affinity = workspace.tensor("affinity", Shape.of("window cell cell", windows, cells, cells));
            rule = new LabelRule(IntStream.range(0, classes).toArray(), classes, LabelRule.Background.NONE, 0);
            labels = Ops.labelTensor(scene.mosaic().outputHeight(), scene.mosaic().outputWidth());
            ops.upload(z, scene.logits());
            ops.upload(affinity, scene.affinity());
        }

        void measure() {
            int[][] alive = alive(picture());
            int grid = scene.mosaic().gridHeight(), cells = grid * grid, windows = maps.windows(), classes = scene.classes();
            int[] kept = alive[0].length > 1 ? alive[0] : new int[] {0, 1};
            try (Workspace scratch = workspace.scope()) {
                Tensor masked = scratch.tensor("masked", maps.refined().shape()), transition = scratch.tensor("transition", affinity.shape());
                Tensor sums = scratch.tensor("sums", Shape.of("window map sum", maps.windows(), maps.maps(), 3));
                Tensor overlap = scratch.tensor("overlap", Shape.of("map map", kept.length, kept.length));
                time("class maps", Cost.classMaps(windows, classes, cells), () -> ops.classMaps(maps.softmax(), maps.activation(), z));
                time("mask by boxes", Cost.maskByBoxes(windows, classes, cells),
                    () -> ops.maskByBoxes(masked, maps.activation(), 0, grid, grid, BoxRule.CONTOURS));
                time("transition", Cost.transition(windows, cells, Cost.ROUNDS), () -> ops.transition(transition, affinity, Cost.ROUNDS, true));
                time("propagate", Cost.propagate(windows, classes, cells), () -> ops.propagate(maps.refined(), transition, masked));
                time("min-max", Cost.minMaxRows((long) windows * classes, cells), () -> Refinement.rescale(ops, maps.refined()));
                time("overlap sums", Cost.overlapSums((long) windows * classes, cells), () -> ops.overlapSums(sums, maps.softmax(), 0, maps.refined()));
                time("soft IoU", Cost.softIou(kept.length, cells), () -> ops.softIou(overlap, maps.refined(), kept, Overlap.MINIMUM));
                time("boxes", Cost.boxes(1, cells),
                    () -> ops.boxes(maps.refined().slice("map", Shape.of("map cell", 1, cells), 0), grid, grid, BoxRule.CONTOURS));
            }
            picture();
            Cost labels = Cost.assemble(this.labels.shape().count(), Stream.of(alive).mapToInt(a -> a.length).sum(), cells, scene.share());
            time("labels", labels, () -> ops.assemble(this.labels, null, null, maps.refined(), alive, scene.mosaic(), rule));
            time("all", null, () -> labels(picture()));
        }

        /** @param cost or null, where a time says more than bytes */
        private void time(String name, Cost cost, Runnable work) {
            Map<String, Object> extra = new LinkedHashMap<>();
            if (cost != null) extra.put("least bytes", cost.least());
            extra.put("classes", scene.classes());
            extra.put("windows", maps.windows());
            session.time("purification " + scene.classes() + " classes", name, "freecp", Precision.FP32, session.meter(ops).calls(1, _ -> work.run()), extra);
        }

        /** Everything before the labels. */
        private List<WindowReport> picture() {
            try (Workspace scratch = workspace.scope()) {
                maps.activate(ops, z, 100, settings.activation());
                Refinement.refine(ops, scratch, maps, affinity, settings, Trace.NONE);
            }
            return Purifier.purify(ops, workspace, maps, settings, Run::firstWins, Trace.NONE);
        }

        private void labels(List<WindowReport> reports) {
            ops.assemble(labels, null, null, maps.refined(), alive(reports), scene.mosaic(), rule);
        }

        private static int[][] alive(List<WindowReport> reports) {
            return reports.stream().map(WindowReport::kept).toArray(int[][]::new);
        }

        /** In place of the tower's look at regions. */
        private static float[][] firstWins(List<CropScorer.Request> requests) {
            float[] scores = new float[1 << 8];
            scores[0] = 1;
            return requests.stream().map(_ -> scores).toArray(float[][]::new);
        }
    }
}
