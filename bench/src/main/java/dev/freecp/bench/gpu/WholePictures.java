package dev.freecp.bench.gpu;

import dev.freecp.bench.input.RandomPictures;
import dev.freecp.bench.report.Measurement;
import dev.freecp.cuda.CudaOps;
import dev.freecp.cuda.Ways;
import dev.freecp.image.Picture;
import dev.freecp.image.ResizeRule;
import dev.freecp.ops.Precision;
import dev.freecp.segment.PictureStream;
import dev.freecp.segment.Preset;
import dev.freecp.segment.SegmentSettings;
import dev.freecp.segment.Segmentation;
import dev.freecp.segment.Segmenter;
import dev.freecp.segment.Vocabulary;
import dev.freecp.segment.WordFeatures;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Pictures of 500 x 375 from decoded bytes to labels in host memory, on the wall's clock: one at a time, and as a stream whose groups go through the device
 * together. Random weights and words; which classes survive is chance, and stands with the result.
 */
final class WholePictures implements Group {

    private static final Precision PRECISION = Precision.FP16;
    private static final List<Preset> WORDS = List.of(Preset.VOC20, Preset.CONTEXT59, Preset.COCO_STUFF);
    private static final int WARM = 5, PICTURES = 60;

    @Override
    public String name() {
        return "pictures";
    }

    @Override
    public void run(Session session) throws IOException {
        if (session.outOfTime("pictures")) return;
        CudaOps ops = session.open(PRECISION, Ways.CHOSEN);
        try (Segmenter segmenter = Segmenter.open(session.model("ViT-B-16"), ops)) {
            for (Preset preset : session.tiny() ? WORDS.subList(0, 1) : WORDS) {
                if (session.outOfTime("pictures with the words of " + preset.key())) continue;
                measure(session, ops, segmenter, words(session, segmenter, preset.vocabulary()));
            }
        }
    }

    /** Random directions: the text tower has no part in the time of a picture. */
    private static WordFeatures words(Session session, Segmenter segmenter, Vocabulary vocabulary) {
        int embedding = segmenter.clip().config().vision().embedding(), count = vocabulary.words().size() * embedding;
        float[] queries = session.random().of(count), details = session.random().of(count);
        for (float[] matrix : List.of(queries, details)) for (int i = 0; i < count; i++) matrix[i] /= (float) Math.sqrt(embedding);
        return new WordFeatures(vocabulary, embedding, queries, details);
    }

    private void measure(Session session, CudaOps ops, Segmenter segmenter, WordFeatures words) {
        SegmentSettings settings = session.tiny() ? SegmentSettings.defaults().withWindows(ResizeRule.NONE, 64, 32) : SegmentSettings.defaults();
        int pictures = session.tiny() ? 2 : PICTURES;
        List<Picture> inputs = new ArrayList<>();
        for (int i = 0; i < 4; i++) inputs.add(session.tiny() ? RandomPictures.waves(80, 64, i) : RandomPictures.waves(375, 500, i));
        for (int i = 0; i < (session.tiny() ? 1 : WARM); i++) segmenter.segment(inputs.get(i % 4), words, settings);
        double[] milliseconds = new double[pictures];
        Segmentation last = null;
        for (int i = 0; i < pictures; i++) {
            long start = System.nanoTime();
            last = segmenter.segment(inputs.get(i % 4), words, settings);
            milliseconds[i] = (System.nanoTime() - start) / 1e6;
        }
        String classes = words.vocabulary().classes().size() + " classes";
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("windows", last.windows().size());
        facts.put("kept words", last.reports().stream().mapToInt(report -> report.kept().length).sum());
        session.things(name(), classes + ", one by one", PRECISION, Measurement.of(milliseconds, 1), 1, "pictures/s", facts, ops);
        Measurement stream = Measurement.of(stream(segmenter, words, settings, inputs, pictures), pictures);
        session.things(name(), classes + ", stream", PRECISION, stream, 1, "pictures/s", facts, ops);
    }

    /** Milliseconds of all pictures, three times. */
    private static double[] stream(Segmenter segmenter, WordFeatures words, SegmentSettings settings, List<Picture> inputs, int pictures) {
        double[] milliseconds = new double[3];
        for (int round = 0; round < milliseconds.length; round++) {
            long start = System.nanoTime();
            Iterator<Supplier<Picture>> sources = IntStream.range(0, pictures).<Supplier<Picture>>mapToObj(i -> () -> inputs.get(i % inputs.size())).iterator();
            try (PictureStream stream = segmenter.stream(sources, words, settings)) {
                while (stream.hasNext()) stream.next();
            }
            milliseconds[round] = (System.nanoTime() - start) / 1e6;
        }
        return milliseconds;
    }
}
