package dev.freecp.parity;

import dev.freecp.clip.Trace;
import dev.freecp.error.InputException;
import dev.freecp.evaluate.ConfusionMatrix;
import dev.freecp.evaluate.data.Sample;
import dev.freecp.image.LabelMap;
import dev.freecp.image.Picture;
import dev.freecp.image.Pictures;
import dev.freecp.ops.Ops;
import dev.freecp.ops.Precision;
import dev.freecp.segment.SegmentSettings;
import dev.freecp.segment.Segmentation;
import dev.freecp.segment.Segmenter;
import dev.freecp.segment.WordFeatures;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntConsumer;

/** What each precision of a device costs in accuracy, against the same device's float32, from the same pictures to the end. */
public final class PrecisionTable implements AutoCloseable {

    private static final String FEATURES = "patch_feature", REFINED = "refined";

    /** One precision's model and what has been seen of it. */
    private static final class Column {
        final Precision precision;
        final Ops ops;
        final Segmenter segmenter;
        final ConfusionMatrix counts;
        final Difference features = new Difference();
        final Difference refined = new Difference();
        WordFeatures words;
        long others;
        long pixels;

        Column(Precision precision, Ops ops, Segmenter segmenter, int classes) {
            this.precision = precision;
            this.ops = ops;
            this.segmenter = segmenter;
            this.counts = new ConfusionMatrix(classes);
        }
    }

    /** One picture's stages and labels. */
    private record Seen(float[] features, float[] refined, int[] labels) {
    }

    /** Differences of numbers, summed up. */
    private static final class Difference {
        private double squares;
        private double largest;
        private long count;

        void add(float[] exact, float[] other) {
            for (int i = 0; i < exact.length; i++) {
                double d = Math.abs((double) exact[i] - other[i]);
                squares += d * d;
                largest = Math.max(largest, d);
            }
            count += exact.length;
        }

        Error error() {
            return new Error(count == 0 ? 0 : Math.sqrt(squares / count), largest);
        }
    }

    /**
     * How far numbers are from float32's.
     *
     * @param rms root of the mean square
     */
    public record Error(double rms, double largest) {
    }

    /**
     * A precision's line.
     *
     * @param features of unit-length patch features
     * @param refined  of refined maps, whose values lie in [0, 1]
     * @param others   share of pixels that get another label than in float32
     * @param miou     in percent
     */
    public record Row(Precision precision, Error features, Error refined, double others, double miou) {
    }

    private final List<Column> columns = new ArrayList<>();

    /**
     * Opens a model in every precision, float32 first.
     *
     * @param open    a backend of a precision
     * @param words   text features by a model
     * @param classes number of labels
     */
    public PrecisionTable(Path model, Function<Precision, Ops> open, Function<Segmenter, WordFeatures> words, int classes) {
        try {
            for (Precision precision : Precision.values()) {
                Ops ops = open.apply(precision);
                Column column = new Column(precision, ops, Segmenter.open(model, ops), classes);
                columns.add(column);
                column.words = words.apply(column.segmenter);
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Labels pictures in every precision.
     *
     * @param done told after each picture
     * @throws InputException if a picture cannot be read, or its truth is of another size
     */
    public List<Row> measure(List<Sample> samples, SegmentSettings settings, IntConsumer done) {
        for (Sample sample : samples) {
            Picture picture = Pictures.read(sample.picture());
            LabelMap truth = sample.truth().read();
            if (truth.height() != picture.height() || truth.width() != picture.width())
                throw new InputException(sample.picture() + ": is " + picture.height() + " x " + picture.width() + ", its truth " + truth.height() + " x " + truth.width());
            Seen exact = null;
            for (Column column : columns) {
                Seen seen = see(column, picture, settings);
                if (exact == null) exact = seen;
                compare(column, exact, seen);
                column.counts.add(seen.labels, truth.labels());
            }
            done.accept(1);
        }
        return columns.stream().map(PrecisionTable::row).toList();
    }

    private static Seen see(Column column, Picture picture, SegmentSettings settings) {
        Map<String, List<float[]>> stages = new HashMap<>();
        Trace trace = (stage, tensor) -> {
            if (stage.equals(FEATURES) || stage.equals(REFINED)) stages.computeIfAbsent(stage, _ -> new ArrayList<>()).add(column.ops.download(tensor));
        };
        Segmentation result = column.segmenter.segment(picture, column.words, settings, trace);
        return new Seen(joined(stages.get(FEATURES)), joined(stages.get(REFINED)), result.labels().labels());
    }

    private static float[] joined(List<float[]> parts) {
        if (parts == null) return new float[0];                                             // a run without refinement
        float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
        int at = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    private static void compare(Column column, Seen exact, Seen seen) {
        column.features.add(exact.features, seen.features);
        column.refined.add(exact.refined, seen.refined);
        for (int i = 0; i < exact.labels.length; i++) if (exact.labels[i] != seen.labels[i]) column.others++;
        column.pixels += exact.labels.length;
    }

    private static Row row(Column c) {
        return new Row(c.precision, c.features.error(), c.refined.error(), c.pixels == 0 ? 0 : (double) c.others / c.pixels, c.counts.meanIou());
    }

    @Override
    public void close() {
        columns.forEach(column -> column.segmenter.close());
        columns.clear();
    }
}
