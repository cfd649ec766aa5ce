package dev.freecp.segment;

import dev.freecp.clip.AffinityPlan;
import dev.freecp.clip.Cleaning;
import dev.freecp.clip.Clip;
import dev.freecp.clip.PromptTemplates;
import dev.freecp.clip.ReadOut;
import dev.freecp.clip.Trace;
import dev.freecp.clip.VisionConfig;
import dev.freecp.clip.VisionTower;
import dev.freecp.error.UsageException;
import dev.freecp.image.LabelMap;
import dev.freecp.image.Picture;
import dev.freecp.image.Windows;
import dev.freecp.ops.Heads;
import dev.freecp.ops.LabelRule;
import dev.freecp.ops.Mosaic;
import dev.freecp.ops.Ops;
import dev.freecp.ops.Region;
import dev.freecp.ops.Workspace;
import dev.freecp.purify.ClassMaps;
import dev.freecp.purify.CropLook;
import dev.freecp.purify.Purifier;
import dev.freecp.purify.PurifySettings;
import dev.freecp.purify.Refinement;
import dev.freecp.purify.Step;
import dev.freecp.purify.WindowReport;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * A CLIP model on a device, ready for pictures: the library's front door.
 * <pre>{@code
 * try (Segmenter segmenter = Segmenter.open(Path.of("clip-vit-base-patch16"), Device.choose("auto"))) {
 *     WordFeatures words = segmenter.words(Vocabulary.parse("grass; sky; dog"));
 *     Segmentation result = segmenter.segment(Pictures.read(Path.of("dog.jpg")), words, SegmentSettings.defaults());
 * }
 * }</pre>
 * Safe to call from many threads; computations take turns on the device.
 */
public final class Segmenter implements AutoCloseable {

    /** Memory for one batch's intermediate results unless another budget is given. */
    public static final long DEFAULT_BATCH_BYTES = 1L << 30;

    private final Ops ops;
    private final Clip clip;
    private final long batchBytes;
    private final ReentrantLock device = new ReentrantLock();

    private Segmenter(Ops ops, Clip clip, long batchBytes) {
        this.ops = ops;
        this.clip = clip;
        this.batchBytes = batchBytes;
    }

    /** Opens a checkpoint on a backend, which is closed with the segmenter (and at once if the checkpoint is refused). */
    public static Segmenter open(Path model, Ops ops) {
        return open(model, ops, DEFAULT_BATCH_BYTES);
    }

    /** @param batchBytes how much memory a batch of windows may take beside the weights; at least one window is always done */
    public static Segmenter open(Path model, Ops ops, long batchBytes) {
        try {
            return new Segmenter(ops, Clip.open(model, ops), batchBytes);
        } catch (RuntimeException e) {
            ops.close();
            throw e;
        }
    }

    public Clip clip() {
        return clip;
    }

    /** The backend, in words. */
    public String device() {
        return ops.describe();
    }

    /** Text features of a vocabulary with the 80 templates of CLIP and no descriptions, not cached on disk. */
    public WordFeatures words(Vocabulary vocabulary) {
        return words(vocabulary, QuerySentences.of(vocabulary, PromptTemplates.clip80(), Descriptions.none(), TextSource.TEMPLATES, 0), TextCache.off(), Cleaning.PLAIN);
    }

    /** Text features of a vocabulary, from the cache where it has them. */
    public WordFeatures words(Vocabulary vocabulary, QuerySentences sentences, TextCache cache, Cleaning cleaning) {
        return words(vocabulary, sentences, cache, cleaning, _ -> { });
    }

    /** @param encoded told again and again how many more sentences were encoded, {@link #sentencesToEncode} in all */
    public WordFeatures words(Vocabulary vocabulary, QuerySentences sentences, TextCache cache, Cleaning cleaning, IntConsumer encoded) {
        device.lock();
        try {
            return new TextEncoder(ops, clip, cache, cleaning, encoded).encode(vocabulary, sentences);
        } finally {
            device.unlock();
        }
    }

    /** How many sentences {@link #words} would have to encode: none if the cache holds them. Worth asking, because a text tower takes its time. */
    public int sentencesToEncode(Vocabulary vocabulary, QuerySentences sentences, TextCache cache, Cleaning cleaning) {
        return new TextEncoder(ops, clip, cache, cleaning, _ -> { }).sentencesToEncode(vocabulary, sentences);
    }

    /** The files in which the cache keeps what {@link #words} makes; none if nothing is cached. */
    public List<Path> textFiles(Vocabulary vocabulary, QuerySentences sentences, TextCache cache, Cleaning cleaning) {
        return new TextEncoder(ops, clip, cache, cleaning, _ -> { }).files(vocabulary, sentences);
    }

    /** Labels of a picture. */
    public Segmentation segment(Picture picture, WordFeatures words, SegmentSettings settings) {
        return segment(picture, words, settings, Trace.NONE);
    }

    /**
     * Labels of a picture, every stage shown to {@code trace}.
     *
     * @throws UsageException if the settings do not fit the model: GEM with too few blocks, an affinity layer that is not there, windows smaller than a patch
     */
    public Segmentation segment(Picture picture, WordFeatures words, SegmentSettings settings, Trace trace) {
        device.lock();
        try (Workspace workspace = ops.workspace()) {
            return new Run(picture, words, settings, trace, workspace).segment();
        } finally {
            device.unlock();
        }
    }

    @Override
    public void close() {
        device.lock();
        try {
            clip.close();
            ops.close();
        } finally {
            device.unlock();
        }
    }

    /** One picture's way (design, section 2). S windows, Q words, n = h*w cells. */
    private final class Run {
        private final Picture picture;
        private final WordFeatures words;
        private final SegmentSettings settings;
        private final Trace trace;
        private final Workspace workspace;
        private final VisionTower tower = clip.vision();
        private final int patch = tower.config().patch();
        private final Timings timings = new Timings();
        private final Picture resized;
        private final List<Region> windows;
        private final Region window;

        Run(Picture picture, WordFeatures words, SegmentSettings settings, Trace trace, Workspace workspace) {
            this.picture = picture;
            this.words = words;
            this.settings = settings;
            this.trace = trace;
            this.workspace = workspace;
            this.resized = settings.resize().apply(picture, patch);
            this.windows = Windows.of(resized.height(), resized.width(), settings.crop(), settings.stride(), patch);
            this.window = windows.getFirst();
            timings.mark("resize");
        }

        Segmentation segment() {
            ClassMaps maps = ClassMaps.take(workspace, settings.purify(), windows.size(), words.vocabulary().words().size(), words.vocabulary().backgroundWords(),
                window.height() / patch, window.width() / patch);
            Tensor pixels = ops.picture(resized.pixels());
            Tensor queries = matrix("queries", words.queries());
            int batch = batch(window.height(), window.width());
            for (int from = 0; from < windows.size(); from += batch) {
                int count = Math.min(batch, windows.size() - from);
                see(maps.part(from, count), pixels, queries, windows.subList(from, from + count));
            }
            List<WindowReport> reports = Purifier.purify(ops, workspace, maps, settings.purify(), closerLook(pixels), trace);
            timings.mark("purify");
            return assemble(maps, reports);
        }

        /** Tower, class maps and refinement of one batch of windows. */
        private void see(ClassMaps maps, Tensor pixels, Tensor queries, List<Region> batch) {
            try (Workspace scratch = workspace.scope()) {
                VisionTower.WindowFeatures seen = tower.windows(scratch, pixels, batch, settings.readOut(), affinityPlan(), trace);
                timings.mark("tower");
                Tensor logits = scratch.tensor("pixel_logits", Shape.of("patch query", seen.patches().rows(), queries.rows()));
                ops.similarity(logits, seen.patches(), queries, clip.logitScale());
                trace.stage("pixel_logits", logits);
                maps.activate(ops, logits, clip.logitScale(), settings.purify().activation());
                trace.stage("softmax", maps.softmax());
                trace.stage("cam", maps.activation());
                if (settings.purify().steps().contains(Step.REFINE)) Refinement.refine(ops, scratch, maps, seen.affinity(), settings.purify(), trace);
                else maps.copy(ops, maps.refined(), maps.softmax());
                timings.mark("refine");
            }
        }

        private AffinityPlan affinityPlan() {
            int layers = tower.config().layers();
            boolean paper = settings.purify().affinity() == PurifySettings.AffinityRule.MEAN_ATTENTION;
            AffinityPlan released = AffinityPlan.released(settings.readOut().method(), layers);
            int[] chosen = settings.purify().affinityLayers();
            if (chosen == null) chosen = paper ? IntStream.range(0, layers).toArray() : released.layers();
            if (chosen.length == 0) throw new UsageException("no affinity layer is chosen; layers are 0 to " + (layers - 1));
            for (int layer : chosen) if (layer < 0 || layer >= layers) throw new UsageException("affinity layer " + layer + " is not there; layers are 0 to " + (layers - 1));
            return new AffinityPlan(chosen, paper ? Heads.MEAN : released.heads());
        }

        private CropLook closerLook(Tensor pixels) {
            PurifySettings.CropSource source = settings.purify().cropSource();
            Tensor cut = source == PurifySettings.CropSource.PICTURE ? ops.picture(picture.pixels()) : pixels;
            return new CropLook(ops, workspace, tower, settings.readOut().method().positionRule(), new CropPlaces(source, cut, picture, resized, windows, patch),
                matrix("details", words.details()), words.vocabulary().backgroundWords(), clip.logitScale(), batch(CropLook.SIZE, CropLook.SIZE));
        }

        private Segmentation assemble(ClassMaps maps, List<WindowReport> reports) {
            int backgroundMaps = maps.backgroundMaps();
            int[][] alive = new int[reports.size()][];
            for (int s = 0; s < alive.length; s++)
                alive[s] = IntStream.concat(IntStream.range(0, backgroundMaps), Arrays.stream(reports.get(s).kept()).map(word -> backgroundMaps + word)).toArray();
            LabelRule rule = backgroundMaps > 0 ? words.vocabulary().bestWordRule() : words.vocabulary().labelRule();
            Tensor labels = Ops.labelTensor(picture.height(), picture.width());
            Tensor confidence = Tensor.allocate(Arena.ofAuto(), "confidence", labels.shape(), DType.F32, picture.width());
            ops.assemble(labels, confidence, null, maps.refined(), alive, mosaic(maps), rule);
            int[] flat = new int[picture.height() * picture.width()];
            for (int y = 0; y < picture.height(); y++) for (int x = 0; x < picture.width(); x++) flat[y * picture.width() + x] = labels.getInt(y, x);
            timings.mark("labels");
            return new Segmentation(new LabelMap(picture.height(), picture.width(), flat), confidence.toFloats(), words.vocabulary(), windows, reports, timings.seconds());
        }

        /** Without windows, maps go straight to the picture's size (specification, section 2). */
        private Mosaic mosaic(ClassMaps maps) {
            int height = picture.height(), width = picture.width();
            if (settings.crop() == 0) return new Mosaic(height, width, List.of(new Region(0, 0, height, width)), maps.gridHeight(), maps.gridWidth(), height, width);
            return new Mosaic(resized.height(), resized.width(), windows, maps.gridHeight(), maps.gridWidth(), height, width);
        }

        private Tensor matrix(String name, float[] values) {
            Tensor tensor = workspace.tensor(name, Shape.of("query embedding", values.length / words.embedding(), words.embedding()));
            ops.upload(tensor, values);
            return tensor;
        }

        /** Windows of this size that the budget holds at once: activations of a block, the second stream, and two attention maps. */
        private int batch(int height, int width) {
            VisionConfig c = tower.config();
            long tokens = (long) (height / patch) * (width / patch) + 1;
            long streams = (settings.readOut().method() == ReadOut.GEM ? 8L : 7L) * c.width() + c.mlpWidth() + c.embedding() + 2L * words.vocabulary().words().size();
            return (int) Math.clamp(batchBytes / (tokens * (streams + 3 * tokens) * Float.BYTES), 1, Integer.MAX_VALUE);
        }
    }
}
