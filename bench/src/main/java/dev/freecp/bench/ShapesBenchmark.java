package dev.freecp.bench;

import dev.freecp.clip.Cleaning;
import dev.freecp.clip.Clip;
import dev.freecp.clip.PromptTemplates;
import dev.freecp.clip.Tokenizer;
import dev.freecp.image.Picture;
import dev.freecp.image.Pictures;
import dev.freecp.image.Resize;
import dev.freecp.image.ResizeRule;
import dev.freecp.ops.Workspace;
import dev.freecp.purify.PurifySettings;
import dev.freecp.segment.Background;
import dev.freecp.segment.Descriptions;
import dev.freecp.segment.Device;
import dev.freecp.segment.QuerySentences;
import dev.freecp.segment.Segmentation;
import dev.freecp.segment.SegmentSettings;
import dev.freecp.segment.Segmenter;
import dev.freecp.segment.TextCache;
import dev.freecp.segment.TextSource;
import dev.freecp.segment.Vocabulary;
import dev.freecp.segment.WordFeatures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** The shapes model with real words and pictures, and what pictures and words go through before a tower sees them. */
public class ShapesBenchmark extends OpsBenchmark {

    /** The folder {@code test-data/shapes}. */
    @Param("test-data/shapes")
    public String shapes;

    private Clip clip;
    private Segmenter segmenter;
    private Tokenizer tokenizer;
    private Path file;
    private Picture picture;
    private Picture large;
    private List<String> sentences;
    private List<int[]> tokens;
    private WordFeatures words;
    private SegmentSettings settings;

    @Override
    void prepare() throws IOException {
        Path root = Path.of(shapes), model = root.resolve("model");
        clip = Clip.open(model, ops);
        segmenter = Segmenter.open(model, Device.open(new Device.Request(device, threads, null, null)).ops());
        tokenizer = clip.tokenizer(Cleaning.PLAIN);
        try (Stream<Path> all = Files.walk(root.resolve("dataset"))) {
            file = all.filter(path -> path.toString().matches(".*\\.(png|jpg)") && !path.toString().contains("Class")).sorted().findFirst().orElseThrow();
        }
        picture = Pictures.read(file);
        large = Resize.resize(picture, 375, 500);
        Vocabulary vocabulary = Vocabulary.read(root.resolve("classes_single.txt"), new Background.None());
        sentences = vocabulary.words().stream().flatMap(word -> PromptTemplates.clip80().fill(word).stream()).toList();
        tokens = sentences.stream().map(sentence -> tokenizer.tokenize(sentence).ids()).toList();
        QuerySentences queries = QuerySentences.of(vocabulary, PromptTemplates.single("a photo of a {}."), Descriptions.none(), TextSource.TEMPLATES, 0);
        words = segmenter.words(vocabulary, queries, TextCache.off(), Cleaning.PLAIN);
        settings = SegmentSettings.defaults().with(PurifySettings.released(0.1f, 0.8f)).withWindows(new ResizeRule(2048, 160), 112, 56);
    }

    @Override
    void release() {
        segmenter.close();
        clip.close();
    }

    /** All words in 80 templates. */
    @Benchmark
    public int tokenize() {
        int all = 0;
        for (String sentence : sentences) all += tokenizer.tokenize(sentence).ids().length;
        return all;
    }

    @Benchmark
    public float[] encodeText() {
        try (Workspace scratch = workspace.scope()) {
            return ops.download(clip.text().encode(scratch, tokens));
        }
    }

    @Benchmark
    public Picture decode() {
        return Pictures.read(file);
    }

    /** 500 x 375 to 597 x 448. */
    @Benchmark
    public Picture resize() {
        return Resize.resize(large, 448, 597);
    }

    /** From decoded bytes to labels. */
    @Benchmark
    public Segmentation segment() {
        return segmenter.segment(picture, words, settings);
    }
}
