package dev.freecp.parity;

import dev.freecp.clip.Trace;
import dev.freecp.ops.Ops;
import dev.freecp.purify.WindowReport;
import dev.freecp.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Keeps the stages of a run that are wanted, of all windows, however many went through together. */
final class Recorder implements Trace {

    private final Ops ops;
    private final Set<String> wanted;
    private final Map<String, List<float[]>> parts = new HashMap<>();

    /** @param wanted names of stages without a window; those that everything after needs are kept in any case */
    Recorder(Ops ops, Set<String> wanted) {
        this.ops = ops;
        this.wanted = wanted;
    }

    @Override
    public void stage(String stage, Tensor tensor) {
        boolean needed = switch (stage) {
            case "cam", "refined_raw", "refined", "fused" -> true;
            default -> stage.endsWith(".ap_iou") || wanted.contains(stage);
        };
        if (needed) parts.computeIfAbsent(stage, s -> new ArrayList<>()).add(ops.download(tensor));
    }

    /** All windows' numbers of a stage. */
    float[] all(String stage) {
        List<float[]> list = parts.getOrDefault(stage, List.of());
        float[] all = new float[list.stream().mapToInt(part -> part.length).sum()];
        int at = 0;
        for (float[] part : list) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    /** The stages of window {@code number}, by the names of the goldens' tensors. */
    WindowRun window(int number, List<WindowReport> reports) {
        Map<String, float[]> values = new HashMap<>();
        for (String stage : parts.keySet())
            if (!stage.equals("fused") && !stage.endsWith(".ap_iou")) values.put(stage, share(all(stage), number, reports.size()));
        float[] overlap = all("w%02d.ap_iou".formatted(number));
        if (overlap.length > 0) values.put("ap_iou", overlap);
        int before = reports.subList(0, number).stream().mapToInt(report -> Decisions.ties(report).size()).sum();
        int total = reports.stream().mapToInt(report -> Decisions.ties(report).size()).sum();
        for (int tie = 0; tie < Decisions.ties(reports.get(number)).size(); tie++) values.put("fused%02d".formatted(tie), share(all("fused"), before + tie, total));
        return new WindowRun(values, reports.get(number));
    }

    private static float[] share(float[] all, int number, int count) {
        int size = all.length / count;
        return Arrays.copyOfRange(all, number * size, (number + 1) * size);
    }
}
