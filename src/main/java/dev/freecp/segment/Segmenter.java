package dev.freecp.segment;

import dev.freecp.clip.Cleaning;
import dev.freecp.clip.Clip;
import dev.freecp.clip.PromptTemplates;
import dev.freecp.clip.Trace;
import dev.freecp.error.UsageException;
import dev.freecp.image.Picture;
import dev.freecp.ops.Ops;
import dev.freecp.ops.Precision;
import dev.freecp.ops.Workspace;
import dev.freecp.tensor.Tensor;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;

/**
 * A CLIP model on a device, ready for pictures: the library's front door.
 * <pre>{@code
 * try (Segmenter segmenter = Segmenter.open(Path.of("clip-vit-base-patch16"), Device.choose("auto"))) {
 *     WordFeatures words = segmenter.words(Vocabulary.parse("grass; sky; dog", Background.parse("none")));
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

    /**
     * A host copy of a tensor that a {@link Trace} is shown.
     *
     * @throws IllegalStateException if it is not called by the trace, while the tensor lives
     */
    public float[] download(Tensor shown) {
        if (!device.isHeldByCurrentThread()) throw new IllegalStateException(shown.name() + ": a tensor can be read only while the trace is shown it");
        return ops.download(shown);
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
        words.requireSize(clip.config().vision().embedding());
        device.lock();
        try (Workspace workspace = ops.workspace()) {
            Timings timings = new Timings();
            PictureWindows windows = new PictureWindows(ops, clip, workspace, batchBytes, picture, settings.resize(), settings.crop(), settings.stride());
            timings.mark("resize");
            PictureWindows.Source tower = windows.fresh(workspace, settings, words.vocabulary().words().size(), trace);
            return new PictureRun(ops, clip, windows, words, settings, trace, workspace, timings).segment(tower, new HashMap<>());
        } finally {
            device.unlock();
        }
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
        device.lock();
        try {
            return new EncodedPicture(ops, clip, device, batchBytes, picture, settings);
        } finally {
            device.unlock();
        }
    }

    @Override
    public void close() {
        device.lock();
        try (ops) {
            clip.close();
        } finally {
            device.unlock();
        }
    }
}
