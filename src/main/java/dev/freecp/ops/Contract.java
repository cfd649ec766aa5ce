package dev.freecp.ops;

import dev.freecp.tensor.DType;
import dev.freecp.tensor.Tensor;
import java.util.List;

/**
 * The shape checks of {@link Ops}, one for each operation that has something to check; every backend calls them first, so that a wrong call fails in
 * the same words everywhere. All throw {@link IllegalArgumentException}.
 */
public final class Contract {

    private Contract() {
    }

    public static void patches(Tensor y, Tensor picture, List<Region> regions, int height, int width, int patch) {
        picture.requireType(DType.U8);
        require(picture.shape().rank() == 3 && picture.cols() == 3, picture, "a picture is (height, width, 3)");
        for (Region r : regions) require(r.y1() <= picture.shape().dim(0) && r.x1() <= picture.shape().dim(1), picture, r + " lies outside");
        rows(y, regions.size() * (height / patch) * (width / patch));
        cols(y, 3 * patch * patch);
    }

    public static void embedPatches(Tensor x, Tensor patches, Tensor cls, Tensor position) {
        int tokens = position.rows(), width = cls.cols();
        cols(x, width);
        cols(patches, width);
        cols(position, width);
        require(tokens > 1, x, "the position table has " + tokens + " rows, wanted the class token's and at least one patch's");
        require(x.rows() % tokens == 0, x, "rows must be a multiple of the " + tokens + " rows of the position table");
        rows(patches, x.rows() / tokens * (tokens - 1));
    }

    public static void embedTokens(Tensor x, int[][] ids, Tensor table, Tensor position) {
        cols(x, table.cols());
        cols(position, table.cols());
        int length = ids.length == 0 ? 0 : ids[0].length;
        rows(x, ids.length * length);
        require(length <= position.rows(), position, "sequences of " + length + " tokens are longer than the table");
        for (int[] sequence : ids) {
            require(sequence.length == length, x, "sequences of " + length + " and " + sequence.length + " tokens in one batch");
            for (int id : sequence) require(id >= 0 && id < table.rows(), table, "token id " + id + " is outside the table");
        }
    }

    public static void layerNorm(Tensor y, Tensor x, Affine affine) {
        same(y, x);
        cols(affine.gamma(), x.cols());
        cols(affine.beta(), x.cols());
    }

    public static void linear(Tensor y, Tensor x, Linear w) {
        cols(x, w.in());
        cols(y, w.out());
        rows(y, x.rows());
    }

    public static void attention(Tensor context, Tensor qkv, int sequences, int heads, Scores scores, Tensor map) {
        require(qkv.cols() == 3 * context.cols(), qkv, "columns must be 3 x " + context.cols());
        require(context.cols() % heads == 0, context, "width must be a multiple of " + heads + " heads");
        rows(context, qkv.rows());
        sequences(qkv, sequences);
        if (map == null) return;
        require(scores == Scores.QK, map, "only the plain attention QK can be kept, not " + scores);
        cols(map, qkv.rows() / sequences);
        rows(map, qkv.rows());
    }

    public static void selfSelfAttention(Tensor context, Tensor qkv, int sequences, int heads, Tensor tau) {
        attention(context, qkv, sequences, heads, Scores.QK, null);
        require(tau.shape().count() == sequences, tau, "one temperature for each of " + sequences + " sequences is wanted");
    }

    public static void meanNorm(Tensor tau, Tensor x) {
        sequences(x, Math.toIntExact(tau.shape().count()));
    }

    public static void takeTokens(Tensor y, Tensor x, int sequences, int first, int count) {
        sequences(x, sequences);
        cols(y, x.cols());
        rows(y, sequences * count);
        int end = first + count;
        require(first >= 0 && count >= 0 && end <= x.rows() / sequences, x, "tokens " + first + " to " + end + " are not in a sequence");
    }

    public static void similarity(Tensor z, Tensor f, Tensor u) {
        cols(f, u.cols());
        rows(z, f.rows());
        cols(z, u.rows());
    }

    public static void groupMeans(Tensor y, Tensor x, int[][] groups) {
        cols(y, x.cols());
        rows(y, groups.length);
        for (int[] group : groups) {
            require(group.length > 0, y, "a group is empty");
            for (int row : group) require(row >= 0 && row < x.rows(), x, "row " + row + " is outside");
        }
    }

    public static void mapsOf(Tensor y, Tensor z) {
        require(y.shape().rank() == 3, y, "maps are (window, query, cell)");
        int windows = y.shape().dim(0), queries = y.shape().dim(1);
        cols(z, queries);
        rows(z, windows * y.cols());
    }

    public static void cutClassToken(Tensor y, Tensor map) {
        require(y.shape().rank() == 3 && map.shape().rank() == 3, map, "attention maps are (window, token, token)");
        require(map.shape().dim(0) == y.shape().dim(0), map, "as many windows as in " + y + " are wanted");
        cols(map, y.cols() + 1);
        require(map.shape().dim(1) == map.cols() && y.shape().dim(1) == y.cols(), map, "attention maps are square");
    }

    public static void transition(Tensor t, Tensor a) {
        require(a.shape().rank() == 3 && a.shape().dim(1) == a.cols(), a, "an affinity is (window, cell, cell)");
        same(t, a);
    }

    public static void grid(Tensor maps, int gridHeight, int gridWidth) {
        cols(maps, gridHeight * gridWidth);
    }

    /** x or r is (S, C, n), y or p is (S, Q, n), and maps first .. first + C - 1 of the second belong to the first. */
    public static void mapsWithin(Tensor x, Tensor y, int first) {
        require(x.shape().rank() == 3 && y.shape().rank() == 3, x, "maps are (window, query, cell)");
        require(x.shape().dim(0) == y.shape().dim(0), x, "as many windows as in " + y + " are wanted");
        cols(x, y.cols());
        require(first >= 0 && first + x.shape().dim(1) <= y.shape().dim(1), x, "maps from " + first + " on are not all in " + y);
    }

    public static void propagate(Tensor y, Tensor t, Tensor x) {
        require(t.shape().rank() == 3 && x.shape().rank() == 3, t, "a transition is (window, cell, cell)");
        same(y, x);
        cols(t, x.cols());
        require(t.shape().dim(1) == t.cols(), t, "a transition is square");
        require(t.shape().dim(0) == x.shape().dim(0), t, "as many windows as in " + x + " are wanted");
    }

    public static void overlapSums(Tensor sums, Tensor p, int first, Tensor r) {
        mapsWithin(r, p, first);
        cols(sums, 3);
        rows(sums, r.rows());
    }

    public static void softIou(Tensor j, Tensor r, int[] rows) {
        cols(j, rows.length);
        rows(j, rows.length);
        for (int row : rows) require(row >= 0 && row < r.rows(), r, "row " + row + " is outside");
    }

    public static void assemble(Tensor labels, Tensor confidence, Tensor scores, Tensor maps, int[][] alive, Mosaic mosaic, LabelRule rule) {
        labels.requireType(DType.I32);
        rows(labels, mosaic.outputHeight());
        cols(labels, mosaic.outputWidth());
        if (confidence != null) same(confidence.as(confidence.name(), labels.shape()), labels);
        if (scores != null) {
            rows(scores, rule.labels() * mosaic.outputHeight());
            cols(scores, mosaic.outputWidth());
        }
        int windows = mosaic.windows().size();
        require(maps.shape().rank() == 3 && maps.shape().dim(0) == windows, maps, "one stack of maps for each of " + windows + " windows is wanted");
        grid(maps, mosaic.gridHeight(), mosaic.gridWidth());
        require(alive.length == windows, maps, "one list of maps for each window is wanted, got " + alive.length);
        require(rule.classOfMap().length == maps.shape().dim(1), maps, "classes of " + rule.classOfMap().length + " maps were given");
    }

    private static void sequences(Tensor x, int sequences) {
        require(sequences > 0 && x.rows() % sequences == 0, x, "rows do not divide into " + sequences + " sequences");
    }

    private static void same(Tensor y, Tensor x) {
        require(y.shape().sameSizes(x.shape()), y, "the sizes of " + x + " are wanted");
    }

    private static void cols(Tensor t, int wanted) {
        require(t.cols() == wanted, t, "columns must be " + wanted);
    }

    private static void rows(Tensor t, int wanted) {
        require(t.rows() == wanted, t, "rows must be " + wanted);
    }

    private static void require(boolean fits, Tensor t, String wanted) {
        if (!fits) throw new IllegalArgumentException(t.name() + " " + t.shape() + ": " + wanted);
    }
}
