package dev.freecp.parity;

/**
 * What a float32 program can be held to: the rows of the table in specification section 15. A limit holds for a stage run from the golden's own input
 * of it and, where nothing else is said, for the whole chain.
 */
public enum Limits {
    /** Token ids, boxes, masks, groups, window lists, 8-bit resize, target sizes: equal. */
    EQUAL(0),
    /** Normalised pixels, float bilinear, position resize. */
    PIXELS(3e-5),
    /** Token embedding, block outputs. */
    TOKENS(1e-4),
    /** Attention, affinity. */
    ATTENTION(2e-5),
    /** Patch, class and text features of unit length. */
    FEATURES(1e-5),
    /** Logits. */
    LOGITS(2e-4, 1e-3, 2e-4),
    /** Softmax p and Y. */
    PROBABILITIES(5e-5, 1e-4, 5e-5),
    /** T, T^2: of the maximum. */
    TRANSITION(1e-5),
    /** R before the min-max: of the maximum. */
    REFINED_RAW(2e-5),
    /** R; judged as {@link #RANGE_ERROR} over the range of the raw map where that is larger. */
    REFINED(2e-3, 2e-3, 1e-5),
    /** RP score. */
    REDUNDANCY(1e-4),
    /** AP soft IoU. */
    OVERLAP(1e-3),
    /** Final maps. */
    FINAL_MAPS(2e-3),
    /** Labels: the share of all pixels that may differ; none with a {@code label_grade} of {@link #FIRM_GRADE} or more may. */
    LABELS(1e-3),
    /** Scores of a data set in percent, which section 11 rounds to two decimals. */
    PERCENT(5e-3);

    /** The error of a raw map that its min-max divides by the map's range. */
    static final double RANGE_ERROR = 1e-5;
    /** A gap of at least 1e-3 between the best and the second score of a pixel. */
    static final int FIRM_GRADE = 2;

    private final double isolated;
    private final double chain;
    private final double given;

    Limits(double everywhere) {
        this(everywhere, everywhere, everywhere);
    }

    Limits(double isolated, double chain, double given) {
        this.isolated = isolated;
        this.chain = chain;
        this.given = given;
    }

    /**
     * The limit, a share of the golden's maximum if {@link #ofMaximum}.
     *
     * @param logitsGiven the golden begins at given logits, so that no tower's error is in it
     */
    public double at(Check.Mode mode, boolean logitsGiven) {
        if (logitsGiven) return given;
        return mode == Check.Mode.CHAIN ? chain : isolated;
    }

    /** True for the rows whose limit is a share of the largest absolute value. */
    public boolean ofMaximum() {
        return this == TRANSITION || this == REFINED_RAW;
    }
}
