package dev.freecp.clip;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Byte-pair encoding of one piece of text: as long as neighbours have a merge, all occurrences of the earliest merge are joined, from left to
 * right. With candidates kept in order a piece of n symbols takes O(n log n), where the usual rescanning takes O(n^2).
 */
final class BytePairMerger {

    private record Merge(int rank, int joined) {
    }

    private static final int GONE = -1;

    private final Map<Long, Merge> merges = new HashMap<>();
    private int added;

    /** Lets (left, right) join; merges added earlier go first, and a pair added twice keeps its later rank, as in the original's table. */
    void add(int left, int right, int joined) {
        merges.put(pair(left, right), new Merge(added++, joined));
    }

    /** The symbols that remain of a piece, at least one. */
    int[] merge(int[] piece) {
        int n = piece.length;
        int[] symbols = piece.clone();
        int[] previous = new int[n];
        int[] next = new int[n];
        TreeSet<Long> candidates = new TreeSet<>();                // rank, then place
        for (int i = 0; i < n; i++) {
            previous[i] = i - 1;
            next[i] = i + 1;
        }
        for (int i = 0; i + 1 < n; i++) {
            offer(candidates, symbols, next, i);
        }
        List<Integer> joinedNow = new ArrayList<>();
        while (!candidates.isEmpty()) {
            int rank = rank(candidates.first());
            // one pass joins every occurrence of this merge before pairs with the new symbols may compete, even for an earlier rank
            while (!candidates.isEmpty() && rank(candidates.first()) == rank) {
                int i = candidates.pollFirst().intValue();
                Merge merge = mergeAt(symbols, next, i);
                if (merge != null && merge.rank == rank) {
                    int right = next[i];
                    symbols[i] = merge.joined;
                    symbols[right] = GONE;
                    next[i] = next[right];
                    if (next[i] < n) {
                        previous[next[i]] = i;
                    }
                    joinedNow.add(i);
                }
            }
            for (int i : joinedNow) {
                offer(candidates, symbols, next, i);
                if (previous[i] >= 0) {
                    offer(candidates, symbols, next, previous[i]);
                }
            }
            joinedNow.clear();
        }
        return Arrays.stream(symbols).filter(symbol -> symbol != GONE).toArray();
    }

    private void offer(TreeSet<Long> candidates, int[] symbols, int[] next, int i) {
        Merge merge = mergeAt(symbols, next, i);
        if (merge != null) {
            candidates.add((long) merge.rank << 32 | i);
        }
    }

    private static int rank(long candidate) {
        return (int) (candidate >> 32);
    }

    /** The merge of the symbol at i with its right neighbour; null if there is none or the symbol has gone. */
    private Merge mergeAt(int[] symbols, int[] next, int i) {
        return symbols[i] == GONE || next[i] >= symbols.length ? null : merges.get(pair(symbols[i], symbols[next[i]]));
    }

    private static long pair(int left, int right) {
        return (long) left << 32 | right;
    }
}
