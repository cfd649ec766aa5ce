package dev.freecp.clip;

import dev.freecp.ops.Activation;
import dev.freecp.ops.Heads;
import dev.freecp.ops.Ops;
import dev.freecp.ops.Scores;
import dev.freecp.ops.Workspace;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * CLIP's text transformer (specification, section 4). The mask is causal and the feature is read at the end token, so what follows it changes nothing: sequences
 * are cut there, and those of one length go through together.
 */
public final class TextTower {

    /** Tokens a batch at most; beyond some thousand rows matrix products gain nothing more. */
    private static final int BATCH_TOKENS = 4096;

    private final Ops ops;
    private final TextConfig config;
    private final TextWeights weights;
    private final Transformer transformer;

    TextTower(Ops ops, TextConfig config, TextWeights weights) {
        this.ops = ops;
        this.config = config;
        this.weights = weights;
        this.transformer = new Transformer(ops, config.heads(), config.activation(), config.eps());
    }

    public TextConfig config() {
        return config;
    }

    /**
     * Unit-length features of sentences.
     *
     * @param sentences token ids, start to end token; cut at the first occurrence of the largest id, where CLIP reads
     * @return (sentences, E), in the given order
     */
    public Tensor encode(Workspace out, List<int[]> sentences) {
        Tensor features = out.tensor("text_feature", Shape.of("sentence embedding", sentences.size(), config.embedding()));
        int[] order = new int[sentences.size()];
        int done = 0;
        Tensor sorted = out.tensor("text_feature_sorted", features.shape());
        for (Map.Entry<Integer, List<Integer>> sameLength : byLength(sentences).entrySet()) {
            int length = sameLength.getKey(), batch = Math.max(1, BATCH_TOKENS / length);
            List<Integer> all = sameLength.getValue();
            for (int from = 0; from < all.size(); from += batch) {
                List<Integer> part = all.subList(from, Math.min(all.size(), from + batch));
                int[][] ids = new int[part.size()][];
                for (int i = 0; i < ids.length; i++) {
                    ids[i] = Arrays.copyOf(sentences.get(part.get(i)), length);
                    order[part.get(i)] = done + i;
                }
                encodeBatch(out, sorted.slice("batch", Shape.of("sentence embedding", ids.length, config.embedding()), done), ids);
                done += ids.length;
            }
        }
        int[][] back = new int[order.length][];
        for (int i = 0; i < back.length; i++) back[i] = new int[] {order[i]};
        ops.groupMeans(features, sorted, back);
        return features;
    }

    /** Word features: for each group the mean of its sentences' unit-length features, brought to unit length again; (groups, E). */
    public Tensor encodeGroups(Workspace out, List<List<int[]>> groups) {
        Tensor words = out.tensor("word_feature", Shape.of("word embedding", groups.size(), config.embedding()));
        int[][] members = new int[groups.size()][];
        List<int[]> sentences = new ArrayList<>();
        for (int g = 0; g < members.length; g++) {
            members[g] = IntStream.range(sentences.size(), sentences.size() + groups.get(g).size()).toArray();
            sentences.addAll(groups.get(g));
        }
        try (Workspace scratch = out.scope()) {
            ops.groupMeans(words, encode(scratch, sentences), members);
        }
        ops.normalizeRows(words);
        return words;
    }

    /** All sequences are of one length and end where the feature is read. */
    private void encodeBatch(Workspace workspace, Tensor features, int[][] ids) {
        int sequences = ids.length, length = ids[0].length;
        try (Workspace scratch = workspace.scope()) {
            Tensor x = scratch.tensor("tokens", Shape.of("token width", sequences * length, config.width()));
            Transformer.Scratch s = Transformer.Scratch.take(scratch, x.rows(), config.width(), config.mlpWidth());
            ops.embedTokens(x, ids, weights.tokens(), weights.position());
            for (BlockWeights w : weights.blocks()) transformer.block(x, w, s, sequences, Scores.QK_CAUSAL, null, Heads.MEAN);
            Shape row = Shape.of("sentence width", sequences, config.width());
            Tensor end = scratch.tensor("end", row), normed = scratch.activation("end_normed", row);
            ops.takeTokens(end, x, sequences, length - 1, 1);
            ops.layerNorm(normed, end, weights.last(), config.eps());
            ops.linear(features, normed, weights.projection(), Activation.NONE);
            ops.normalizeRows(features);
        }
    }

    /** Sentence numbers by the length up to the end token. */
    private static Map<Integer, List<Integer>> byLength(List<int[]> sentences) {
        Map<Integer, List<Integer>> lengths = new TreeMap<>();
        for (int i = 0; i < sentences.size(); i++) lengths.computeIfAbsent(end(sentences.get(i)) + 1, l -> new ArrayList<>()).add(i);
        return lengths;
    }

    private static int end(int[] ids) {
        int end = 0;
        for (int t = 1; t < ids.length; t++) if (ids[t] > ids[end]) end = t;
        return end;
    }
}
