package dev.freecp.report.explain;

import dev.freecp.clip.Trace;
import dev.freecp.clip.VisionConfig;
import dev.freecp.image.LabelMap;
import dev.freecp.image.Picture;
import dev.freecp.image.Size;
import dev.freecp.image.Windows;
import dev.freecp.ops.Box;
import dev.freecp.ops.Boxes;
import dev.freecp.ops.LabelRule;
import dev.freecp.ops.Region;
import dev.freecp.purify.PurifySettings;
import dev.freecp.purify.Step;
import dev.freecp.purify.WindowReport;
import dev.freecp.report.RunFacts;
import dev.freecp.segment.SegmentSettings;
import dev.freecp.segment.Segmentation;
import dev.freecp.segment.Segmenter;
import dev.freecp.segment.Vocabulary;
import dev.freecp.segment.WordFeatures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Segments a picture with everything looked at on the way. The labels are those of {@link Segmenter#segment}, bit for bit; the times are longer. */
public final class Explainer {

    /** Long side of the rasters of words' maps: some three places a cell, and small enough for hundreds of words in a page. */
    private static final int RASTER = 112;
    private static final int COMPONENTS = 3;

    private final RunFacts run;
    private final SegmentSettings settings;
    private final Picture picture;
    private final Size resized;
    private final List<Region> windows;
    private final Size grid;
    private final Lattice lattice;
    private final StageRecorder stages;
    private final Segmentation result;
    private final Vocabulary vocabulary;
    /** How many of R's first maps in a window are background words'. */
    private final int backgroundMaps;

    private Explainer(Segmenter segmenter, RunFacts run, Picture picture, WordFeatures words) {
        this.run = run;
        this.settings = run.settings();
        this.picture = picture;
        VisionConfig tower = segmenter.clip().config().vision();
        this.resized = settings.resize().target(picture.height(), picture.width(), tower.patch());
        this.windows = Windows.of(resized.height(), resized.width(), settings.crop(), settings.stride(), tower.patch());
        this.grid = new Size(windows.getFirst().height() / tower.patch(), windows.getFirst().width() / tower.patch());
        this.lattice = new Lattice(resized, windows, grid, tower.patch());
        this.stages = new StageRecorder(lattice, cells() + 1);
        this.result = segmenter.segment(picture, words, settings, stages::on);
        this.vocabulary = words.vocabulary();
        this.backgroundMaps = stages.all("purified").length / (windows.size() * cells()) - vocabulary.foregroundWords();
    }

    /**
     * Segments and explains.
     *
     * @param run what is asked for; its settings are those of the run
     * @throws dev.freecp.error.UsageException as {@link Segmenter#segment}
     */
    public static Explanation explain(Segmenter segmenter, RunFacts run, Picture picture, WordFeatures words) {
        return new Explainer(segmenter, run, picture, words).explanation();
    }

    private Explanation explanation() {
        List<LabelMap> windowLabels = windowLabels();
        return new Explanation(run, picture, result, resized, grid, wordMaps(), boxes(), overlaps(), windowLabels, Fusion.agreement(windows, windowLabels),
            perWindow(stages.all("affinity")), layers());
    }

    private int cells() {
        return grid.height() * grid.width();
    }

    private List<Explanation.WordMaps> wordMaps() {
        double scale = Math.min(1, (double) RASTER / Math.max(resized.height(), resized.width()));
        Size raster = new Size(Math.max(1, (int) Math.round(resized.height() * scale)), Math.max(1, (int) Math.round(resized.width() * scale)));
        int background = vocabulary.backgroundWords();
        Fusion softmax = fusion(stages.all("softmax")), activation = fusion(stages.all("cam"));
        float[] refined = stages.all("refined");
        Fusion after = refined == null ? softmax : fusion(refined);
        int before = refined == null ? background : backgroundMaps;
        return IntStream.range(0, vocabulary.foregroundWords()).mapToObj(word -> new Explanation.WordMaps(softmax.together(background + word, raster),
            activation.together(background + word, raster), after.together(before + word, raster))).toList();
    }

    private Fusion fusion(float[] maps) {
        return new Fusion(resized, windows, grid, maps);
    }

    private List<List<List<Box>>> boxes() {
        PurifySettings purify = settings.purify();
        if (!purify.steps().contains(Step.REFINE) || purify.refinement() != PurifySettings.Refinement.BOXED) return null;
        float[] activation = stages.all("cam");
        int n = cells(), queries = vocabulary.words().size(), background = vocabulary.backgroundWords();
        return IntStream.range(0, windows.size()).mapToObj(window -> IntStream.range(background, queries).mapToObj(word -> {
            int from = (window * queries + word) * n;
            return Boxes.of(Arrays.copyOfRange(activation, from, from + n), grid.height(), grid.width(), purify.boxRule());
        }).toList()).toList();
    }

    private List<Explanation.Overlaps> overlaps() {
        List<Explanation.Overlaps> overlaps = new ArrayList<>();
        for (int window = 0; window < windows.size(); window++) {
            List<WindowReport.Group> groups = result.reports().get(window).groups();
            if (groups == null) {
                overlaps.add(null);
                continue;
            }
            int[] words = groups.stream().flatMapToInt(group -> Arrays.stream(group.words())).sorted().toArray();
            float[] flat = stages.all("w%02d.ap_iou".formatted(window));
            float[][] values = new float[words.length][];
            for (int a = 0; a < words.length; a++) values[a] = Arrays.copyOfRange(flat, a * words.length, (a + 1) * words.length);
            overlaps.add(new Explanation.Overlaps(words, values));
        }
        return overlaps;
    }

    private List<LabelMap> windowLabels() {
        Fusion refined = fusion(stages.all("purified"));
        LabelRule rule = backgroundMaps > 0 ? vocabulary.bestWordRule() : vocabulary.labelRule();
        return IntStream.range(0, windows.size()).mapToObj(window -> {
            IntStream kept = Arrays.stream(result.reports().get(window).kept()).map(word -> backgroundMaps + word);
            return refined.labels(window, IntStream.concat(IntStream.range(0, backgroundMaps), kept).toArray(), rule);
        }).toList();
    }

    private List<Explanation.Layer> layers() {
        List<Explanation.Layer> layers = new ArrayList<>();
        int attentions = 0;
        float[][] before = null;
        for (String stage : stages.featureStages()) {
            PrincipalComponents components = PrincipalComponents.of(stages.features(stage), COMPONENTS);
            if (before != null) components.alignedTo(before);
            before = components.scores();
            float[] attention = stage.equals("embed") ? null : stages.all(Trace.classAttention(attentions++));
            layers.add(new Explanation.Layer(layerName(stage), lattice.cells(), before, components.variance(), attention == null ? null : onLattice(attention),
                attention == null ? Double.NaN : entropy(attention)));
        }
        return layers;
    }

    private String layerName(String stage) {
        return switch (stage) {
            case "embed" -> "input";
            case "last_mod" -> "read-out " + settings.readOut().method().name().toLowerCase(Locale.ROOT);
            default -> "block " + Integer.parseInt(stage.substring("block".length()));
        };
    }

    /** Of (S, N) what the cells of the lattice get. */
    private float[] onLattice(float[] attention) {
        float[] seen = new float[lattice.count()];
        for (int cell = 0; cell < seen.length; cell++) seen[cell] = attention[lattice.window(cell) * (cells() + 1) + 1 + lattice.cellInWindow(cell)];
        return seen;
    }

    /** Of the attention to cells, brought to sum 1: 0 if all of it is on one cell, 1 if it is even. */
    private double entropy(float[] attention) {
        int n = cells();
        if (n == 1) return Double.NaN;
        double sum = 0;
        for (int window = 0; window < windows.size(); window++) {
            double all = 0, entropy = 0;
            int from = window * (n + 1) + 1;
            for (int i = 0; i < n; i++) all += attention[from + i];
            for (int i = 0; i < n; i++) {
                double share = attention[from + i] / all;
                if (share > 0) entropy -= share * Math.log(share);
            }
            sum += entropy / Math.log(n);
        }
        return sum / windows.size();
    }

    private List<float[]> perWindow(float[] all) {
        int size = all.length / windows.size();
        return IntStream.range(0, windows.size()).mapToObj(window -> Arrays.copyOfRange(all, window * size, (window + 1) * size)).toList();
    }
}
