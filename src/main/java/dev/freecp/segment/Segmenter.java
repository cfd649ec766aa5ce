package dev.freecp.segment;

import dev.freecp.clip.Cleaning;
import dev.freecp.clip.Clip;
import dev.freecp.clip.PromptTemplates;
import dev.freecp.clip.Trace;
import dev.freecp.error.UsageException;
import dev.freecp.image.Picture;
import dev.freecp.image.Size;
import dev.freecp.ops.Ops;
import dev.freecp.ops.Precision;
import dev.freecp.ops.Workspace;
import dev.freecp.purify.CropLook;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * A CLIP model on a device, ready for pictures: the library's front door.
 * <pre>{@code
 * try (Segmenter segmenter = Segmenter.open(Path.of("clip-vit-base-patch16"), Device.choose("auto"))) {
 *     WordFeatures words = segmenter.words(Vocabulary.parse("grass; sky; dog", Background.parse("none")));
 *     Segmentation result = segmenter.segment(Pictures.read(Path.of("dog.jpg")), words, SegmentSettings.defaults());
 * }
 * }</pre>
 * Safe to call from many threads; computations take turns on a CPU, on a GPU there are two at a time.
 */
public final class Segmenter implements AutoCloseable {

    /** Memory for one batch's intermediate results unless another budget is given. */
    public static final long DEFAULT_BATCH_BYTES = 1L << 30;

    /** Threads of a stream that read pictures. */
    private static final int MOST_DECODERS = 4;

    private final Ops ops;
    private final Clip clip;
    private final BatchBudget budget;
    private final Lanes lanes;

    private Segmenter(Ops ops, Clip clip, long batchBytes) {
        this.ops = ops;
        this.clip = clip;
        this.lanes = new Lanes(clip, ops, Device.groupsAtOnce(ops));
        this.budget = new BatchBudget(clip.config().vision(), batchBytes);
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

    /** What the towers compute in. */
    public Precision precision() {
        return ops.precision();
    }

    /** Text features of a vocabulary with the 80 templates of CLIP and no descriptions, not cached on disk. */
    public WordFeatures words(Vocabulary vocabulary) {
        QuerySentences sentences = QuerySentences.of(vocabulary, PromptTemplates.clip80(), Descriptions.none(), TextSource.TEMPLATES, 0);
        return words(vocabulary, sentences, TextCache.off(), Cleaning.PLAIN);
    }

    /** Text features of a vocabulary, from the cache where it has them. */
    public WordFeatures words(Vocabulary vocabulary, QuerySentences sentences, TextCache cache, Cleaning cleaning) {
        return words(vocabulary, sentences, cache, cleaning, _ -> { });
    }

    /** @param encoded told again and again how many more sentences were encoded, {@link #sentencesToEncode} in all */
    public WordFeatures words(Vocabulary vocabulary, QuerySentences sentences, TextCache cache, Cleaning cleaning, IntConsumer encoded) {
        return lanes.on(lanes.first(), lane -> new TextEncoder(lane.ops(), clip, cache, cleaning, encoded).encode(vocabulary, sentences));
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
     * @throws UsageException if the settings do not fit the model (GEM with too few blocks, an affinity layer that is not there, windows smaller than
     *                        a patch), or the words' features are of another model's size
     */
    public Segmentation segment(Picture picture, WordFeatures words, SegmentSettings settings, Trace trace) {
        return segment(picture, words, settings, _ -> trace);
    }

    /**
     * The same for a trace that reads what it is shown, with the instance of the backend that the run was given: only that one may
     * {@linkplain Ops#download download} the tensors, and only while they are shown.
     */
    public Segmentation segment(Picture picture, WordFeatures words, SegmentSettings settings, Function<Ops, Trace> trace) {
        return segment(List.of(cut(picture, settings, new Timings())), words, settings, trace).getFirst();
    }

    /**
     * Labels of several pictures, in their order; they go through the device together, as many as the budget holds, which is faster on a GPU. Each
     * gets the labels that it gets alone (bit for bit wherever a batch's size does not change a product, {@link Ops}).
     *
     * @throws UsageException as for one picture
     */
    public List<Segmentation> segment(List<Picture> pictures, WordFeatures words, SegmentSettings settings) {
        return segment(pictures.stream().map(picture -> cut(picture, settings, new Timings())).toList(), words, settings, _ -> Trace.NONE);
    }

    /**
     * Labels of many pictures that are read as they are needed, in groups as large as suits the device: on a CPU each picture alone, on a GPU some at
     * once. What is read ahead, and results that nobody has taken, take about as much host memory as a batch may take of the device's, or what a single
     * picture needs if that is more.
     *
     * @param pictures each read on a thread of the stream by its supplier, which throws an {@link dev.freecp.error.InputException} if it cannot be
     *                 read; one thread at a time asks for the next
     * @return to be closed before this segmenter
     */
    public PictureStream stream(Iterator<? extends Supplier<Picture>> pictures, WordFeatures words, SegmentSettings settings) {
        int windows = Device.windowsAtOnce(ops);
        return stream(pictures, words, settings, new PictureQueue.Limits(windows, windows, budget.bytes()));
    }

    /**
     * The same in groups of at most {@code group} pictures.
     *
     * @throws UsageException if that is not at least one
     */
    public PictureStream stream(Iterator<? extends Supplier<Picture>> pictures, WordFeatures words, SegmentSettings settings, int group) {
        if (group < 1) throw new UsageException("a group of pictures needs at least 1, not " + group);
        return stream(pictures, words, settings, new PictureQueue.Limits(group, Integer.MAX_VALUE, budget.bytes()));
    }

    private PictureStream stream(Iterator<? extends Supplier<Picture>> pictures, WordFeatures words, SegmentSettings settings, PictureQueue.Limits limits) {
        int decoders = Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, MOST_DECODERS), devices = Device.groupsAtOnce(ops);
        return new PictureStream(new PictureQueue(pictures, limits, devices), (picture, timings) -> cut(picture, settings, timings),
            group -> segment(group, words, settings, _ -> Trace.NONE), decoders, devices);
    }

    /** What comes before the device, on any thread. */
    CutPicture cut(Picture picture, SegmentSettings settings, Timings timings) {
        return CutPicture.of(picture, settings, clip.config().vision().patch(), timings);
    }

    List<Segmentation> segment(List<CutPicture> pictures, WordFeatures words, SegmentSettings settings, Function<Ops, Trace> trace) {
        words.requireSize(clip.config().vision().embedding());
        Segmentation[] results = new Segmentation[pictures.size()];
        for (List<Integer> group : groups(pictures, words.vocabulary().words().size())) {
            List<Segmentation> ofGroup = segmentGroup(group.stream().map(pictures::get).toList(), words, settings, trace);
            for (int i = 0; i < group.size(); i++) results[group.get(i)] = ofGroup.get(i).after(pictures.get(group.get(i)).seconds());
        }
        return List.of(results);
    }

    /** Numbers of pictures that go together: of one size of windows, and no more of these than one batch, unless a single picture has more. */
    private List<List<Integer>> groups(List<CutPicture> pictures, int words) {
        List<List<Integer>> groups = new ArrayList<>();
        Map<Size, List<Integer>> open = new HashMap<>();
        Map<Size, Integer> room = new HashMap<>();
        for (int i = 0; i < pictures.size(); i++) {
            Size size = pictures.get(i).windowSize();
            int windows = pictures.get(i).windows().size();
            if (room.getOrDefault(size, 0) < windows) {
                open.put(size, new ArrayList<>());
                room.put(size, budget.windows(size.height(), size.width(), words));
                groups.add(open.get(size));
            }
            open.get(size).add(i);
            room.merge(size, -windows, Integer::sum);
        }
        return groups;
    }

    private List<Segmentation> segmentGroup(List<CutPicture> pictures, WordFeatures words, SegmentSettings settings, Function<Ops, Trace> tracer) {
        return lanes.on(lane -> {
            Ops ops = lane.ops();
            Trace trace = tracer.apply(ops);
            try (Workspace pixels = ops.workspace(); Workspace workspace = ops.workspace()) {       // apart: what follows lies at the same place for pictures of any size
                Timings timings = new Timings();
                PictureWindows windows = new PictureWindows(lane, pixels, budget, pictures);
                PictureWindows.Source tower = windows.fresh(workspace, settings, words.vocabulary().words().size(), trace);
                CropLook.Source crops = windows.crops(pixels, settings.purify().cropSource());
                return new GroupRun(lane, windows, words, settings, trace, workspace, timings).segment(tower, crops, new HashMap<>());
            }
        });
    }

    /**
     * Runs the tower over a picture and keeps what it sees, so that the picture can be labelled again and again at little cost.
     *
     * @param settings all that labels will be asked for with; they must cut the same windows. Read-outs that share positions and affinity (all
     *                 but GEM do) share the tower's pass; the rest of the settings (steps, thresholds, rules) may change freely later
     * @return to be closed before this segmenter
     * @throws UsageException as {@link #segment}, or if the settings cut different windows
     */
    public EncodedPicture encode(Picture picture, List<SegmentSettings> settings) {
        CutPicture cut = cut(picture, settings.getFirst(), new Timings());
        return lanes.on(lane -> new EncodedPicture(lanes, lane, budget, cut, settings));
    }

    @Override
    public void close() {
        try (clip) {
            lanes.close();
        }
    }
}
