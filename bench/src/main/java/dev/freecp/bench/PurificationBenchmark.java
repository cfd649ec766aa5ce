package dev.freecp.bench;

import dev.freecp.bench.input.Scene;
import dev.freecp.ops.Box;
import dev.freecp.ops.BoxRule;
import dev.freecp.ops.LabelRule;
import dev.freecp.ops.Ops;
import dev.freecp.ops.Overlap;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** Every step from pixel logits to labels, for the six windows of a picture of 500 x 375. Softmax is part of the class maps. */
public class PurificationBenchmark extends OpsBenchmark {

    /** Classes that are left in each window when labels are made. */
    private static final int KEPT = 5;

    private static final int ROUNDS = 3;

    @Param({"20", "59", "171"})
    public int classes;

    private Scene scene;
    private int windows;
    private int grid;
    private Tensor z;
    private Tensor affinity;
    private Tensor softmax;
    private Tensor maps;
    private Tensor other;
    private Tensor transition;
    private Tensor sums;
    private Tensor overlap;
    private Tensor labels;
    private int[] kept;

    @Override
    void prepare() {
        scene = Scene.of(classes, false, 1);
        windows = scene.mosaic().windows().size();
        grid = scene.mosaic().gridHeight();
        int cells = grid * grid;
        kept = IntStream.range(0, KEPT).toArray();
        z = workspace.tensor("z", Shape.of("cell word", windows * cells, classes));
        affinity = workspace.tensor("affinity", Shape.of("window cell cell", windows, cells, cells));
        softmax = workspace.tensor("softmax", Shape.of("window map cell", windows, classes, cells));
        maps = workspace.tensor("maps", softmax.shape());
        other = workspace.tensor("other", softmax.shape());
        transition = workspace.tensor("transition", affinity.shape());
        sums = workspace.tensor("sums", Shape.of("window map sum", windows, classes, 3));
        overlap = workspace.tensor("overlap", Shape.of("map map", KEPT, KEPT));
        labels = Ops.labelTensor(scene.mosaic().outputHeight(), scene.mosaic().outputWidth());
        ops.upload(z, scene.logits());
        ops.upload(affinity, scene.affinity());
        ops.classMaps(softmax, maps, z);
        ops.transition(transition, affinity, ROUNDS, true);
    }

    @Benchmark
    public float[] classMaps(Work work) {
        ops.classMaps(softmax, maps, z);
        return moved(work, 3 * z.shape().count());
    }

    @Benchmark
    public float[] transition(Work work) {
        ops.transition(transition, affinity, ROUNDS, true);
        return moved(work, 2 * affinity.shape().count());
    }

    @Benchmark
    public List<List<Box>> boxes() {
        return ops.boxes(maps, grid, grid, BoxRule.CONTOURS);
    }

    @Benchmark
    public float[] maskByBoxes(Work work) {
        ops.maskByBoxes(other, maps, 0, grid, grid, BoxRule.CONTOURS);
        return moved(work, 2 * maps.shape().count());
    }

    /** One step of the refinement. */
    @Benchmark
    public float[] propagate(Work work) {
        ops.propagate(other, transition, maps);
        work.gflop += 2e-9 * maps.shape().count() * grid * grid;
        return done();
    }

    @Benchmark
    public float[] minMaxRows(Work work) {
        ops.minMaxRows(other, 1e-8f);
        return moved(work, 2 * maps.shape().count());
    }

    /** Of the redundancy. */
    @Benchmark
    public float[] overlapSums(Work work) {
        ops.overlapSums(sums, softmax, 0, maps);
        return moved(work, 2 * maps.shape().count());
    }

    @Benchmark
    public float[] softIou() {
        ops.softIou(overlap, maps, kept, Overlap.MINIMUM);
        return done();
    }

    @Benchmark
    public Tensor labels() {
        LabelRule rule = new LabelRule(IntStream.range(0, classes).toArray(), classes, LabelRule.Background.NONE, 0);
        int[][] alive = new int[windows][];
        Arrays.fill(alive, kept);
        ops.assemble(labels, null, null, maps, alive, scene.mosaic(), rule);
        return labels;
    }

    private float[] moved(Work work, long floats) {
        work.gigabyte += 1e-9 * Float.BYTES * floats;
        return done();
    }
}
