package dev.freecp.bench;

import dev.freecp.bench.input.Numbers;
import dev.freecp.bench.input.RandomPictures;
import dev.freecp.ops.Affine;
import dev.freecp.ops.Normalization;
import dev.freecp.ops.Region;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** What happens to tokens between matrix products, and how pixels become tokens; windows of 384 pixels, patches of 16, width 768. Memory limits all of it. */
public class TokenBenchmark extends OpsBenchmark {

    private static final int SIDE = 384, PATCH = 16, CELLS = 576, WIDTH = 768, PIXELS = 3 * PATCH * PATCH;
    private static final Normalization NORMALIZATION = new Normalization(0.48f, 0.46f, 0.41f, 0.27f, 0.26f, 0.28f);

    @Param({"1", "6"})
    public int windows;

    private Tensor x;
    private Tensor normed;
    private Tensor picture;
    private Tensor pixels;
    private Tensor patches;
    private Tensor cls;
    private Tensor position;
    private Affine affine;
    private List<Region> regions;

    @Override
    void prepare() {
        x = normal("x", Shape.of("token width", windows * (CELLS + 1), WIDTH));
        normed = workspace.activation("normed", x.shape());
        picture = ops.picture(workspace, RandomPictures.waves(448, 597, 1).pixels());
        pixels = workspace.activation("pixels", Shape.of("patch pixel", windows * CELLS, PIXELS));
        patches = normal("patches", Shape.of("patch width", windows * CELLS, WIDTH));
        cls = ops.resident(Tensor.of("cls", Shape.of("width", WIDTH), Numbers.normal(1, WIDTH)));
        position = ops.resident(Tensor.of("position", Shape.of("token width", CELLS + 1, WIDTH), Numbers.normal(2, (CELLS + 1) * WIDTH)));
        affine = new Affine(cls, ops.resident(Tensor.of("beta", Shape.of("width", WIDTH), Numbers.normal(3, WIDTH))));
        regions = IntStream.range(0, windows).mapToObj(i -> new Region(8 * i, 30 * i, 8 * i + SIDE, 30 * i + SIDE)).toList();
    }

    @Benchmark
    public float[] layerNorm(Work work) {
        ops.layerNorm(normed, x, affine, 1e-5f);
        return moved(work, 2 * x.shape().count());
    }

    @Benchmark
    public float[] normalizeRows(Work work) {
        ops.normalizeRows(x);
        return moved(work, 2 * x.shape().count());
    }

    /** Windows that are cut as they are. */
    @Benchmark
    public float[] patches(Work work) {
        ops.patches(pixels, picture, regions, SIDE, SIDE, PATCH, NORMALIZATION);
        return moved(work, pixels.shape().count());
    }

    /** Windows that are enlarged on the way, as crops are. */
    @Benchmark
    public float[] resizedPatches(Work work) {
        List<Region> smaller = regions.stream().map(r -> new Region(r.y0(), r.x0(), r.y1() - 100, r.x1() - 100)).toList();
        ops.patches(pixels, picture, smaller, SIDE, SIDE, PATCH, NORMALIZATION);
        return moved(work, pixels.shape().count());
    }

    @Benchmark
    public float[] embedPatches(Work work) {
        ops.embedPatches(x, patches, cls, position);
        return moved(work, 2 * x.shape().count());
    }

    private float[] moved(Work work, long floats) {
        work.gigabyte += 1e-9 * Float.BYTES * floats;
        return done();
    }
}
