package dev.freecp.bench.cpu;

import dev.freecp.bench.input.Numbers;
import dev.freecp.bench.input.RandomPictures;
import dev.freecp.cpu.VectorOps;
import dev.freecp.image.Picture;
import dev.freecp.image.ResizeRule;
import dev.freecp.segment.Preset;
import dev.freecp.segment.SegmentSettings;
import dev.freecp.segment.Segmentation;
import dev.freecp.segment.Segmenter;
import dev.freecp.segment.Vocabulary;
import dev.freecp.segment.WordFeatures;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Pictures of 500 x 375 from decoded bytes to labels, SCLIP with all steps, for vocabularies of 20, 59 and 171 words. Words are random directions: which of them
 * survive, and how many regions the tower looks at again, is chance, and stands with the result.
 */
final class Pictures implements AutoCloseable {

    private static final List<Preset> WORDS = List.of(Preset.VOC20, Preset.CONTEXT59, Preset.COCO_STUFF);

    private final String group;
    private final int threads;
    private final ProcessorTime time;
    private final OperationTimes operations;
    private final Segmenter segmenter;

    Pictures(String model, Path folder, int threads, ProcessorTime time) {
        this.group = "picture " + model;
        this.threads = threads;
        this.time = time;
        this.operations = new OperationTimes(new VectorOps(threads));
        this.segmenter = Segmenter.open(folder, operations.timed());
    }

    /** The published windows, 24 x 24 patches of 16; of smaller patches as many. */
    private SegmentSettings settings() {
        int patch = segmenter.clip().config().vision().patch();
        return patch >= 14 ? SegmentSettings.defaults() : SegmentSettings.defaults().withWindows(new ResizeRule(2048, 28 * patch), 24 * patch, 7 * patch);
    }

    List<Contender> contenders(boolean tiny) {
        List<Contender> contenders = new ArrayList<>();
        SegmentSettings settings = settings();
        Picture picture = RandomPictures.waves(375, 500, 3);
        for (Preset preset : tiny ? WORDS.subList(0, 1) : WORDS) {
            WordFeatures words = words(preset.vocabulary());
            int classes = words.vocabulary().words().size();
            Map<String, Object> facts = new LinkedHashMap<>(Map.of("classes", classes));
            contenders.add(new Contender(group, classes + " classes", Contender.OURS, threads, 1, Contender.Unit.PICTURES, facts, () -> {
                operations.clear();
                int[] calls = {0};
                Segmentation[] last = new Segmentation[1];
                Lap lap = Lap.of(time, () -> {
                    last[0] = segmenter.segment(picture, words, settings);
                    calls[0]++;
                });
                note(facts, last[0], lap, calls[0]);
                return lap;
            }));
        }
        return contenders;
    }

    /** The last round's. */
    private void note(Map<String, Object> facts, Segmentation result, Lap lap, int calls) {
        facts.put("windows", result.windows().size());
        facts.put("regions looked at again", operations.regions() / calls - result.windows().size());
        facts.put("words kept", result.reports().stream().mapToInt(report -> report.kept().length).sum());
        facts.put("share of everything besides the tower", Math.max(0, 1 - operations.tower() / calls / lap.wall()));
        operations.seconds().forEach((name, seconds) -> facts.put(name + ", s", seconds / calls));
    }

    /** Random unit directions: the text tower has no part in the time of a picture. */
    private WordFeatures words(Vocabulary vocabulary) {
        int embedding = segmenter.clip().config().vision().embedding(), count = vocabulary.words().size() * embedding;
        float[] queries = Numbers.normal(1, count), details = Numbers.normal(2, count);
        for (float[] matrix : List.of(queries, details)) for (int i = 0; i < count; i++) matrix[i] /= (float) Math.sqrt(embedding);
        return new WordFeatures(vocabulary, embedding, queries, details);
    }

    @Override
    public void close() {
        segmenter.close();
    }
}
