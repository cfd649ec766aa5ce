package dev.freecp.purify;

import dev.freecp.clip.Trace;
import dev.freecp.ops.Box;
import dev.freecp.ops.Ops;
import dev.freecp.ops.Overlap;
import dev.freecp.ops.Workspace;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Ambiguity purification: words that claim the same region are told apart by a closer look at it (specification, section 8). All windows' groups are
 * fused in one call and all their crops are scored in one batch.
 */
public final class Ambiguity {

    private final Ops ops;
    private final Workspace workspace;
    private final ClassMaps maps;
    private final PurifySettings settings;
    private final CropScorer scorer;
    private final Trace trace;
    /** For each row of R the cells that were set to zero under {@link PurifySettings.Elimination#REGION}. */
    private final Map<Integer, BitSet> cleared = new HashMap<>();

    Ambiguity(Ops ops, Workspace workspace, ClassMaps maps, PurifySettings settings, CropScorer scorer, Trace trace) {
        this.ops = ops;
        this.workspace = workspace;
        this.maps = maps;
        this.settings = settings;
        this.scorer = scorer;
        this.trace = trace;
    }

    /** A group of one window that has to be resolved; {@code words} are word numbers. */
    private record Tie(int window, int[] words, List<WindowReport.Crop> crops) {
    }

    /**
     * Resolves all windows.
     *
     * @param alive for each window the words left so far; losers are taken out
     * @return for each window its groups of the first round, or null where fewer than two words were left
     */
    List<List<WindowReport.Group>> resolve(List<BitSet> alive) {
        List<List<WindowReport.Group>> report = new ArrayList<>();
        boolean changed = round(alive, report);
        while (changed && settings.resolution() == PurifySettings.Resolution.ITERATIVE) changed = round(alive, new ArrayList<>());
        return report;
    }

    /**
     * Resolves every group of every window once.
     *
     * @return whether a word was removed or a cell newly set to zero, neither of which can go on for ever
     */
    private boolean round(List<BitSet> alive, List<List<WindowReport.Group>> report) {
        int[][] words = alive.stream().map(left -> left.stream().toArray()).toArray(int[][]::new);
        float[][][] overlaps = overlaps(words);
        List<List<int[]>> groups = new ArrayList<>();
        for (int window = 0; window < words.length; window++) groups.add(words[window].length < 2 ? null : groups(words[window], overlaps[window]));
        return resolve(groups, alive, report);
    }

    /** J of each window's words, (K, K) with its own K: computed for all windows, and waited for once. */
    private float[][][] overlaps(int[][] words) {
        float[][][] overlaps = new float[words.length][][];
        int[] first = new int[words.length + 1];
        for (int window = 0; window < words.length; window++) first[window + 1] = first[window] + words[window].length * words[window].length;
        if (first[words.length] == 0) return overlaps;
        try (Workspace scratch = workspace.scope()) {
            Tensor all = scratch.tensor("ap_iou", Shape.of("pair one", first[words.length], 1));
            Overlap overlap = settings.consistency() == PurifySettings.Consistency.SOFT_IOU ? Overlap.PRODUCT : Overlap.MINIMUM;
            for (int window = 0; window < words.length; window++) {
                int w = window, k = words[w].length;
                if (k == 0) continue;
                Tensor j = all.slice("pairs", Shape.of("pair one", k * k, 1), first[w]).as("ap_iou", Shape.of("word word", k, k));
                ops.softIou(j, maps.refined(), Arrays.stream(words[w]).map(word -> maps.row(w, word)).toArray(), overlap);
                if (k > 1) trace.stage("w%02d.ap_iou".formatted(w), j);
            }
            float[] flat = ops.download(all);
            for (int window = 0; window < words.length; window++) {
                int k = words[window].length, at = first[window];
                overlaps[window] = new float[k][];
                for (int a = 0; a < k; a++) overlaps[window][a] = Arrays.copyOfRange(flat, at + a * k, at + (a + 1) * k);
            }
        }
        return overlaps;
    }

    /** Connected groups of a window's words. */
    private List<int[]> groups(int[] words, float[][] overlap) {
        List<int[]> groups = new ArrayList<>();
        for (int[] group : SoftGroups.of(overlap, settings.ambiguityThreshold())) groups.add(Arrays.stream(group).map(i -> words[i]).toArray());
        return groups;
    }

    private boolean resolve(List<List<int[]>> groups, List<BitSet> alive, List<List<WindowReport.Group>> report) {
        List<Tie> ties = new ArrayList<>();
        for (int window = 0; window < groups.size(); window++)
            if (groups.get(window) != null)
                for (int[] words : groups.get(window)) if (words.length > 1) ties.add(new Tie(window, words, new ArrayList<>()));
        List<List<Box>> boxes = fusedBoxes(ties);
        look(ties, boxes);

        boolean changed = false;
        for (int t = 0; t < ties.size(); t++) changed |= eliminate(ties.get(t), boxes.get(t), alive.get(ties.get(t).window));
        int t = 0;
        for (List<int[]> inWindow : groups) {
            List<WindowReport.Group> list = inWindow == null ? null : new ArrayList<>();
            report.add(list);
            if (inWindow == null) continue;
            for (int[] words : inWindow) {
                if (words.length == 1) list.add(new WindowReport.Group(words, List.of(), List.of()));
                else list.add(new WindowReport.Group(words, boxes.get(t), List.copyOf(ties.get(t++).crops)));
            }
        }
        return changed;
    }

    /** Boxes of each group's mean map. */
    private List<List<Box>> fusedBoxes(List<Tie> ties) {
        if (ties.isEmpty()) return List.of();
        int[][] rows = new int[ties.size()][];
        for (int t = 0; t < rows.length; t++) {
            Tie tie = ties.get(t);
            rows[t] = Arrays.stream(tie.words).map(word -> maps.row(tie.window, word)).toArray();
        }
        try (Workspace scratch = workspace.scope()) {
            Tensor fused = scratch.tensor("fused", Shape.of("group cell", rows.length, maps.refined().cols()));
            ops.groupMeans(fused, maps.refined(), rows);
            trace.stage("fused", fused);
            return ops.boxes(fused, maps.gridHeight(), maps.gridWidth(), settings.boxRule());
        }
    }

    /** Scores every box that is not empty, all windows in one batch. */
    private void look(List<Tie> ties, List<List<Box>> boxes) {
        List<CropScorer.Request> requests = new ArrayList<>();
        for (int t = 0; t < ties.size(); t++)
            for (Box box : boxes.get(t)) if (!box.isEmpty()) requests.add(new CropScorer.Request(ties.get(t).window, box));
        if (requests.isEmpty()) return;
        float[][] scores = scorer.score(requests);
        int next = 0;
        for (int t = 0; t < ties.size(); t++) {
            for (Box box : boxes.get(t)) {
                if (box.isEmpty()) continue;
                float[] all = scores[next++];
                int[] words = ties.get(t).words;
                float[] members = new float[words.length];
                int winner = 0;
                for (int m = 0; m < words.length; m++) {
                    members[m] = all[words[m]];
                    if (members[m] > members[winner]) winner = m;
                }
                ties.get(t).crops.add(new WindowReport.Crop(box, members, winner));
            }
        }
    }

    /** Takes the losers of one group out; an empty box, or no box at all with a crop, leaves the whole group. */
    private boolean eliminate(Tie tie, List<Box> boxes, BitSet alive) {
        if (settings.elimination() == PurifySettings.Elimination.REGION) return eliminateInRegions(tie);
        if (boxes.stream().anyMatch(Box::isEmpty)) return false;
        BitSet losers = new BitSet();
        for (int word : tie.words) losers.set(word);
        for (WindowReport.Crop crop : tie.crops) losers.clear(tie.words[crop.winner()]);
        alive.andNot(losers);
        return !losers.isEmpty();
    }

    /** The paper's form: a loser is zero inside the box it lost. True if a cell is that was not before. */
    private boolean eliminateInRegions(Tie tie) {
        boolean changed = false;
        for (WindowReport.Crop crop : tie.crops) {
            Box box = crop.box();
            int width = box.x1() - box.x0();
            int[] cells = new int[width * (box.y1() - box.y0())];
            for (int i = 0; i < cells.length; i++) cells[i] = (box.y0() + i / width) * maps.gridWidth() + box.x0() + i % width;
            for (int m = 0; m < tie.words.length; m++) {
                if (m == crop.winner()) continue;
                int row = maps.row(tie.window, tie.words[m]);
                ops.clear(maps.refined(), row, cells);
                changed |= remember(row, cells);
            }
        }
        return changed;
    }

    /** True if one of the cells is new among those cleared. */
    private boolean remember(int row, int[] cells) {
        BitSet known = cleared.computeIfAbsent(row, _ -> new BitSet());
        int before = known.cardinality();
        for (int cell : cells) known.set(cell);
        return known.cardinality() > before;
    }
}
