package dev.freecp.bench.study;

import dev.freecp.clip.Cleaning;
import dev.freecp.clip.PromptTemplates;
import dev.freecp.clip.ReadOut;
import dev.freecp.clip.ReadOutSettings;
import dev.freecp.error.UsageException;
import dev.freecp.image.LabelMap;
import dev.freecp.image.LabelPng;
import dev.freecp.image.Picture;
import dev.freecp.image.PicturePng;
import dev.freecp.image.Pictures;
import dev.freecp.image.ResizeRule;
import dev.freecp.purify.PurifySettings;
import dev.freecp.segment.Background;
import dev.freecp.segment.Descriptions;
import dev.freecp.segment.QuerySentences;
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

/**
 * Makes the figures of {@code docs/study} from a run of the shapes model on one of its scenes:
 * <pre>{@code
 * java --add-modules=jdk.incubator.vector --enable-native-access=ALL-UNNAMED -cp bench/target/benchmarks.jar \
 *     dev.freecp.bench.study.Figures OUT [FIGURE...]
 * }</pre>
 */
public final class Figures {

    /** In the order of the story. */
    static final List<Study> ALL = List.of(new WindowGrid(), new BlockComponents(), new AttentionEntropy(), new ReadOuts(), new FeatureClusters(),
        new TokenAffinity(), new RefinementSteps(), new RedundancyScores(), new AmbiguityCrops(), new StepsToLabels());

    /** A scene with two words that claim the same place, and the window where they do. */
    private static final String SCENE = "scene_0041";
    private static final int WINDOW = 3;

    /** Of the authors' program on these scenes ({@code test-data/shapes/README.md}). */
    private static final SegmentSettings SETTINGS = new SegmentSettings(ReadOutSettings.released(ReadOut.SCLIP), PurifySettings.released(0.1f, 0.8f),
        new ResizeRule(2048, 160), 112, 56);

    private Figures() {
    }

    public static void main(String[] args) throws IOException {
        if (args.length == 0) throw new UsageException("wanted: OUT [FIGURE...], figures being " + names());
        Path out = Files.createDirectories(Path.of(args[0]));
        List<String> chosen = args.length == 1 ? names() : List.of(args).subList(1, args.length);
        for (String name : chosen) if (!names().contains(name)) throw new UsageException(name + ": figures are " + names());
        Path shapes = Path.of(System.getProperty("freecp.testdata", "test-data")).resolve("shapes");
        try (Subject subject = shapes(shapes, PromptTemplates.clip80())) {
            for (Study study : ALL) {
                if (!chosen.contains(study.name())) continue;
                Path file = out.resolve(study.name() + ".png");
                PicturePng.write(file, study.draw(subject));
                System.out.printf("%s: %,d bytes%n", file, Files.size(file));
            }
        }
    }

    static List<String> names() {
        return ALL.stream().map(Study::name).toList();
    }

    /** The scene, its truth and its twenty words. */
    static Subject shapes(Path shapes, PromptTemplates templates) {
        LabelMap truth = LabelPng.read(shapes.resolve("dataset/SegmentationClass").resolve(SCENE + ".png"));
        Picture labels = Panels.of(truth.height(), truth.width(), (y, x) -> truth.labels()[y * truth.width() + x]);
        return Subject.open(shapes.resolve("model"), Pictures.read(shapes.resolve("dataset/JPEGImages").resolve(SCENE + ".jpg")), labels,
            segmenter -> words(segmenter, shapes, templates), SETTINGS, WINDOW);
    }

    private static WordFeatures words(Segmenter segmenter, Path shapes, PromptTemplates templates) {
        Vocabulary vocabulary = Vocabulary.read(shapes.resolve("classes_single.txt"), Background.parse("none"));
        Descriptions descriptions = Descriptions.read(shapes.resolve("descriptions.json"));
        QuerySentences sentences = QuerySentences.of(vocabulary, templates, descriptions, TextSource.TEMPLATES, 0);
        return segmenter.words(vocabulary, sentences, TextCache.off(), Cleaning.PLAIN);
    }
}
