package dev.freecp.image;

import dev.freecp.error.UsageException;

/**
 * How large a picture is made before windows are cut: its proportions are kept, and it grows or shrinks until its long side meets
 * {@code longLimit} or its short side {@code shortLimit}, whichever comes first (specification, section 1.2).
 *
 * @param longLimit  limit of the longer side in pixels, 0 only in {@link #NONE}
 * @param shortLimit limit of the shorter side in pixels, 0 only in {@link #NONE}
 */
public record ResizeRule(int longLimit, int shortLimit) {

    /** Pictures stay as large as they are. */
    public static final ResizeRule NONE = new ResizeRule(0, 0);

    /** The limits of seven of the eight data sets of the paper: the short side becomes 448 pixels unless the long one would exceed 2048. */
    public static final ResizeRule DEFAULT = new ResizeRule(2048, 448);

    public ResizeRule {
        boolean none = longLimit == 0 && shortLimit == 0;
        if (!none && (shortLimit < 1 || longLimit < shortLimit)) {
            throw new UsageException("resize limits are a long and a short side of at least one pixel, such as 2048 and 448, not "
                + longLimit + " and " + shortLimit);
        }
    }

    /**
     * The size that a picture is resized to. A side that would be shorter than a patch is enlarged to one patch, on its own: the released
     * program has no rule there and fails, and a tower needs at least one token in each direction.
     *
     * @param patch side of the tower's patches in pixels
     */
    public Size target(int height, int width, int patch) {
        if (this.equals(NONE)) return new Size(Math.max(height, patch), Math.max(width, patch));
        double factor = Math.min((double) longLimit / Math.max(height, width), (double) shortLimit / Math.min(height, width));
        return new Size(Math.max((int) (height * factor + 0.5), patch), Math.max((int) (width * factor + 0.5), patch));
    }

    /** {@link Resize#resize} to {@link #target}. */
    public Picture apply(Picture picture, int patch) {
        Size target = target(picture.height(), picture.width(), patch);
        return Resize.resize(picture, target.height(), target.width());
    }
}
