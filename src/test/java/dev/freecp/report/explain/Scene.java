package dev.freecp.report.explain;

import dev.freecp.clip.Cleaning;
import dev.freecp.clip.PromptTemplates;
import dev.freecp.image.Picture;
import dev.freecp.image.Pictures;
import dev.freecp.image.ResizeRule;
import dev.freecp.purify.PurifySettings;
import dev.freecp.report.RunFacts;
import dev.freecp.segment.Background;
import dev.freecp.segment.Descriptions;
import dev.freecp.segment.QuerySentences;
import dev.freecp.segment.SegmentSettings;
import dev.freecp.segment.Segmenter;
import dev.freecp.segment.TextCache;
import dev.freecp.segment.TextSource;
import dev.freecp.segment.Vocabulary;
import dev.freecp.segment.WordFeatures;
import java.nio.file.Path;
import java.util.Map;

/** Scenes of the shapes model, explained with few words of one sentence each. */
final class Scene {

    static final Path MODEL = Path.of(System.getProperty("freecp.testdata"), "shapes/model");
    static final String CLASSES = "circle; square; heart; diamond; fish; water; sky; wood";
    static final SegmentSettings SETTINGS = SegmentSettings.defaults().withWindows(new ResizeRule(2048, 160), 112, 56).with(PurifySettings.released(0.1f, 0.3f));

    private Scene() {
    }

    static Picture picture(int number) {
        return Pictures.read(Path.of(System.getProperty("freecp.testdata"), "shapes/dataset/JPEGImages/scene_%04d.jpg".formatted(number)));
    }

    static WordFeatures words(Segmenter segmenter, String classes, Background background) {
        return words(segmenter, Vocabulary.parse(classes, background));
    }

    static WordFeatures words(Segmenter segmenter, Vocabulary vocabulary) {
        QuerySentences sentences = QuerySentences.of(vocabulary, PromptTemplates.single("a photo of a {}."), Descriptions.none(), TextSource.TEMPLATES, 0);
        return segmenter.words(vocabulary, sentences, TextCache.off(), Cleaning.PLAIN);
    }

    static Explanation explain(Segmenter segmenter, SegmentSettings settings, Picture picture, WordFeatures words) {
        RunFacts run = new RunFacts("test", segmenter.clip(), segmenter.device(), "released", settings, Map.of("source", "templates"));
        return Explainer.explain(segmenter, run, picture, words);
    }
}
