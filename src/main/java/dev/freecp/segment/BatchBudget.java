package dev.freecp.segment;

import dev.freecp.clip.VisionConfig;

/**
 * How much goes through the tower at once.
 *
 * @param tower its widths
 * @param bytes for a batch's intermediate results
 */
record BatchBudget(VisionConfig tower, long bytes) {

    /**
     * Windows or crops of this size in one batch, at least one. For each token eight rows as wide as the stream (itself, normed, q, k, v, context, the
     * modified or second stream, final), the MLP's, its feature, its logits and masked maps; then the attention, the affinity and the transition
     * matrix.
     */
    int windows(int height, int width, int words) {
        long tokens = (long) (height / tower.patch()) * (width / tower.patch()) + 1;
        long floats = tokens * (8L * tower.width() + tower.mlpWidth() + tower.embedding() + 3L * words + 3 * tokens);
        return Math.clamp(bytes / (floats * Float.BYTES), 1, Integer.MAX_VALUE);
    }
}
