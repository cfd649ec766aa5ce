package dev.freecp.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.freecp.clip.Cleaning;
import dev.freecp.clip.PromptTemplates;
import dev.freecp.evaluate.Evaluator;
import dev.freecp.evaluate.Journal;
import dev.freecp.evaluate.Sweep;
import dev.freecp.evaluate.TextChoice;
import dev.freecp.evaluate.Variant;
import dev.freecp.evaluate.data.DataSets;
import dev.freecp.evaluate.data.Sample;
import dev.freecp.image.Picture;
import dev.freecp.image.Pictures;
import dev.freecp.image.ResizeRule;
import dev.freecp.purify.PurifySettings;
import dev.freecp.segment.Background;
import dev.freecp.segment.Descriptions;
import dev.freecp.segment.Device;
import dev.freecp.segment.QuerySentences;
import dev.freecp.segment.SegmentSettings;
import dev.freecp.segment.Segmenter;
import dev.freecp.segment.TextCache;
import dev.freecp.segment.TextSource;
import dev.freecp.segment.Vocabulary;
import dev.freecp.segment.WordFeatures;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an evaluation costs beside its tower, and whether its memory stays flat: {@code EvaluationCost MODEL ROOT CLASSES PICTURES SHORT CROP STRIDE}.
 * The pictures of a folder laid out as PASCAL VOC are taken again and again until there are enough. Every {@link #BLOCK} pictures are first encoded
 * (the tower over their windows), then labelled (tower and purification, with its crops), then evaluated (reading, labelling, counting), so that all
 * three meet the same load of the machine; the first block is warm-up.
 */
public final class EvaluationCost {

    private static final int BLOCK = 40;
    private static final int MEASURED_BLOCKS = 5;
    private static final int MEMORY_STEP = 250;
    private static final double MEGA = 1 << 20;

    private final Segmenter segmenter;
    private final WordFeatures words;
    private final SegmentSettings settings;
    private final Evaluator evaluator;
    private final List<Sample> samples;

    private EvaluationCost(Segmenter segmenter, WordFeatures words, SegmentSettings settings, List<Sample> samples) {
        this.segmenter = segmenter;
        this.words = words;
        this.settings = settings;
        this.samples = samples;
        List<Variant> variants = Sweep.NONE.variants(new Sweep.Base(settings, words, TextChoice.PUBLISHED, false));
        this.evaluator = new Evaluator(segmenter, variants, words.vocabulary().labelNames().size());
    }

    public static void main(String[] args) throws IOException {
        Vocabulary classes = Vocabulary.read(Path.of(args[2]), new Background.None());
        ResizeRule resize = new ResizeRule(2048, Integer.parseInt(args[4]));
        SegmentSettings settings = SegmentSettings.defaults().with(PurifySettings.released(0.1f, 0.8f))
            .withWindows(resize, Integer.parseInt(args[5]), Integer.parseInt(args[6]));
        List<Sample> once = DataSets.open(Path.of(args[1]), null, new DataSets.Options(null, classes.labelNames(), false, null)).samples();
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(args[3]); i++) {
            Sample sample = once.get(i % once.size());
            samples.add(new Sample(sample.id() + "_" + i / once.size(), sample.picture(), sample.truth()));
        }
        try (Segmenter segmenter = Segmenter.open(Path.of(args[0]), Device.choose("cpu"))) {
            System.out.println(segmenter.device());
            PromptTemplates template = PromptTemplates.single("a photo of a {}.");
            QuerySentences sentences = QuerySentences.of(classes, template, Descriptions.none(), TextSource.TEMPLATES, 0);
            WordFeatures words = segmenter.words(classes, sentences, TextCache.off(), Cleaning.PLAIN);
            EvaluationCost cost = new EvaluationCost(segmenter, words, settings, samples);
            cost.time();
            cost.memory();
        }
    }

    private void time() {
        int block = Math.min(BLOCK, samples.size());
        double[] seconds = new double[3];
        for (int round = 0; round <= MEASURED_BLOCKS; round++) {
            List<Sample> part = samples.subList(0, block);
            List<Picture> pictures = part.stream().map(sample -> Pictures.read(sample.picture())).toList();
            double encoded = processorSeconds(() -> pictures.forEach(picture -> segmenter.encode(picture, List.of(settings)).close()));
            double labelled = processorSeconds(() -> pictures.forEach(picture -> segmenter.segment(picture, words, settings)));
            double evaluated = processorSeconds(() -> evaluator.run(part, _ -> { }));
            System.out.printf("%d pictures%s: encoded in %.2f s of processor time, labelled in %.2f s, evaluated in %.2f s%n",
                block, round == 0 ? ", warm-up" : "", encoded, labelled, evaluated);
            if (round == 0) continue;
            seconds[0] += encoded;
            seconds[1] += labelled;
            seconds[2] += evaluated;
        }
        System.out.printf("evaluating takes %.1f %% more than labelling, %.1f %% more than encoding%n",
            100 * (seconds[2] / seconds[1] - 1), 100 * (seconds[2] / seconds[0] - 1));
    }

    /** Keeps what a run keeps of each picture. */
    private void memory() {
        Map<String, Journal.Line> kept = new LinkedHashMap<>();
        evaluator.run(samples, line -> {
            kept.put(line.id(), line);
            if (kept.size() % MEMORY_STEP != 0 && kept.size() != samples.size()) return;
            System.gc();
            double heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / MEGA;
            System.out.printf("%d pictures: %.0f MB of heap in use, %s resident%n", kept.size(), heap, resident());
        });
    }

    private static double processorSeconds(Runnable task) {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long start = system.getProcessCpuTime();
        task.run();
        return (system.getProcessCpuTime() - start) * 1e-9;
    }

    private static String resident() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream().filter(line -> line.startsWith("VmRSS")).findFirst()
                .map(line -> "%.0f MB".formatted(Long.parseLong(line.replaceAll("\\D", "")) / 1024.0)).orElse("unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }
}
