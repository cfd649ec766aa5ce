package dev.freecp.segment;

import dev.freecp.clip.AffinityPlan;
import dev.freecp.clip.PositionRule;
import dev.freecp.clip.ReadOutSettings;
import dev.freecp.clip.Trace;
import dev.freecp.clip.View;
import dev.freecp.clip.VisionTower;
import dev.freecp.error.UsageException;
import dev.freecp.image.Picture;
import dev.freecp.image.ResizeRule;
import dev.freecp.ops.Heads;
import dev.freecp.ops.Workspace;
import dev.freecp.purify.CropLook;
import dev.freecp.purify.PurifySettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A picture after the tower: patch features and affinity of all windows, kept in the backend's memory, so that labels with other words, steps or
 * thresholds cost no second pass. Crops that ambiguity purification looked at are remembered too. The labels are those of {@link Segmenter#segment},
 * bit for bit.
 *
 * <p>Made by {@link Segmenter#encode}, to be closed before the segmenter. Safe to call from many threads; they take turns on the device.
 */
public final class EncodedPicture implements AutoCloseable {

    private final Lanes lanes;
    private final Lane lane;
    private final Cut cut;
    private final PictureWindows windows;
    private final Workspace workspace;
    private final Map<Look, List<Batch>> features = new HashMap<>();
    private final Map<PurifySettings.CropSource, CropLook.Source> crops = new EnumMap<>(PurifySettings.CropSource.class);
    private final Map<Looks, Map<View, float[]>> looks = new HashMap<>();

    /** How a picture becomes windows. */
    private record Cut(ResizeRule resize, int crop, int stride) {
        static Cut of(SegmentSettings settings) {
            return new Cut(settings.resize(), settings.crop(), settings.stride());
        }
    }

    /** What one pass of the tower depends on beside the windows; read-outs that agree in it share the pass. */
    private record Pass(PositionRule positions, List<Integer> affinityLayers, Heads heads) {

        AffinityPlan plan() {
            return new AffinityPlan(affinityLayers.stream().mapToInt(Integer::intValue).toArray(), heads);
        }
    }

    /** What the tower's features depend on beside the windows. */
    private record Look(ReadOutSettings readOut, Pass pass) {
    }

    /** What a crop's class feature depends on beside its place. */
    private record Looks(PurifySettings.CropSource source, PositionRule rule) {
    }

    private record Batch(int from, VisionTower.WindowFeatures seen) {
    }

    /** @param lane that this thread has now, on which the picture stays */
    EncodedPicture(Lanes lanes, Lane lane, BatchBudget budget, CutPicture picture, List<SegmentSettings> all) {
        this.lanes = lanes;
        this.lane = lane;
        this.cut = Cut.of(all.getFirst());
        for (SegmentSettings settings : all) requireCut(settings);
        this.workspace = lane.ops().workspace();
        try {
            this.windows = new PictureWindows(lane, workspace, budget, List.of(picture));
            all.stream().map(this::look).distinct().collect(Collectors.groupingBy(Look::pass, LinkedHashMap::new, Collectors.toList())).forEach(this::encode);
        } catch (RuntimeException | Error e) {
            workspace.close();
            throw e;
        }
    }

    private void encode(Pass pass, List<Look> looks) {
        List<ReadOutSettings> readOuts = looks.stream().map(Look::readOut).toList();
        int count = windows.batch(0);
        for (int from = 0; from < windows.count(); from += count) {
            List<VisionTower.WindowFeatures> seen = windows.encode(workspace, from, count, readOuts, pass.plan(), Trace.NONE);
            for (int i = 0; i < looks.size(); i++)
                features.computeIfAbsent(looks.get(i), _ -> new ArrayList<>()).add(new Batch(from, seen.get(i)));
        }
    }

    /** The picture as it came. */
    public Picture picture() {
        return windows.pictures().getFirst().picture();
    }

    /** Whether {@link #segment} can label with these settings: windows, read-out and affinity are among those the picture was encoded for. */
    public boolean serves(SegmentSettings settings) {
        return Cut.of(settings).equals(cut) && features.containsKey(look(settings));
    }

    /**
     * Labels of the picture.
     *
     * @throws UsageException if the words' features are of another model's size, or the picture was not encoded for these settings ({@link #serves})
     */
    public Segmentation segment(WordFeatures words, SegmentSettings settings) {
        words.requireSize(lane.tower().config().embedding());
        requireCut(settings);
        List<Batch> batches = features.get(look(settings));
        if (batches == null) throw new UsageException("the picture was not encoded for this read-out and affinity; encode it again with these settings");
        return lanes.on(lane, _ -> segment(batches, words, settings));
    }

    private Segmentation segment(List<Batch> batches, WordFeatures words, SegmentSettings settings) {
        PurifySettings.CropSource cutFrom = settings.purify().cropSource();
        CropLook.Source source = crops.computeIfAbsent(cutFrom, _ -> windows.crops(workspace, cutFrom));      // kept, hence taken before the scope
        Map<View, float[]> seen = looks.computeIfAbsent(new Looks(cutFrom, settings.readOut().method().positionRule()), _ -> new HashMap<>());
        try (Workspace scratch = workspace.scope()) {
            PictureWindows.Source kept = visitor -> {
                for (Batch batch : batches) {
                    try (Workspace inner = scratch.scope()) {
                        visitor.visit(inner, batch.from, batch.seen);
                    }
                }
            };
            return new GroupRun(lane, windows, words, settings, Trace.NONE, scratch, new Timings()).segment(kept, source, seen).getFirst();
        }
    }

    private Look look(SegmentSettings settings) {
        AffinityPlan plan = windows.affinityPlan(settings);
        List<Integer> layers = Arrays.stream(plan.layers()).boxed().toList();
        return new Look(settings.readOut(), new Pass(settings.readOut().method().positionRule(), layers, plan.heads()));
    }

    private void requireCut(SegmentSettings settings) {
        if (!Cut.of(settings).equals(cut))
            throw new UsageException("the picture was encoded with " + cut + " and cannot be labelled with " + Cut.of(settings) + "; encode it again");
    }

    /** Gives the features' memory back. */
    @Override
    public void close() {
        lanes.on(lane, _ -> {
            workspace.close();
            return null;
        });
    }
}
