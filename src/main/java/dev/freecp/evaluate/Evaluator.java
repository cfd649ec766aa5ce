package dev.freecp.evaluate;

import dev.freecp.error.InputException;
import dev.freecp.evaluate.data.Sample;
import dev.freecp.image.LabelMap;
import dev.freecp.segment.EncodedPicture;
import dev.freecp.segment.SegmentSettings;
import dev.freecp.segment.Segmenter;
import dev.freecp.segment.WordFeatures;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Labels samples in every way that a run wants and counts the labels. The tower sees a picture once, whatever is varied (for GEM once more); while
 * it is busy, the next picture is read and the last one's labels are counted, so at most three are in memory however long the run is.
 */
public final class Evaluator {

    private final Labeller labeller;
    private final int classes;

    /** Labels a picture in every way that a run wants. */
    @FunctionalInterface
    interface Labeller {

        /** @param labelled takes the labels of each variant in turn */
        void label(LabelledPicture picture, Consumer<LabelMap> labelled);
    }

    /** A picture whose labels are being counted. */
    private record Counting(LabelledPicture picture, List<Future<PictureCounts>> counts) {
    }

    /**
     * @param variants at least one; all cut the same windows
     * @param classes  K of the data set
     */
    public Evaluator(Segmenter segmenter, List<Variant> variants, int classes) {
        this(labeller(segmenter, List.copyOf(variants), classes), classes);
    }

    Evaluator(Labeller labeller, int classes) {
        this.labeller = labeller;
        this.classes = classes;
    }

    private static Labeller labeller(Segmenter segmenter, List<Variant> variants, int classes) {
        List<SegmentSettings> settings = variants.stream().map(Variant::settings).distinct().toList();
        return (picture, labelled) -> {
            try (EncodedPicture encoded = segmenter.encode(picture.picture(), settings)) {
                for (Variant variant : variants) labelled.accept(labels(encoded, variant, picture.truth(), classes));
            }
        };
    }

    /**
     * Evaluates samples in their order.
     *
     * @param finished told of every picture, in order, as soon as it is counted
     * @throws InputException if a picture or its truth cannot be read; all pictures before it have then been told
     */
    public void run(List<Sample> samples, Consumer<Journal.Line> finished) {
        Deque<Counting> counting = new ArrayDeque<>();
        try (ExecutorService reader = Executors.newSingleThreadExecutor(daemon("reader"));
             ExecutorService counter = Executors.newSingleThreadExecutor(daemon("counter"))) {
            Future<LabelledPicture> next = null;
            for (int i = 0; i < samples.size(); i++) {
                LabelledPicture picture;
                try {
                    picture = next == null ? LabelledPicture.read(samples.get(i)) : await(next);
                } catch (InputException e) {
                    finish(counting, finished);
                    throw e;
                }
                Sample following = i + 1 < samples.size() ? samples.get(i + 1) : null;
                next = following == null ? null : reader.submit(() -> LabelledPicture.read(following));
                counting.add(label(picture, counter));
                if (counting.size() > 1) finished.accept(line(counting.remove()));
            }
            finish(counting, finished);
        }
    }

    private static void finish(Deque<Counting> counting, Consumer<Journal.Line> finished) {
        while (!counting.isEmpty()) finished.accept(line(counting.remove()));
    }

    private static ThreadFactory daemon(String name) {
        return Thread.ofPlatform().daemon().name("evaluate-" + name).factory();
    }

    private Counting label(LabelledPicture picture, ExecutorService counter) {
        List<Future<PictureCounts>> counts = new ArrayList<>();
        labeller.label(picture, labels -> counts.add(counter.submit(() -> PictureCounts.of(labels, picture.truth(), classes))));
        return new Counting(picture, counts);
    }

    private static LabelMap labels(EncodedPicture encoded, Variant variant, LabelMap truth, int classes) {
        Function<WordFeatures, LabelMap> segment = words -> encoded.segment(words, variant.settings()).labels();
        return variant.choice().oracle() ? new TrueClasses(variant.words(), truth, classes).labels(segment) : segment.apply(variant.words());
    }

    private static Journal.Line line(Counting picture) {
        List<PictureCounts> counts = new ArrayList<>();
        for (Future<PictureCounts> each : picture.counts) counts.add(await(each));
        return new Journal.Line(picture.picture.sample().id(), picture.picture.sha256(), List.copyOf(counts));
    }

    private static <T> T await(Future<T> task) {
        try {
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException known) throw known;
            if (e.getCause() instanceof Error error) throw error;
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted");
        }
    }
}
