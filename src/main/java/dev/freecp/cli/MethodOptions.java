package dev.freecp.cli;

import dev.freecp.clip.ReadOut;
import dev.freecp.image.ResizeRule;
import dev.freecp.purify.PurifySettings;
import dev.freecp.segment.Preset;
import dev.freecp.segment.SegmentSettings;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How labels are found, apart from the words. What is not given comes from the preset, and without one from {@link SegmentSettings#defaults()}. */
final class MethodOptions {

    private static final int CROP_OF_THE_PAPER = 384;
    private static final float TAU_R = 0.10f;
    private static final float TAU_A = 0.7f;

    @Option(names = "--method", paramLabel = "NAME", defaultValue = "sclip", converter = Converters.Method.class,
        description = "How dense features are read from CLIP: vanilla, maskclip, sclip, clearclip or gem; default ${DEFAULT-VALUE}.")
    private ReadOut method;

    @Option(names = "--steps", paramLabel = "LIST", defaultValue = "refine,rp,ap", converter = Converters.Steps.class,
        description = "Steps in order: none, refine, refine,rp, refine,ap, refine,ap,rp or refine,rp,ap (rp: redundancy, ap: ambiguity purification); default ${DEFAULT-VALUE}.")
    private Converters.StepList steps;

    @Option(names = "--resize", paramLabel = "LONG,SHORT", converter = Converters.Resize.class,
        description = "Limits of the long and the short side in pixels that a picture grows or shrinks to before windows are cut, or none; default 2048,448.")
    private ResizeRule resize;

    @Option(names = "--crop", paramLabel = "PIXELS", description = "Side of a window, 0 for one window that is the whole picture; default 384.")
    private Integer crop;

    @Option(names = "--stride", paramLabel = "PIXELS", description = "Distance between windows; default 112.")
    private Integer stride;

    @Option(names = "--tau-r", paramLabel = "T", description = "Redundancy: a word survives in a window if its score is above this, 0 to 1; default 0.10.")
    private Float redundancyThreshold;

    @Option(names = "--tau-a", paramLabel = "T", description = "Ambiguity: words are told apart by a closer look if they overlap at least so much, 0 to 1; default 0.7.")
    private Float ambiguityThreshold;

    @Option(names = "--affinity-layers", paramLabel = "LAYERS", converter = Converters.Layers.class,
        description = "Blocks whose attention spreads the class maps, such as 0-10 or 0,3,5-7; default all but the last (paper mode: all).")
    private Converters.LayerList affinityLayers;

    /**
     * The settings of a run.
     *
     * @throws dev.freecp.error.UsageException if a threshold is out of range
     */
    SegmentSettings settings(Mode mode, Optional<Preset> preset) {
        float tauR = Optional.ofNullable(redundancyThreshold).or(() -> preset.map(Preset::tauR)).orElse(TAU_R);
        float tauA = Optional.ofNullable(ambiguityThreshold).or(() -> preset.map(Preset::tauA)).orElse(TAU_A);
        PurifySettings purify = mode.purify(tauR, tauA).withSteps(steps.steps());
        if (affinityLayers != null) purify = purify.withAffinityLayers(affinityLayers.layers());

        SegmentSettings defaults = SegmentSettings.defaults();
        ResizeRule rule = Optional.ofNullable(resize).or(() -> preset.map(p -> new ResizeRule(p.resizeLong(), p.resizeShort()))).orElse(defaults.resize());
        boolean presetsCrop = purify.cropRule() == PurifySettings.CropRule.PER_DATASET;
        int side = Optional.ofNullable(crop).or(() -> preset.map(p -> presetsCrop ? p.crop() : CROP_OF_THE_PAPER)).orElse(defaults.crop());
        int distance = Optional.ofNullable(stride).or(() -> preset.map(Preset::stride)).orElse(defaults.stride());
        return new SegmentSettings(mode.readOut(method), purify, rule, side, distance);
    }
}
