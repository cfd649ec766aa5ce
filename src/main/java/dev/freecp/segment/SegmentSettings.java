package dev.freecp.segment;

import dev.freecp.clip.ReadOut;
import dev.freecp.clip.ReadOutSettings;
import dev.freecp.image.ResizeRule;
import dev.freecp.purify.PurifySettings;

/**
 * Everything that decides the labels of a picture, apart from the words.
 *
 * @param readOut how dense features are read from the tower
 * @param purify  steps, thresholds, and the points on which paper and program differ
 * @param resize  size of the picture before windows are cut
 * @param crop    side of the square windows in pixels, 0 for one window that is the whole picture
 * @param stride  distance of windows in pixels
 */
public record SegmentSettings(ReadOutSettings readOut, PurifySettings purify, ResizeRule resize, int crop, int stride) {

    /** Windows of 384 pixels, 112 apart, on a picture whose short side is 448; SCLIP; tau_r 0.1, tau_a 0.7; as the released program does it. */
    public static SegmentSettings defaults() {
        return new SegmentSettings(ReadOutSettings.released(ReadOut.SCLIP), PurifySettings.released(0.10f, 0.7f), ResizeRule.DEFAULT, 384, 112);
    }

    /** The same with another read-out. */
    public SegmentSettings with(ReadOutSettings other) {
        return new SegmentSettings(other, purify, resize, crop, stride);
    }

    /** The same with other purification. */
    public SegmentSettings with(PurifySettings other) {
        return new SegmentSettings(readOut, other, resize, crop, stride);
    }

    /** The same with other windows. */
    public SegmentSettings withWindows(ResizeRule otherResize, int otherCrop, int otherStride) {
        return new SegmentSettings(readOut, purify, otherResize, otherCrop, otherStride);
    }
}
