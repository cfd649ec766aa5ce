package dev.freecp.evaluate;

/** How large a connected region of one label is, by its pixels in the annotation; the limits are COCO's. */
public enum RegionSize {
    /** Below 32 x 32 pixels. */
    SMALL(32 * 32),
    /** Below 96 x 96 pixels. */
    MEDIUM(96 * 96),
    /** All others. */
    LARGE(Integer.MAX_VALUE);

    private final int limit;

    RegionSize(int limit) {
        this.limit = limit;
    }

    static RegionSize of(int pixels) {
        return pixels < SMALL.limit ? SMALL : pixels < MEDIUM.limit ? MEDIUM : LARGE;
    }
}
