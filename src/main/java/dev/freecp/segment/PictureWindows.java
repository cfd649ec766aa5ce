package dev.freecp.segment;

import dev.freecp.clip.AffinityPlan;
import dev.freecp.clip.Clip;
import dev.freecp.clip.ReadOutSettings;
import dev.freecp.clip.Trace;
import dev.freecp.clip.VisionConfig;
import dev.freecp.clip.VisionTower;
import dev.freecp.error.UsageException;
import dev.freecp.image.Picture;
import dev.freecp.image.ResizeRule;
import dev.freecp.image.Windows;
import dev.freecp.ops.Heads;
import dev.freecp.ops.Mosaic;
import dev.freecp.ops.Ops;
import dev.freecp.ops.Region;
import dev.freecp.ops.Workspace;
import dev.freecp.purify.PurifySettings;
import dev.freecp.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/** A picture resized and cut into windows, and the tower's look at them: all that does not depend on words. S windows of h x w cells. */
final class PictureWindows {

    private final Ops ops;
    private final VisionTower tower;
    private final long batchBytes;
    private final int patch;
    private final Picture picture;
    private final Picture resized;
    private final boolean whole;
    private final List<Region> windows;
    private final Tensor pixels;

    /** What a run does with the features of a batch of windows; they live as long as {@code scratch}. */
    @FunctionalInterface
    interface Visitor {
        void visit(Workspace scratch, int from, VisionTower.WindowFeatures seen);
    }

    /** Shows a run the features of all windows, batch by batch: fresh from the tower, or kept from an earlier look. */
    @FunctionalInterface
    interface Source {
        void each(Visitor visitor);
    }

    /**
     * @param out  where the picture's pixels are kept on the backend
     * @param crop 0 for one window that is the whole picture
     */
    PictureWindows(Ops ops, Clip clip, Workspace out, long batchBytes, Picture picture, ResizeRule resize, int crop, int stride) {
        this.ops = ops;
        this.tower = clip.vision();
        this.batchBytes = batchBytes;
        this.patch = tower.config().patch();
        this.picture = picture;
        this.resized = resize.apply(picture, patch);
        this.whole = crop == 0;
        this.windows = Windows.of(resized.height(), resized.width(), crop, stride, patch);
        this.pixels = ops.picture(out, resized.pixels());
    }

    Picture picture() {
        return picture;
    }

    Picture resized() {
        return resized;
    }

    List<Region> windows() {
        return windows;
    }

    int gridHeight() {
        return windows.getFirst().height() / patch;
    }

    int gridWidth() {
        return windows.getFirst().width() / patch;
    }

    /** Tower results of all windows, each batch's in memory that the next uses again. */
    Source fresh(Workspace workspace, SegmentSettings settings, int words, Trace trace) {
        return visitor -> {
            int batch = batch(windows.getFirst().height(), windows.getFirst().width(), words);
            for (int from = 0; from < windows.size(); from += batch) {
                try (Workspace scratch = workspace.scope()) {
                    List<ReadOutSettings> readOut = List.of(settings.readOut());
                    visitor.visit(scratch, from, encode(scratch, from, batch, readOut, affinityPlan(settings), trace).getFirst());
                }
            }
        };
    }

    /** Tower results of at most {@code count} windows from window {@code from} on, in memory of {@code out}, one for each read-out. */
    List<VisionTower.WindowFeatures> encode(Workspace out, int from, int count, List<ReadOutSettings> readOuts, AffinityPlan plan, Trace trace) {
        List<Region> part = windows.subList(from, Math.min(windows.size(), from + count));
        return tower.windows(out, pixels, part, readOuts, plan, trace);
    }

    /** Which attention makes the affinity. */
    AffinityPlan affinityPlan(SegmentSettings settings) {
        int layers = tower.config().layers();
        boolean paper = settings.purify().affinity() == PurifySettings.AffinityRule.MEAN_ATTENTION;
        AffinityPlan released = AffinityPlan.released(settings.readOut().method(), layers);
        int[] chosen = settings.purify().affinityLayers();
        if (chosen == null) chosen = paper ? IntStream.range(0, layers).toArray() : released.layers();
        if (chosen.length == 0) throw new UsageException("no affinity layer is chosen; layers are 0 to " + (layers - 1));
        for (int layer : chosen)
            if (layer < 0 || layer >= layers) throw new UsageException("affinity layer " + layer + " is not there; layers are 0 to " + (layers - 1));
        return new AffinityPlan(chosen, paper ? Heads.MEAN : released.heads());
    }

    /** Where ambiguity purification cuts its crops. */
    CropPlaces crops(Workspace out, PurifySettings.CropSource source) {
        Tensor cut = source == PurifySettings.CropSource.PICTURE ? ops.picture(out, picture.pixels()) : pixels;
        return new CropPlaces(source, cut, picture, resized, windows, patch);
    }

    /** How maps lie over the picture. Without windows they go straight to its size (specification, section 2). */
    Mosaic mosaic() {
        int height = picture.height(), width = picture.width();
        if (whole) return new Mosaic(height, width, List.of(new Region(0, 0, height, width)), gridHeight(), gridWidth(), height, width);
        return new Mosaic(resized.height(), resized.width(), windows, gridHeight(), gridWidth(), height, width);
    }

    /**
     * Windows of this size that the budget holds at once. For each token eight rows as wide as the stream (itself, normed, q, k, v, context, the
     * modified or second stream, final), the MLP's, its feature, its logits and masked maps; then the attention, the affinity and the transition
     * matrix.
     */
    int batch(int height, int width, int words) {
        VisionConfig c = tower.config();
        long tokens = (long) (height / patch) * (width / patch) + 1;
        long floats = tokens * (8L * c.width() + c.mlpWidth() + c.embedding() + 3L * words + 3 * tokens);
        return Math.clamp(batchBytes / (floats * Float.BYTES), 1, Integer.MAX_VALUE);
    }
}
