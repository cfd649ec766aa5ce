package dev.freecp.cpu;

import dev.freecp.ops.Bilinear;
import dev.freecp.ops.LabelRule;
import dev.freecp.ops.Mosaic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What {@link Assembly} needs to know before it looks at a map: which classes are alive where, and the taps of both resizes. */
final class MosaicPlan {

    /** A class in a window: which of the alive classes it is, and its maps that are alive there. */
    record Member(int slot, int[] maps) {
    }

    /** Neighbouring columns of a window between the same two cells of the grid. */
    record Run(int from, int to, int left, int right) {
    }

    final Mosaic mosaic;
    final LabelRule rule;
    /** Classes alive in any window, increasing; their places here are the slots. */
    final int[] classes;
    /** For each window its classes. */
    final List<List<Member>> members = new ArrayList<>();
    /** Most maps of one class in one window. */
    final int mostMaps;
    /** Rows of a window on the rows of the grid. */
    final Bilinear.Taps gridRows;
    final List<Run> runs = new ArrayList<>();
    /** Weight of a window column's right cell, one vector longer than a window. */
    final float[] runWeights;
    /** Output rows on the picture's rows, and columns on columns, one vector longer than a row. */
    final Bilinear.Taps rows;
    final int[] left;
    final int[] right;
    final float[] weights;

    MosaicPlan(int[][] alive, Mosaic mosaic, LabelRule rule) {
        this.mosaic = mosaic;
        this.rule = rule;
        classes = Arrays.stream(alive).flatMapToInt(Arrays::stream).map(map -> rule.classOfMap()[map]).distinct().sorted().toArray();
        for (int[] maps : alive) members.add(members(maps));
        mostMaps = members.stream().flatMap(List::stream).mapToInt(member -> member.maps.length).max().orElse(0);
        int height = mosaic.windows().getFirst().height(), width = mosaic.windows().getFirst().width();
        gridRows = Bilinear.taps(mosaic.gridHeight(), height);
        Bilinear.Taps gridColumns = Bilinear.taps(mosaic.gridWidth(), width);
        runWeights = weights(gridColumns);
        for (int from = 0, to; from < width; from = to) {
            for (to = from + 1; to < width && gridColumns.first(to) == gridColumns.first(from);) to++;
            runs.add(new Run(from, to, gridColumns.first(from), gridColumns.second(from)));
        }
        rows = Bilinear.taps(mosaic.height(), mosaic.outputHeight());
        Bilinear.Taps columns = Bilinear.taps(mosaic.width(), mosaic.outputWidth());
        weights = weights(columns);
        left = new int[weights.length];
        right = new int[weights.length];
        for (int i = 0; i < columns.size(); i++) {
            left[i] = columns.first(i);
            right[i] = columns.second(i);
        }
    }

    private List<Member> members(int[] maps) {
        SortedMap<Integer, List<Integer>> byClass = new TreeMap<>();
        for (int map : maps) byClass.computeIfAbsent(rule.classOfMap()[map], c -> new ArrayList<>()).add(map);
        List<Member> result = new ArrayList<>();
        byClass.forEach((c, list) -> result.add(new Member(Arrays.binarySearch(classes, c), list.stream().mapToInt(Integer::intValue).toArray())));
        return result;
    }

    private static float[] weights(Bilinear.Taps taps) {
        float[] weights = new float[taps.size() + Lanes.LANES];
        for (int i = 0; i < taps.size(); i++) weights[i] = taps.weight(i);
        return weights;
    }
}
