package dev.freecp.segment;

import dev.freecp.clip.ReadOut;
import dev.freecp.clip.ReadOutSettings;
import dev.freecp.clip.Utf8Lines;
import dev.freecp.error.UsageException;
import dev.freecp.image.ResizeRule;
import dev.freecp.purify.PurifySettings;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The eight data sets with their words and settings (specification, section 11 and appendix A); the same for every method and model. */
public enum Preset {

    VOC21(384, 448, 0.15f, 0.8f, true, false),
    VOC20(384, 448, 0.15f, 0.7f, false, true),
    CONTEXT60(384, 448, 0.1f, 0.7f, true, false),
    CONTEXT59(384, 448, 0.1f, 0.7f, false, true),
    COCO_OBJECT(384, 448, 0.15f, 0.8f, true, false),
    COCO_STUFF(384, 448, 0.05f, 0.7f, false, false),
    CITY_SCAPES(224, 560, 0.1f, 0.8f, false, false),
    ADE20K(384, 448, 0.05f, 0.7f, false, true);

    /** The paper's window for every data set. */
    private static final int PAPER_CROP = 384;
    private static final int STRIDE = 112;
    private static final int RESIZE_LONG = 2048;

    private final int crop;
    private final int resizeShort;
    private final float tauR;
    private final float tauA;
    private final boolean withBackground;
    private final boolean reduceZeroLabel;

    Preset(int crop, int resizeShort, float tauR, float tauA, boolean withBackground, boolean reduceZeroLabel) {
        this.crop = crop;
        this.resizeShort = resizeShort;
        this.tauR = tauR;
        this.tauA = tauA;
        this.withBackground = withBackground;
        this.reduceZeroLabel = reduceZeroLabel;
    }

    /**
     * A preset by its key, in any case; {@code cityscapes} is also taken.
     *
     * @throws UsageException if there is none of that name; the message lists all
     */
    public static Preset of(String name) {
        String key = name.strip().toLowerCase(Locale.ROOT);
        return all().stream().filter(preset -> preset.key().equals(key.equals("cityscapes") ? CITY_SCAPES.key() : key)).findFirst()
            .orElseThrow(() -> new UsageException("there is no preset '" + name + "'; choose one of "
                + all().stream().map(Preset::key).collect(Collectors.joining(", "))));
    }

    /** All presets in the order of the specification's table. */
    public static List<Preset> all() {
        return Arrays.asList(values());
    }

    /** The name of the data set in files and on the command line, such as voc21. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Words, classes and background. */
    public Vocabulary vocabulary() {
        return Vocabulary.dataset(Utf8Lines.resource(Preset.class, "/dev/freecp/vocabulary/" + key() + ".txt"), withBackground);
    }

    /** What the released program labels this data set with: all steps, its windows and thresholds. */
    public SegmentSettings settings(ReadOut method) {
        return new SegmentSettings(ReadOutSettings.released(method), PurifySettings.released(tauR, tauA), new ResizeRule(RESIZE_LONG, resizeShort), crop, STRIDE);
    }

    /** Side of a window in pixels. */
    public int crop() {
        return crop;
    }

    /** Side of a window in pixels under a rule: the data set's own, or the paper's 384 everywhere (specification, section 12, row 7). */
    public int crop(PurifySettings.CropRule rule) {
        return rule == PurifySettings.CropRule.ALWAYS_384 ? PAPER_CROP : crop;
    }

    /** Distance between windows in pixels. */
    public int stride() {
        return STRIDE;
    }

    /** Largest long side after the resize, in pixels. */
    public int resizeLong() {
        return RESIZE_LONG;
    }

    /** Short side after the resize unless the long side limits it, in pixels. */
    public int resizeShort() {
        return resizeShort;
    }

    /** T1, the score that a class must exceed to survive redundancy purification. */
    public float tauR() {
        return tauR;
    }

    /** T2, the overlap from which on classes are ambiguous. */
    public float tauA() {
        return tauA;
    }

    /** Whether the data set's first class is a background that is predicted. */
    public boolean withBackground() {
        return withBackground;
    }

    /** Whether annotations count from 1, with 0 for void: 0 becomes 255, other values lose one. */
    public boolean reduceZeroLabel() {
        return reduceZeroLabel;
    }
}
