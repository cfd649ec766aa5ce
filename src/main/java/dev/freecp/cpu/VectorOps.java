package dev.freecp.cpu;

import dev.freecp.ops.Activation;
import dev.freecp.ops.Affine;
import dev.freecp.ops.Box;
import dev.freecp.ops.BoxRule;
import dev.freecp.ops.Contract;
import dev.freecp.ops.Heads;
import dev.freecp.ops.HostMemory;
import dev.freecp.ops.LabelRule;
import dev.freecp.ops.Linear;
import dev.freecp.ops.Mosaic;
import dev.freecp.ops.Normalization;
import dev.freecp.ops.Ops;
import dev.freecp.ops.Overlap;
import dev.freecp.ops.Region;
import dev.freecp.ops.Scores;
import dev.freecp.ops.Workspace;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * All operations on a CPU in float32: vectors by the Vector API, all windows of a batch shared out over a fixed set of threads. Every result is computed by one
 * thread in one order, so the number of threads never shows in the bits. Host memory that it is given must be usable by any thread (not from a confined arena).
 */
public final class VectorOps implements Ops {

    private final HostMemory memory = new HostMemory();
    private final Pool pool;
    private final Scratch scratch;
    private final Gemm gemm;
    private final Attention attention;
    private final SelfSelfAttention selfSelfAttention;
    private final TokenRows tokens;
    private final Patches patches;
    private final ClassMaps classMaps;
    private final Purification purification;
    private final Assembly assembly;
    private Rehearsal rehearsal;

    /** @param threads how many threads compute, the calling one among them */
    public VectorOps(int threads) {
        pool = new Pool(threads);
        scratch = new Scratch(threads);
        gemm = new Gemm(pool, scratch);
        attention = new Attention(pool, scratch);
        selfSelfAttention = new SelfSelfAttention(pool, scratch);
        tokens = new TokenRows(pool);
        patches = new Patches(pool);
        classMaps = new ClassMaps(pool, scratch);
        purification = new Purification(pool, scratch);
        assembly = new Assembly(pool);
    }

    @Override
    public String describe() {
        return "cpu-vector, " + Lanes.SPECIES.vectorBitSize() + " bit, " + pool.workers() + (pool.workers() == 1 ? " thread" : " threads") + ", float32";
    }

    @Override
    public void warmUp(Activation activation) {
        if (rehearsal == null) rehearsal = new Rehearsal(activation);
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
        return gemm.pack(memory, weight, bias);
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
        tokens.fill(y, value);
    }

    @Override
    public void patches(Tensor y, Tensor picture, List<Region> regions, int height, int width, int patch, Normalization normalization) {
        Contract.patches(y, picture, regions, height, width, patch);
        awaitRehearsal();
        patches.cut(y, picture, regions, height, width, patch, normalization);
    }

    @Override
    public void embedPatches(Tensor x, Tensor patches, Tensor cls, Tensor position) {
        Contract.embedPatches(x, patches, cls, position);
        tokens.embedPatches(x, patches, cls, position);
    }

    @Override
    public void embedTokens(Tensor x, int[][] ids, Tensor table, Tensor position) {
        Contract.embedTokens(x, ids, table, position);
        awaitRehearsal();
        tokens.embedTokens(x, ids, table, position);
    }

    @Override
    public void layerNorm(Tensor y, Tensor x, Affine affine, float eps) {
        Contract.layerNorm(y, x, affine);
        tokens.layerNorm(y, x, affine, eps);
    }

    @Override
    public void linear(Tensor y, Tensor x, Linear w, Activation activation) {
        Contract.linear(y, x, w);
        gemm.linear(y, x, w, activation);
    }

    @Override
    public void linearAdd(Tensor y, Tensor x, Linear w) {
        Contract.linear(y, x, w);
        gemm.linearAdd(y, x, w);
    }

    @Override
    public void attention(Tensor context, Tensor qkv, int sequences, int heads, Scores scores, Tensor map, Heads mapHeads, float weight) {
        Contract.attention(context, qkv, sequences, heads, scores, map);
        attention.attention(context, qkv, sequences, heads, scores, map, mapHeads, weight);
    }

    @Override
    public void selfSelfAttention(Tensor context, Tensor qkv, int sequences, int heads, Tensor tau) {
        Contract.selfSelfAttention(context, qkv, sequences, heads, tau);
        selfSelfAttention.attention(context, qkv, sequences, heads, tau);
    }

    @Override
    public void meanNorm(Tensor tau, Tensor x, float factor) {
        Contract.meanNorm(tau, x);
        tokens.meanNorm(tau, x, factor);
    }

    @Override
    public void takeTokens(Tensor y, Tensor x, int sequences, int first, int count) {
        Contract.takeTokens(y, x, sequences, first, count);
        tokens.take(y, x, sequences, first, count);
    }

    @Override
    public void normalizeRows(Tensor x) {
        tokens.normalize(x);
    }

    @Override
    public void similarity(Tensor z, Tensor f, Tensor u, float factor) {
        Contract.similarity(z, f, u);
        int panels = Tile.panels(u.rows()), depth = u.cols();
        MemorySegment packed = scratch.shared(Panels.floats(depth, u.rows()));
        pool.run(panels, (panel, worker) -> {
            int row = panel * Tile.COLUMNS;
            Panels.transpose(packed, row * (long) depth * Float.BYTES, u.segment(), u.offset(row, 0), (long) u.stride() * Float.BYTES, u.rows() - row, depth);
        });
        gemm.product(z, f, packed, factor);
    }

    @Override
    public void groupMeans(Tensor y, Tensor x, int[][] groups) {
        Contract.groupMeans(y, x, groups);
        tokens.groupMeans(y, x, groups);
    }

    @Override
    public void classMaps(Tensor p, Tensor y, Tensor z) {
        Contract.mapsOf(p, z);
        Contract.mapsOf(y, z);
        classMaps.softmax(p, y, z);
    }

    @Override
    public void cosineMaps(Tensor y, Tensor z, float factor) {
        Contract.mapsOf(y, z);
        classMaps.cosine(y, z, factor);
    }

    @Override
    public void cutClassToken(Tensor y, Tensor map, float factor) {
        Contract.cutClassToken(y, map);
        purification.cutClassToken(y, map, factor);
    }

    @Override
    public void transition(Tensor t, Tensor a, int rounds, boolean symmetric) {
        Contract.transition(t, a);
        purification.transition(t, a, rounds, symmetric);
    }

    @Override
    public List<List<Box>> boxes(Tensor maps, int gridHeight, int gridWidth, BoxRule rule) {
        Contract.grid(maps, gridHeight, gridWidth);
        return purification.boxes(maps, gridHeight, gridWidth, rule);
    }

    @Override
    public void maskByBoxes(Tensor x, Tensor y, int first, int gridHeight, int gridWidth, BoxRule rule) {
        Contract.mapsWithin(x, y, first);
        Contract.grid(x, gridHeight, gridWidth);
        purification.maskByBoxes(x, y, first, gridHeight, gridWidth, rule);
    }

    @Override
    public void propagate(Tensor y, Tensor t, Tensor x) {
        Contract.propagate(y, t, x);
        purification.propagate(y, t, x);
    }

    @Override
    public void minMaxRows(Tensor r, float eps) {
        purification.minMaxRows(r, eps);
    }

    @Override
    public void overlapSums(Tensor sums, Tensor p, int first, Tensor r) {
        Contract.overlapSums(sums, p, first, r);
        purification.overlapSums(sums, p, first, r);
    }

    @Override
    public void softIou(Tensor j, Tensor r, int[] rows, Overlap overlap) {
        Contract.softIou(j, r, rows);
        purification.softIou(j, r, rows, overlap);
    }

    @Override
    public void clear(Tensor r, int row, int[] columns) {
        purification.clear(r, row, columns);
    }

    @Override
    public void assemble(Tensor labels, Tensor confidence, Tensor scores, Tensor maps, int[][] alive, Mosaic mosaic, LabelRule rule) {
        Contract.assemble(labels, confidence, scores, maps, alive, mosaic, rule);
        assembly.assemble(labels, confidence, scores, maps, alive, mosaic, rule);
    }

    /** Before the first operation of a tower. */
    private void awaitRehearsal() {
        if (rehearsal != null) rehearsal.await();
    }

    /** Ends the threads and frees all memory handed out; tensors of this backend fail afterwards. */
    @Override
    public void close() {
        if (rehearsal != null) rehearsal.close();
        pool.close();
        scratch.close();
        memory.close();
    }
}
