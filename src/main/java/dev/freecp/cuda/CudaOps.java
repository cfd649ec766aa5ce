package dev.freecp.cuda;

import dev.freecp.error.DeviceException;
import dev.freecp.ops.Activation;
import dev.freecp.ops.Affine;
import dev.freecp.ops.Box;
import dev.freecp.ops.BoxRule;
import dev.freecp.ops.Contract;
import dev.freecp.ops.Heads;
import dev.freecp.ops.Heap;
import dev.freecp.ops.LabelRule;
import dev.freecp.ops.Linear;
import dev.freecp.ops.MemoryPool;
import dev.freecp.ops.Mosaic;
import dev.freecp.ops.Normalization;
import dev.freecp.ops.Ops;
import dev.freecp.ops.Overlap;
import dev.freecp.ops.Precision;
import dev.freecp.ops.Region;
import dev.freecp.ops.Scores;
import dev.freecp.ops.Workspace;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The operations on a GPU. Everything of one instance runs in order on one stream, and returns before it is done; only {@link #download}, {@link #boxes} and
 * {@link #assemble}, whose results the host reads, wait. Weights and pieces for intermediate results are taken once and kept.
 */
public final class CudaOps implements Ops {

    private final CudaDevice device;
    private final Function<CudaDevice, Heap> heaps;
    private final Optional<CublasLibrary> library;
    private final Ways ways;
    private final Precision precision;
    private final PermanentMemory permanent;
    private final MemoryPool pool;
    private final CublasHandle cublas;
    private final Replays replays;
    private final Transfers transfers;
    private final Blas exact;
    private final CudaLinear linear;
    private final AttentionKernels attention;
    private final PatchKernels patches;
    private final TokenKernels tokens;
    private final RowKernels rows;
    private final MapKernels maps;
    private final TransitionKernels transitions;
    private final BoxKernels boxes;
    private final ConsistencyKernels consistency;
    private final AssemblyKernels assembly;

    /** @param library what was loaded, if any */
    private CudaOps(CudaDevice device, Function<CudaDevice, Heap> heaps, Precision precision, Optional<CublasLibrary> library, Ways ways) {
        Epilogue epilogue = new Epilogue(device);
        Heap heap = heaps.apply(device);
        this.device = device;
        this.heaps = heaps;
        this.library = library;
        this.ways = ways;
        this.precision = precision;
        permanent = new PermanentMemory(heap);
        pool = new MemoryPool(heap, precision.activation(), Boolean.getBoolean("freecp.memory.trace"));
        cublas = library.isPresent() ? new CublasHandle(device, heap) : null;
        replays = ways.launches() == Ways.Launches.GRAPHS ? new Replays(device, pool) : null;
        transfers = new Transfers(device);
        exact = cublas == null ? new OwnBlas(device) : new Cublas(cublas, epilogue, false);
        Blas chosen = precision == Precision.TF32 && cublas != null ? new Cublas(cublas, epilogue, true) : exact;
        Blas towers = products(ways.products(), chosen);
        linear = new CudaLinear(device, pool, permanent, precision.activation(), towers, exact);
        attention = attention(ways.attention(), towers);
        patches = new PatchKernels(device, pool);
        tokens = new TokenKernels(device, pool);
        rows = new RowKernels(device, pool);
        maps = new MapKernels(device, pool);
        transitions = new TransitionKernels(device, pool);
        boxes = new BoxKernels(device, pool);
        consistency = new ConsistencyKernels(device, pool);
        assembly = new AssemblyKernels(device, pool);
    }

    private Blas products(Ways.Products way, Blas chosen) {
        if (way == Ways.Products.CUBLAS && cublas == null) throw new DeviceException("there is no cuBLAS");
        return switch (way) {
            case CHOSEN, CUBLAS -> chosen;
            case NAIVE -> only(OwnGemm.NAIVE);
            case PLAIN -> only(OwnGemm.PLAIN);
            case TILES_64 -> only(OwnGemm.MMA_64);
            case TILES_128 -> only(OwnGemm.MMA_128);
            case TILES_256 -> only(OwnGemm.MMA_256);
            case TILES -> new OwnBlas(device);
        };
    }

    /** Products in one way wherever it can do them. */
    private Blas only(OwnGemm gemm) {
        return new OwnBlas(device, product -> gemm.takes(product) ? gemm : OwnGemm.PLAIN);
    }

    private AttentionKernels attention(Ways.Attention way, Blas towers) {
        CudaAttention products = new CudaAttention(device, pool, towers);
        FusedAttention fused = FusedAttention.runsOn(device) ? new FusedAttention(device, pool) : null;
        if (way == Ways.Attention.FUSED && fused == null) throw new DeviceException("fused attention needs compute capability 8.0");
        return switch (way) {
            case CHOSEN, FUSED -> new AttentionChoice(fused, products);
            case PRODUCTS -> products;
            case NAIVE -> new AttentionChoice(new NaiveAttention(device, pool), products);
        };
    }

    /**
     * Opens a GPU.
     *
     * @param index     of the card, from 0
     * @param libraries where cuBLAS is looked for; where it finds none, the project's own kernels multiply
     * @throws DeviceException if there is no driver, no such card, or it cannot be opened
     */
    public static CudaOps open(int index, Precision precision, CublasLibrary.Search libraries) {
        return open(index, precision, libraries, Ways.CHOSEN);
    }

    /**
     * The same with a choice of implementations.
     *
     * @throws DeviceException also if the machine has not what they need
     */
    public static CudaOps open(int index, Precision precision, CublasLibrary.Search libraries, Ways ways) {
        return open(index, precision, libraries, ways, DeviceHeap::new);
    }

    /** The same with memory of another kind. */
    static CudaOps open(int index, Precision precision, CublasLibrary.Search libraries, Function<CudaDevice, Heap> heap) {
        return open(index, precision, libraries, Ways.CHOSEN, heap);
    }

    /** The same with both. */
    static CudaOps open(int index, Precision precision, CublasLibrary.Search libraries, Ways ways, Function<CudaDevice, Heap> heap) {
        Driver driver = Driver.probe();
        if (index >= driver.gpus().size())
            throw new DeviceException("cuda:" + index + ": this machine's GPUs are numbered 0 to " + (driver.gpus().size() - 1));
        NativeLibraries.loadDriver();
        Optional<CublasLibrary> library = libraries.isOff() ? Optional.empty() : NativeLibraries.loadCublas(libraries, driver.version() / 1000);
        CudaDevice device = new CudaDevice(index);
        try {
            return new CudaOps(device, heap, precision, library, ways);
        } catch (RuntimeException e) {
            device.close();
            throw e;
        }
    }

    /** {@code cuda:0 (NVIDIA H100, compute capability 9.0), cuBLAS 12.6, fp16}. */
    @Override
    public String describe() {
        return device.place() + " (" + device.name() + ", compute capability " + device.computeCapability() + "), " + exact.name() + ", " + precision;
    }

    /** A stream of its own on the same card, so that one instance computes while the other's thread decides what comes next. */
    @Override
    public Optional<Ops> beside() {
        CudaDevice other = device.beside();
        try {
            return Optional.of(new CudaOps(other, heaps, precision, library, ways));
        } catch (RuntimeException e) {
            other.close();
            throw e;
        }
    }

    @Override
    public Precision precision() {
        return precision;
    }

    /** Device memory in bytes: what weights take now, and the most that one picture's intermediate results took. */
    public record MemoryUse(long weights, long workspace) {

        @Override
        public String toString() {
            return "%,d MiB of weights, %,d MiB of intermediate results".formatted(weights >> 20, workspace >> 20);
        }
    }

    /** What the card says of itself. */
    public CardFacts card() {
        return CardFacts.of(device);
    }

    /** What multiplies float32 and, unless a choice says otherwise, for the towers: {@code cuBLAS 12.6}. */
    public String matrixProducts() {
        return exact.name();
    }

    /** Times what this backend does. */
    public CudaTimer timer() {
        return new CudaTimer(device);
    }

    /** What was taken so far, by the arenas' own counters; cuBLAS and the driver's context come on top. */
    public MemoryUse memoryUse() {
        return new MemoryUse(permanent.heldBytes(), pool.peakBytes());
    }

    @Override
    public Workspace workspace() {
        return pool.workspace();
    }

    @Override
    public Tensor resident(Tensor host) {
        return linear.resident(host);
    }

    @Override
    public Linear linear(Tensor weight, Tensor bias) {
        return linear.linear(weight, bias);
    }

    @Override
    public Tensor picture(Workspace out, Tensor host) {
        host.requireType(DType.U8);
        Tensor picture = out.tensor(host.name(), host.shape(), DType.U8);
        transfers.copy(picture, host);
        return picture;
    }

    @Override
    public void repeat(Object name, List<Tensor> tensors, Workspace out, Consumer<Workspace> work) {
        if (replays == null) Ops.super.repeat(name, tensors, out, work);
        else replays.repeat(name, tensors, out, work);
    }

    /** How many graphs {@link #repeat} keeps. */
    int graphs() {
        return replays == null ? 0 : replays.graphs();
    }

    @Override
    public float[] download(Tensor tensor) {
        return transfers.download(tensor);
    }

    @Override
    public void upload(Tensor y, float[] values) {
        transfers.upload(y, values);
    }

    @Override
    public void fill(Tensor y, float value) {
        rows.fill(y, value);
    }

    @Override
    public void patches(Tensor y, Tensor picture, List<Region> regions, int height, int width, int patch, Normalization normalization) {
        Contract.patches(y, picture, regions, height, width, patch);
        patches.patches(y, picture, regions, height, width, patch, normalization);
    }

    @Override
    public void embedPatches(Tensor x, Tensor patchEmbedding, Tensor cls, Tensor position) {
        Contract.embedPatches(x, patchEmbedding, cls, position);
        tokens.embedPatches(x, patchEmbedding, cls, position);
    }

    @Override
    public void embedTokens(Tensor x, int[][] ids, Tensor table, Tensor position) {
        Contract.embedTokens(x, ids, table, position);
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
        linear.linear(y, x, w, activation);
    }

    @Override
    public void linearAdd(Tensor y, Tensor x, Linear w) {
        Contract.linear(y, x, w);
        linear.linearAdd(y, x, w);
    }

    @Override
    public void attention(Tensor context, Tensor qkv, int sequences, int heads, Scores scores, Tensor map, Heads mapHeads, float weight) {
        Contract.attention(context, qkv, sequences, heads, scores, map);
        attention.attention(context, qkv, sequences, heads, scores, map, mapHeads, weight);
    }

    @Override
    public void selfSelfAttention(Tensor context, Tensor qkv, int sequences, int heads, Tensor tau) {
        Contract.selfSelfAttention(context, qkv, sequences, heads, tau);
        attention.selfSelfAttention(context, qkv, sequences, heads, tau);
    }

    @Override
    public void meanNorm(Tensor tau, Tensor x, float factor) {
        Contract.meanNorm(tau, x);
        tokens.meanNorm(tau, x, factor);
    }

    @Override
    public void takeTokens(Tensor y, Tensor x, int sequences, int first, int count) {
        Contract.takeTokens(y, x, sequences, first, count);
        tokens.takeTokens(y, x, sequences, first, count);
    }

    @Override
    public void normalizeRows(Tensor x) {
        rows.normalizeRows(x);
    }

    @Override
    public void similarity(Tensor z, Tensor f, Tensor u, float factor) {
        Contract.similarity(z, f, u);
        linear.similarity(z, f, u, factor);
    }

    @Override
    public void groupMeans(Tensor y, Tensor x, int[][] groups) {
        Contract.groupMeans(y, x, groups);
        rows.groupMeans(y, x, groups);
    }

    @Override
    public void classMaps(Tensor p, Tensor y, Tensor z) {
        Contract.mapsOf(p, z);
        Contract.mapsOf(y, z);
        maps.classMaps(p, y, z);
    }

    @Override
    public void cosineMaps(Tensor y, Tensor z, float factor) {
        Contract.mapsOf(y, z);
        maps.cosineMaps(y, z, factor);
    }

    @Override
    public void cutClassToken(Tensor y, Tensor map, float factor) {
        Contract.cutClassToken(y, map);
        maps.cutClassToken(y, map, factor);
    }

    @Override
    public void transition(Tensor t, Tensor a, int rounds, boolean symmetric) {
        Contract.transition(t, a);
        transitions.transition(t, a, rounds, symmetric);
    }

    @Override
    public List<List<Box>> boxes(Tensor scores, int gridHeight, int gridWidth, BoxRule rule) {
        Contract.grid(scores, gridHeight, gridWidth);
        return boxes.boxes(scores, gridHeight, gridWidth, rule);
    }

    @Override
    public void maskByBoxes(Tensor x, Tensor y, int first, int gridHeight, int gridWidth, BoxRule rule) {
        Contract.mapsWithin(x, y, first);
        Contract.grid(x, gridHeight, gridWidth);
        boxes.maskByBoxes(x, y, first, gridHeight, gridWidth, rule);
    }

    /** Maps lie in rows, so that y = x T^T for each window; never with rounded factors. */
    @Override
    public void propagate(Tensor y, Tensor t, Tensor x) {
        Contract.propagate(y, t, x);
        exact.multiply(Product.transposed(Matrix.stack(y), Matrix.stack(x), Matrix.stack(t)).each(x.shape().dim(0)));
    }

    @Override
    public void minMaxRows(Tensor r, float eps) {
        consistency.minMaxRows(r, eps);
    }

    @Override
    public void overlapSums(Tensor sums, Tensor p, int first, Tensor r) {
        Contract.overlapSums(sums, p, first, r);
        consistency.overlapSums(sums, p, first, r);
    }

    @Override
    public void softIou(Tensor j, Tensor r, int[] rowsOfR, Overlap overlap) {
        Contract.softIou(j, r, rowsOfR);
        consistency.softIou(j, r, rowsOfR, overlap);
    }

    @Override
    public void clear(Tensor r, int row, int[] columns) {
        rows.clear(r, row, columns);
    }

    @Override
    public void assemble(Tensor labels, Tensor confidence, Tensor scores, Tensor refined, int[][] alive, Mosaic mosaic, LabelRule rule) {
        Contract.assemble(labels, confidence, scores, refined, alive, mosaic, rule);
        assembly.assemble(labels, confidence, scores, refined, alive, mosaic, rule);
    }

    /** Gives everything back. With {@code -Dfreecp.memory.trace=true} workspaces that are still open are reported with the place where they were opened. */
    @Override
    public void close() {
        for (String leak : pool.leaks()) System.getLogger(CudaOps.class.getName()).log(System.Logger.Level.WARNING, "still open on " + device.place() + ": " + leak);
        try (device; pool; permanent; cublas; replays) {                                    // the last is closed first
            device.synchronize();
        }
    }
}
