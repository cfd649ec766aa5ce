package dev.freecp.segment;

import dev.freecp.image.Picture;
import dev.freecp.image.Size;
import dev.freecp.image.Windows;
import dev.freecp.ops.Box;
import dev.freecp.ops.Mosaic;
import dev.freecp.ops.Region;
import dev.freecp.purify.CropLook;
import dev.freecp.purify.PurifySettings;
import java.util.List;
import java.util.Map;

/**
 * A picture resized and cut into windows: all that can be done on any thread before a device has its turn.
 *
 * @param picture as it came
 * @param resized as it is looked at
 * @param windows of {@code resized}, all of one size
 * @param whole   whether the only window is the whole picture because nothing was to be cut
 * @param patch   side of the tower's patches in pixels
 * @param seconds of the stages so far
 */
record CutPicture(Picture picture, Picture resized, List<Region> windows, boolean whole, int patch, Map<String, Double> seconds) {

    /** @param timings those of the stages so far, the resize's are added */
    static CutPicture of(Picture picture, SegmentSettings settings, int patch, Timings timings) {
        Picture resized = settings.resize().apply(picture, patch);
        List<Region> windows = Windows.of(resized.height(), resized.width(), settings.crop(), settings.stride(), patch);
        timings.mark("resize");
        return new CutPicture(picture, resized, windows, settings.crop() == 0, patch, timings.seconds());
    }

    Size windowSize() {
        return new Size(windows.getFirst().height(), windows.getFirst().width());
    }

    /** Patches of a window from top to bottom. */
    int gridHeight() {
        return windows.getFirst().height() / patch;
    }

    /** Patches of a window from left to right. */
    int gridWidth() {
        return windows.getFirst().width() / patch;
    }

    /** How maps lie over the picture. Without windows they go straight to its size (specification, section 2). */
    Mosaic mosaic() {
        int height = picture.height(), width = picture.width();
        if (whole) return new Mosaic(height, width, List.of(new Region(0, 0, height, width)), gridHeight(), gridWidth(), height, width);
        return new Mosaic(resized.height(), resized.width(), windows, gridHeight(), gridWidth(), height, width);
    }

    /**
     * The pixels that a box of a window's token grid covers (specification, section 12 row 12): of the resized picture, or of the picture as it came,
     * rounded outwards there, so that it is at least one.
     */
    Region crop(Region window, Box box, PurifySettings.CropSource source) {
        Region r = CropLook.inWindow(window, box, patch);
        if (source == PurifySettings.CropSource.WINDOW) return r;
        double down = (double) picture.height() / resized.height(), across = (double) picture.width() / resized.width();
        int y0 = (int) (r.y0() * down), x0 = (int) (r.x0() * across);
        int y1 = (int) Math.ceil(r.y1() * down), x1 = (int) Math.ceil(r.x1() * across);
        return new Region(y0, x0, Math.min(y1, picture.height()), Math.min(x1, picture.width()));
    }

    /** Host memory of the picture, its resized copy, and the labels and confidences that it is to get. */
    long bytes() {
        long pixels = (long) picture.height() * picture.width();
        return picture.pixels().shape().count() + resized.pixels().shape().count() + pixels * (Integer.BYTES + Float.BYTES);
    }
}
