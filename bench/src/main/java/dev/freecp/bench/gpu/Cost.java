package dev.freecp.bench.gpu;

/**
 * What an operation takes, whoever computes it, and what our kernels make of it. The pages in {@code docs/kernels} give the same formulas with their
 * reasons.
 *
 * @param launches   of ours
 * @param operations of float32, a multiplication and an addition counted as two
 * @param least      bytes that must be read or written once
 * @param moved      bytes that our launches read and write; what one launch reads again comes from cache
 */
record Cost(int launches, double operations, double least, double moved) {

    /** Pairs of column and row sums that make an affinity a transition matrix. */
    static final int ROUNDS = 3;

    private static final int FLOAT = Float.BYTES;

    private static Cost once(double operations, double bytes) {
        return new Cost(1, operations, bytes, bytes);
    }

    /** {@code bytes} of a picture become {@code values} in patches. */
    static Cost patches(long bytes, long values, int activation) {
        return once(20.0 * values, bytes + (double) values * activation);
    }

    /** Patches, a class token and positions become sequences of {@code tokens}. */
    static Cost embedPatches(long sequences, long tokens, long width) {
        return once((double) sequences * tokens * width, (double) FLOAT * width * (sequences * tokens + sequences * (tokens - 1) + tokens + 1));
    }

    static Cost layerNorm(long rows, long width, int activation) {
        return once(8.0 * rows * width, (double) rows * width * (FLOAT + activation));
    }

    static Cost takeTokens(long rows, long width, int bytes) {
        return once(0, 2.0 * bytes * rows * width);
    }

    static Cost normalizeRows(long rows, long width) {
        return once(3.0 * rows * width, 2.0 * FLOAT * rows * width);
    }

    static Cost cutClassToken(long windows, long cells) {
        return once((double) windows * cells * cells, 2.0 * FLOAT * windows * cells * cells);
    }

    /** The softmax cannot be stretched before its range over the whole window is known: a second launch reads it again. */
    static Cost classMaps(long windows, long words, long cells) {
        double values = (double) windows * words * cells;
        return new Cost(2, 11 * values, 3 * FLOAT * values, 4 * FLOAT * values);
    }

    static Cost maskByBoxes(long windows, long maps, long cells) {
        return once(0, 2.0 * FLOAT * windows * maps * cells);
    }

    /** Each round reads the affinity twice, and the end once more. */
    static Cost transition(long windows, long cells, int rounds) {
        double values = (double) windows * cells * cells;
        return new Cost(2 * rounds + 1, (4 * rounds + 4) * values, 2 * FLOAT * values, (2 * rounds + 2) * FLOAT * values);
    }

    static Cost propagate(long windows, long maps, long cells) {
        return once(2.0 * windows * maps * cells * cells, (double) FLOAT * windows * (cells * cells + 2 * maps * cells));
    }

    static Cost minMaxRows(long rows, long cells) {
        return once(4.0 * rows * cells, 2.0 * FLOAT * rows * cells);
    }

    static Cost overlapSums(long rows, long cells) {
        return once(4.0 * rows * cells, 2.0 * FLOAT * rows * cells + 3.0 * FLOAT * rows);
    }

    static Cost softIou(long maps, long cells) {
        return once(4.0 * maps * maps * cells, (double) FLOAT * (maps * cells + maps * maps));
    }

    static Cost boxes(long maps, long cells) {
        return once(0, (double) FLOAT * maps * cells);
    }

    /**
     * @param alive maps of all windows
     * @param share of the pixels that a window covers
     */
    static Cost assemble(long pixels, long alive, long cells, double share) {
        return once(4 * 14 * share * pixels * alive, (double) FLOAT * (pixels + alive * cells));
    }

    /** Microseconds on a card of that bandwidth and rate, where a launch that has nothing to do takes {@code launch} seconds. */
    double microseconds(double bandwidth, double rate, double launch) {
        return 1e6 * (launches * launch + Math.max(moved / bandwidth, operations / rate));
    }
}
