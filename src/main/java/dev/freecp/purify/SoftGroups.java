package dev.freecp.purify;

import java.util.ArrayList;
import java.util.List;

/** Connected components of the graph of soft intersections over union (specification, section 8 steps 1 and 2). */
public final class SoftGroups {

    private final float[][] overlap;
    private final float threshold;
    private final boolean[] visited;

    private SoftGroups(float[][] overlap, float threshold) {
        this.overlap = overlap;
        this.threshold = threshold;
        this.visited = new boolean[overlap.length];
    }

    /**
     * @param overlap   symmetric; NaN links nothing
     * @param threshold two nodes are linked if their overlap is at least this
     * @return groups by their smallest node; inside a group depth first, neighbours in increasing order (it decides ties later)
     */
    public static List<int[]> of(float[][] overlap, float threshold) {
        SoftGroups search = new SoftGroups(overlap, threshold);
        List<int[]> groups = new ArrayList<>();
        for (int node = 0; node < overlap.length; node++) {
            if (search.visited[node]) continue;
            List<Integer> members = new ArrayList<>();
            search.visit(node, members);
            groups.add(members.stream().mapToInt(Integer::intValue).toArray());
        }
        return groups;
    }

    private void visit(int node, List<Integer> members) {
        visited[node] = true;
        members.add(node);
        for (int next = 0; next < overlap.length; next++) if (overlap[node][next] >= threshold && !visited[next]) visit(next, members);
    }
}
