package dev.freecp.ops;

import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The operations that the towers and the purification are made of. Each is the contract for every backend: formula, shapes, aliasing.
 * {@link ScalarOps} implements it in plain loops with double sums and is the reference; the others are fast.
 *
 * <p><b>Batches.</b> S sequences (windows, crops, sentences) of equal length N lie one after the other, so an activation is (S*N, C), and token
 * t of sequence s is row s*N + t. Maps are (S, K, n): for each window K maps over its n = h*w grid cells, row-major.
 *
 * <p><b>Types.</b> float32 unless a type is named. Where a tower's operation reads or writes what {@link Workspace#activation} gives, that type is meant:
 * y of {@link #patches}; y of {@link #layerNorm}; x and y of {@link #linear}; x of {@link #linearAdd}, {@link #meanNorm}; qkv and context of the attentions;
 * x and y of {@link #takeTokens}, alike. There float32 may be given as well. Outputs may hold anything before the call; every element is written, except where
 * an operation says that it adds. Unless stated, no output may share memory with an input.
 *
 * <p><b>Errors.</b> Shapes that do not fit give an {@link IllegalArgumentException} naming tensor and dimension.
 *
 * <p><b>Determinism.</b> The same inputs give the same bits on one backend, whatever the number of threads and whatever else is in the batch (a backend that
 * leaves matrix products to a library that chooses its method by size says so, and is the same within rounding).
 * One instance may be used by one thread at a time.
 */
public interface Ops extends AutoCloseable {

    // ---- memory -----------------------------------------------------------------------------------------------------------------------

    /** One line for people: {@code cpu-vector, 512 bit, 2 threads, float32}. */
    String describe();

    /** What the towers compute in; results that are kept and used again must not be mixed up. */
    default Precision precision() {
        return Precision.FP32;
    }

    /**
     * Another instance on the same device, for another thread, that works beside this one and may read what {@link #resident} and {@link #linear} of this one
     * gave; it is closed first. May be called while another thread computes here. Empty where there is nothing to win, as on a CPU, all of whose threads one
     * instance keeps busy.
     */
    default Optional<Ops> beside() {
        return Optional.empty();
    }

    /**
     * Told before the weights of a large model come: what has to happen once in a process before this backend is fast may begin, on a thread of its own, and the
     * first pass of a tower may wait for its end. No result depends on it.
     *
     * @param activation of the model's MLPs
     */
    default void warmUp(Activation activation) {
    }

    /** A workspace with nothing taken; closing it gives its memory back to this backend. */
    Workspace workspace();

    /** A float32 copy of host tensor {@code host} (F64, F32, F16 or BF16) that lives as long as this backend; F32 may be used in place. */
    Tensor resident(Tensor host);

    /** Brings W (out, in) and b (out) or null, host tensors of any float type, into this backend's layout; lives as long as the backend. */
    Linear linear(Tensor weight, Tensor bias);

    /** A picture (height, width, 3) of unsigned bytes, red first, where this backend can read it; lives as long as {@code host} and the workspace. */
    Tensor picture(Workspace out, Tensor host);

    /**
     * Does work that is the same whenever {@code name} is equal and the tensors are: the same operations in the same order on the same shapes, none of which
     * takes lists or numbers from the host or gives any back ({@link #upload}, {@link #picture}, {@link #download}, {@link #patches}, {@link #embedTokens},
     * {@link #boxes}, {@link #assemble} ...). A backend may record it and do what was recorded the next time, without a call of {@code work}.
     *
     * @param tensors what the work reads and writes beside weights and its scratch
     * @param out     where its scratch is taken from
     */
    default void repeat(Object name, List<Tensor> tensors, Workspace out, Consumer<Workspace> work) {
        try (Workspace scratch = out.scope()) {
            work.accept(scratch);
        }
    }

    /** A host copy of a tensor of this backend, dense, in float32. */
    float[] download(Tensor tensor);

    /** Fills {@code y} from dense row-major host values. */
    void upload(Tensor y, float[] values);

    /** y = value everywhere. */
    void fill(Tensor y, float value);

    // ---- towers -----------------------------------------------------------------------------------------------------------------------

    /**
     * Crop, resize, normalise and cut into patches. For region s of {@code picture} (height, width, 3) uint8: pixels become (v - mean) / std, the
     * region is resized bilinearly to height x width (half-pixel centres, taps clamped to the region, equal sizes copy; specification, section 2),
     * and the p x p patches of its h = height div p rows and w = width div p columns become rows of y (S*h*w, 3*p*p), each ordered channel, row,
     * column. Pixels beyond h*p and w*p are dropped.
     */
    void patches(Tensor y, Tensor picture, List<Region> regions, int height, int width, int patch, Normalization normalization);

    /**
     * Tokens of a vision tower: x(s, 0) = cls + position(0); x(s, 1 + i) = patches(s*n + i) + position(1 + i).
     * x (S*(n+1), C), patches (S*n, C), cls (C), position (n+1, C).
     */
    void embedPatches(Tensor x, Tensor patches, Tensor cls, Tensor position);

    /**
     * Tokens of a text tower: x(s*N + t) = table(ids[s][t]) + position(t). All sequences are of length N; x (S*N, C), table (V, C), position (at
     * least N, C).
     */
    void embedTokens(Tensor x, int[][] ids, Tensor table, Tensor position);

    /** y(n,c) = gamma(c) * (x(n,c) - mean(n)) / sqrt(var(n) + eps) + beta(c), mean and biased variance over c. x and y may be the same tensor. */
    void layerNorm(Tensor y, Tensor x, Affine affine, float eps);

    /** y(n,o) = activation(sum over i of x(n,i) * w(o,i), plus b(o)). x (N, in), y (N, out). */
    void linear(Tensor y, Tensor x, Linear w, Activation activation);

    /** y(n,o) += sum over i of x(n,i) * w(o,i), plus b(o): closes a residual branch. */
    void linearAdd(Tensor y, Tensor x, Linear w);

    /**
     * Multi-head attention. qkv (S*N, 3C) holds q, k, v side by side, each with {@code heads} heads of d = C / heads; per sequence and head
     * context = Att v, Att as {@code scores} says. context (S*N, C).
     *
     * @param map     null, or (S, N, N), to which {@code weight} times the attention is added: over all heads together for {@link Heads#MEAN} (so the
     *                mean has weight 1 / heads), or head 0's. Only with {@link Scores#QK}
     */
    void attention(Tensor context, Tensor qkv, int sequences, int heads, Scores scores, Tensor map, Heads mapHeads, float weight);

    /** Multi-head attention without keeping a map. */
    default void attention(Tensor context, Tensor qkv, int sequences, int heads, Scores scores) {
        attention(context, qkv, sequences, heads, scores, null, Heads.MEAN, 0);
    }

    /**
     * GEM's self-self attention (specification, section 3.2). Per sequence and head, for each X of v, k, q: X1 = rows of X over max(|.|, 1e-12);
     * X2 = softmax(tau X1 X1^T) X1; X3 = rows of X2 over max(|.|, 1e-12); A_X = softmax(tau X3 X3^T). context = (A_v v + A_k v + A_q v) / 3.
     *
     * @param tau (S): one temperature a sequence
     */
    void selfSelfAttention(Tensor context, Tensor qkv, int sequences, int heads, Tensor tau);

    /** tau(s) = factor * mean over the N tokens t of sequence s of |x(s*N + t)|_2. tau (S), x (S*N, C). */
    void meanNorm(Tensor tau, Tensor x, float factor);

    /** y(s*count + i) = x(s*N + first + i): {@code count} tokens of every sequence from token {@code first} on. x (S*N, C), y (S*count, C). */
    void takeTokens(Tensor y, Tensor x, int sequences, int first, int count);

    /** x(n) /= |x(n)|_2, in place; no floor, a zero row becomes NaN. */
    void normalizeRows(Tensor x);

    /** z(n,q) = factor * sum over e of f(n,e) * u(q,e). f (N, E), u (Q, E), z (N, Q). */
    void similarity(Tensor z, Tensor f, Tensor u, float factor);

    /** y(g) = mean over r in groups[g] of x(r), for rows of x. y (groups, C). */
    void groupMeans(Tensor y, Tensor x, int[][] groups);

    // ---- class maps and purification -------------------------------------------------------------------------------------------------------

    /**
     * Class maps of each window (specification, section 5): p(s,q,i) = softmax over q of z(s*n + i, q), and y = (p - min) / (max - min), with one
     * minimum and one maximum over all q and i of the window. Where max = min (a single word) y is 0 (section 10). p, y (S, Q, n); z (S*n, Q).
     */
    void classMaps(Tensor p, Tensor y, Tensor z);

    /** y(s,q,i) = max(factor * z(s*n + i, q), 0): the cosine activation map of the paper's text. y (S, Q, n); z (S*n, Q). */
    void cosineMaps(Tensor y, Tensor z, float factor);

    /** y(s,i,j) = factor * map(s, 1+i, 1+j): cuts the class token off an attention map. y (S, n, n), map (S, n+1, n+1). */
    void cutClassToken(Tensor y, Tensor map, float factor);

    /**
     * From affinity to transition matrix (specification, section 6 step 1): {@code rounds} times divide columns by their sums, then rows by theirs;
     * if {@code symmetric}, T = (T + T^T) / 2 after. t, a (S, n, n); the same tensor is allowed.
     */
    void transition(Tensor t, Tensor a, int rounds, boolean symmetric);

    /** Boxes of each map (specification, section 6.1), sorted, of each of the rows of {@code maps} (..., h*w), with values in [0, 1]. */
    List<List<Box>> boxes(Tensor maps, int gridHeight, int gridWidth, BoxRule rule);

    /** x(s,c,i) = y(s, first + c, i) inside the union of the boxes of that map, 0 outside. x (S, C, n); y (S, Q, n) with Q >= first + C. */
    void maskByBoxes(Tensor x, Tensor y, int first, int gridHeight, int gridWidth, BoxRule rule);

    /** y(s,c,i) = sum over j of t(s,i,j) * x(s,c,j): one step of propagation. x, y (S, C, n); t (S, n, n). */
    void propagate(Tensor y, Tensor t, Tensor x);

    /** Each row: r = (r - min) / (max - min + eps), in place and in float32 arithmetic (specification, section 13: it decides bytes later). */
    void minMaxRows(Tensor r, float eps);

    /** sums(s,c,.) = (sum_i p(s, first + c, i) * r(s,c,i), sum_i p(s, first + c, i), sum_i r(s,c,i)). sums (S, C, 3); p (S, Q, n); r (S, C, n). */
    void overlapSums(Tensor sums, Tensor p, int first, Tensor r);

    /**
     * Soft intersection over union of rows of r (..., n): j(a,b) = s / (A + B - s), s the sum of overlaps of rows[a] and rows[b], A and B their
     * sums. 0/0 is NaN. j (K, K).
     */
    void softIou(Tensor j, Tensor r, int[] rows, Overlap overlap);

    /** Sets columns {@code columns} of row {@code row} of r to 0. */
    void clear(Tensor r, int row, int[] columns);

    /**
     * Labels of all pixels straight from the low-resolution maps; a removed map costs nothing, and nothing of size class x height x width exists.
     *
     * @param labels     (output height, output width) int32
     * @param confidence null, or (output height, output width): the winning score
     * @param scores     null, or (labels, output height, output width): all scores, for tests and pages only
     * @param maps       (S, C, n)
     * @param alive      for each window the maps that are not zero everywhere, increasing
     */
    void assemble(Tensor labels, Tensor confidence, Tensor scores, Tensor maps, int[][] alive, Mosaic mosaic, LabelRule rule);

    @Override
    void close();

    /** An int32 host tensor for {@link #assemble}'s labels. */
    static Tensor labelTensor(int height, int width) {
        return Tensor.allocate(Arena.ofAuto(), "labels", Shape.of("height width", height, width), DType.I32, width);
    }
}
