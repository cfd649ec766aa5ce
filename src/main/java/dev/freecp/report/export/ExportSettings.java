package dev.freecp.report.export;

import dev.freecp.error.UsageException;

/**
 * What of regions is exported, and how.
 *
 * @param rle      masks as run lengths where a format has them (COCO), in place of polygons
 * @param simplify how far, in pixels, a corner that is left out may lie from the simplified outline; 0 keeps outlines along pixel edges, exactly
 * @param minArea  regions of fewer pixels are left out; 0 or 1 keeps all
 */
public record ExportSettings(boolean rle, double simplify, long minArea) {

    /** Every region, exactly, as polygons. */
    public static final ExportSettings EXACT = new ExportSettings(false, 0, 0);

    /** @throws UsageException if a number is negative or not finite */
    public ExportSettings {
        if (!(simplify >= 0 && simplify < Double.POSITIVE_INFINITY))
            throw new UsageException("outlines are simplified by a number of pixels from 0 on, not " + simplify);
        if (minArea < 0) throw new UsageException("regions are left out below a number of pixels from 0 on, not " + minArea);
    }
}
