package dev.freecp.bench.study;

import dev.freecp.clip.VisionConfig;
import dev.freecp.image.Picture;
import dev.freecp.ops.Region;
import dev.freecp.segment.Device;
import dev.freecp.segment.SegmentSettings;
import dev.freecp.segment.Segmentation;
import dev.freecp.segment.Segmenter;
import dev.freecp.segment.WordFeatures;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** What the studies look at: a picture on its way through the method, with every stage of one of its windows kept as plain numbers. */
final class Subject implements AutoCloseable {

    private final Path model;
    private final Segmenter segmenter;
    private final Picture picture;
    private final Picture truth;
    private final WordFeatures words;
    private final SegmentSettings settings;
    private final int window;
    private final Map<String, Rows> stages = new HashMap<>();
    private final Segmentation result;

    private Subject(Path model, Segmenter segmenter, Picture picture, Picture truth, WordFeatures words, SegmentSettings settings, int window) {
        this.model = model;
        this.segmenter = segmenter;
        this.picture = picture;
        this.truth = truth;
        this.words = words;
        this.settings = settings;
        this.window = window;
        this.result = segmenter.segment(picture, words, settings, (stage, tensor) -> stages.put(stage, Rows.of(tensor)));
    }

    /**
     * Runs the method once.
     *
     * @param truth  each pixel's label as a grey value, or null
     * @param text   makes the words' features
     * @param window number of the window to look at
     */
    static Subject open(Path model, Picture picture, Picture truth, Function<Segmenter, WordFeatures> text, SegmentSettings settings, int window) {
        Segmenter segmenter = Segmenter.open(model, Device.choose("cpu"));
        try {
            return new Subject(model, segmenter, picture, truth, text.apply(segmenter), settings, window);
        } catch (RuntimeException e) {
            segmenter.close();
            throw e;
        }
    }

    Path model() {
        return model;
    }

    VisionConfig tower() {
        return segmenter.clip().config().vision();
    }

    Picture picture() {
        return picture;
    }

    /** Null if nobody knows. */
    Picture truth() {
        return truth;
    }

    /** The picture that windows are cut from. */
    Picture resized() {
        return settings.resize().apply(picture, tower().patch());
    }

    WordFeatures words() {
        return words;
    }

    String word(int i) {
        return words.vocabulary().words().get(i);
    }

    SegmentSettings settings() {
        return settings;
    }

    Segmentation result() {
        return result;
    }

    /** Labels with other settings. */
    Segmentation result(SegmentSettings other) {
        return segmenter.segment(picture, words, other);
    }

    int window() {
        return window;
    }

    /** Where the window lies in {@link #resized}. */
    Region place() {
        return result.windows().get(window);
    }

    int gridHeight() {
        return place().height() / tower().patch();
    }

    int gridWidth() {
        return place().width() / tower().patch();
    }

    int cells() {
        return gridHeight() * gridWidth();
    }

    /** The window's pixels. */
    Picture pixels() {
        Picture whole = resized();
        Region place = place();
        return Panels.of(place.height(), place.width(), (y, x) -> whole.rgb(place.y0() + y, place.x0() + x));
    }

    boolean has(String stage) {
        return stages.containsKey(stage);
    }

    /** A stage of {@link dev.freecp.clip.Trace} that belongs to no window, or says its window in its name. */
    Rows stage(String stage) {
        return stages.get(stage);
    }

    /** This window's part of a stage that all windows went through together. */
    Rows ofWindow(String stage) {
        Rows all = stages.get(stage);
        int rows = all.count() / result.windows().size();
        return all.part(window * rows, rows);
    }

    @Override
    public void close() {
        segmenter.close();
    }
}
