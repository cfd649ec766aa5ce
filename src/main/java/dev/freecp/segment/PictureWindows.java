package dev.freecp.segment;

import dev.freecp.clip.AffinityPlan;
import dev.freecp.clip.ReadOutSettings;
import dev.freecp.clip.Trace;
import dev.freecp.clip.View;
import dev.freecp.clip.VisionTower;
import dev.freecp.error.UsageException;
import dev.freecp.image.Size;
import dev.freecp.ops.Heads;
import dev.freecp.ops.Ops;
import dev.freecp.ops.Region;
import dev.freecp.ops.Workspace;
import dev.freecp.purify.CropLook;
import dev.freecp.purify.PurifySettings;
import dev.freecp.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Pictures on the backend whose windows are all of one size, and the tower's look at them: all that does not depend on words. The S windows of all
 * pictures, one picture's after the other's, are h x w cells large.
 */
final class PictureWindows {

    private final Ops ops;
    private final VisionTower tower;
    private final BatchBudget budget;
    private final List<CutPicture> pictures;
    private final List<View> windows = new ArrayList<>();
    private final List<CutPicture> owners = new ArrayList<>();      // of each window

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

    /** @param out where the pictures' pixels are kept on the backend */
    PictureWindows(Lane lane, Workspace out, BatchBudget budget, List<CutPicture> pictures) {
        this.ops = lane.ops();
        this.tower = lane.tower();
        this.budget = budget;
        this.pictures = List.copyOf(pictures);
        for (CutPicture picture : pictures) {
            Tensor pixels = ops.picture(out, picture.resized().pixels());
            for (Region window : picture.windows()) {
                windows.add(new View(pixels, window));
                owners.add(picture);
            }
        }
    }

    List<CutPicture> pictures() {
        return pictures;
    }

    /** S. */
    int count() {
        return windows.size();
    }

    int gridHeight() {
        return pictures.getFirst().gridHeight();
    }

    int gridWidth() {
        return pictures.getFirst().gridWidth();
    }

    /** Tower results of all windows, each batch's in memory that the next uses again. */
    Source fresh(Workspace workspace, SegmentSettings settings, int words, Trace trace) {
        return visitor -> {
            int batch = batch(words);
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
        return tower.windows(out, windows.subList(from, Math.min(windows.size(), from + count)), readOuts, plan, trace);
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

    /**
     * Where ambiguity purification cuts its crops: in the resized pictures, as windows do, or in the pictures as they came.
     *
     * @param out where pictures as they came are kept on the backend, if crops are cut from them
     */
    CropLook.Source crops(Workspace out, PurifySettings.CropSource source) {
        List<Tensor> pixels = new ArrayList<>();                    // for each window its picture's
        if (source == PurifySettings.CropSource.WINDOW) windows.forEach(window -> pixels.add(window.picture()));
        else for (CutPicture picture : pictures) pixels.addAll(Collections.nCopies(picture.windows().size(), ops.picture(out, picture.picture().pixels())));
        return (window, box) -> new View(pixels.get(window), owners.get(window).crop(windows.get(window).region(), box, source));
    }

    /** Windows in one batch. */
    int batch(int words) {
        Size size = pictures.getFirst().windowSize();
        return budget.windows(size.height(), size.width(), words);
    }

    /** Crops in one batch. */
    int cropBatch(int words) {
        return budget.windows(CropLook.SIZE, CropLook.SIZE, words);
    }
}
