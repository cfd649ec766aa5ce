package dev.freecp.report.explain;

import dev.freecp.clip.Trace;
import dev.freecp.ops.Ops;
import dev.freecp.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Keeps of a run's stages what its explanation needs; of tokens only those on the lattice, so that a tower's blocks fit into memory. */
final class StageRecorder {

    private static final Set<String> WHOLE = Set.of("softmax", "cam", "refined", "purified", "affinity");

    private final Lattice lattice;
    private final int tokens;
    private final Map<String, List<float[]>> parts = new HashMap<>();
    private final Map<String, float[][]> features = new LinkedHashMap<>();
    private final Map<String, Integer> windowsSeen = new HashMap<>();

    /** @param tokens N of a window, the class token included */
    StageRecorder(Lattice lattice, int tokens) {
        this.lattice = lattice;
        this.tokens = tokens;
    }

    /** What is shown to be recorded, tensors of one backend. */
    Trace on(Ops ops) {
        return new Trace() {
            @Override
            public boolean wantsClassAttention() {
                return true;
            }

            @Override
            public void stage(String stage, Tensor tensor) {
                record(ops, stage, tensor);
            }
        };
    }

    private void record(Ops ops, String stage, Tensor tensor) {
        if (stage.equals("embed") || stage.startsWith("block") || stage.equals("last_mod")) gather(stage, ops.download(tensor), tensor.cols());
        else if (WHOLE.contains(stage) || stage.startsWith("cls_attention")) parts.computeIfAbsent(stage, _ -> new ArrayList<>()).add(ops.download(tensor));
        else if (stage.endsWith(".ap_iou")) parts.computeIfAbsent(stage, _ -> List.of(ops.download(tensor)));    // the first round's, which the report tells
    }

    /** Features of the lattice's cells out of the tokens of the next windows. */
    private void gather(String stage, float[] all, int width) {
        int from = windowsSeen.getOrDefault(stage, 0), to = from + all.length / (width * tokens);
        float[][] cells = features.computeIfAbsent(stage, _ -> new float[lattice.count()][]);
        for (int cell = 0; cell < cells.length; cell++) {
            int window = lattice.window(cell);
            if (window < from || window >= to) continue;
            int row = (window - from) * tokens + 1 + lattice.cellInWindow(cell);
            cells[cell] = Arrays.copyOfRange(all, row * width, (row + 1) * width);
        }
        windowsSeen.put(stage, to);
    }

    /** Names of the stages with features, in the order of the tower. */
    List<String> featureStages() {
        return List.copyOf(features.keySet());
    }

    /** A stage's features by cell of the lattice. */
    float[][] features(String stage) {
        return features.get(stage);
    }

    /** All windows' numbers of a stage, one after the other; null if the run had no such stage. */
    float[] all(String stage) {
        List<float[]> list = parts.get(stage);
        if (list == null) return null;
        float[] all = new float[list.stream().mapToInt(part -> part.length).sum()];
        int at = 0;
        for (float[] part : list) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }
}
