package dev.freecp.purify;

import dev.freecp.ops.Ops;
import dev.freecp.ops.Workspace;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;

/**
 * The maps of S windows with Q query words, the first {@code backgroundWords} of which stand for the background, on grids of n = h*w cells.
 *
 * @param softmax         p (S, Q, n)
 * @param activation      Y (S, Q, n)
 * @param refined         R (S, M, n), where M = Q - first
 * @param first           the query word of R's first map: the first class, or 0 where background words are refined too
 * @param backgroundWords B
 * @param gridHeight      h
 * @param gridWidth       w
 */
public record ClassMaps(Tensor softmax, Tensor activation, Tensor refined, int first, int backgroundWords, int gridHeight, int gridWidth) {

    /** Takes memory for the maps of {@code windows} windows. */
    public static ClassMaps take(Workspace out, PurifySettings settings, int windows, int queries, int backgroundWords, int gridHeight,
                                 int gridWidth) {
        int n = gridHeight * gridWidth, first = settings.background() == PurifySettings.BackgroundScore.BEST_WORD ? 0 : backgroundWords;
        return new ClassMaps(
            out.tensor("softmax", Shape.of("window query cell", windows, queries, n)),
            out.tensor("activation", Shape.of("window query cell", windows, queries, n)),
            out.tensor("refined", Shape.of("window map cell", windows, queries - first, n)), first, backgroundWords, gridHeight, gridWidth);
    }

    /** S. */
    public int windows() {
        return softmax.shape().dim(0);
    }

    /** Q. */
    public int queries() {
        return softmax.shape().dim(1);
    }

    /** M, maps of R in a window. */
    public int maps() {
        return refined.shape().dim(1);
    }

    /** How many of R's first maps in a window belong to background words: they are never purified. */
    public int backgroundMaps() {
        return backgroundWords - first;
    }

    /** Row of R that holds class word {@code word} (numbered without background words) of a window. */
    int row(int window, int word) {
        return window * maps() + backgroundMaps() + word;
    }

    /** Number of class words. */
    int words() {
        return queries() - backgroundWords;
    }

    /** The maps of {@code count} windows from window {@code from} on. */
    public ClassMaps part(int from, int count) {
        return new ClassMaps(part(softmax, from, count), part(activation, from, count), part(refined, from, count), first, backgroundWords,
            gridHeight, gridWidth);
    }

    private static Tensor part(Tensor t, int from, int count) {
        int maps = t.shape().dim(1);
        return t.slice(t.name(), Shape.of("window map cell", count, maps, t.cols()), from * maps);
    }

    /** p and Y from pixel logits z (S*n, Q) (specification, section 5). */
    public void activate(Ops ops, Tensor z, float logitScale, PurifySettings.ActivationMap rule) {
        ops.classMaps(softmax, activation, z);
        if (rule == PurifySettings.ActivationMap.COSINE) ops.cosineMaps(activation, z, 1 / logitScale);
    }

    /** {@code target}, shaped like R, takes R's words out of {@code source}, p or Y. The baseline without refinement is R = p. */
    public void copy(Ops ops, Tensor target, Tensor source) {
        int[][] rows = new int[windows() * maps()][];
        for (int row = 0; row < rows.length; row++) rows[row] = new int[] {row / maps() * queries() + first + row % maps()};
        ops.groupMeans(target, source, rows);
    }
}
