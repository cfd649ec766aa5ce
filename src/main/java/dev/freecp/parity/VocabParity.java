package dev.freecp.parity;

import dev.freecp.clip.Cleaning;
import dev.freecp.clip.PromptTemplates;
import dev.freecp.clip.Tokenizer;
import dev.freecp.error.InputException;
import dev.freecp.ops.Workspace;
import dev.freecp.parity.Check.Mode;
import dev.freecp.segment.Background;
import dev.freecp.segment.Descriptions;
import dev.freecp.segment.QuerySentences;
import dev.freecp.segment.TextSource;
import dev.freecp.segment.Vocabulary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** {@code vocab/<model>.<vocabulary>}: from words and descriptions through tokenizer and text tower to the two text matrices. */
final class VocabParity {

    private final GoldenFolder folder;

    VocabParity(GoldenFolder folder) {
        this.folder = folder;
    }

    /** @throws InputException if the class list or the model is missing or broken */
    void check(String name, Checks checks) {
        String model = folder.modelNames().stream().filter(candidate -> name.startsWith(candidate + ".")).max(Comparator.comparingInt(String::length))
            .orElseThrow(() -> new InputException(name + ": its name must begin with that of a folder under models"));
        String list = name.substring(model.length() + 1);
        Vocabulary vocabulary = read(folder.file("vocab", list + ".txt"));
        Path described = folder.file("vocab", list + ".descriptions.json");
        Descriptions descriptions = Files.exists(described) ? Descriptions.read(described) : Descriptions.none();
        try (GoldenTensors gold = GoldenTensors.open(folder.file("vocab", name + ".safetensors"))) {
            if (gold.has("query_idx")) checks.equal(Stage.QUERY_IDX, "query_idx", Mode.CHAIN, gold.ints("query_idx"), lines(vocabulary));
            QuerySentences sentences = QuerySentences.of(vocabulary, PromptTemplates.clip80(), descriptions, TextSource.TEMPLATES, 0);
            Model clip = folder.model(model);
            if (gold.has("query_features"))
                checks.near(Stage.QUERY_FEATURES, "query_features", Mode.CHAIN, gold.floats("query_features"), encode(clip, sentences.segmentation()));
            if (!gold.has("query_features_llm")) return;
            if (Files.exists(described))
                checks.near(Stage.QUERY_FEATURES_LLM, "query_features_llm", Mode.CHAIN, gold.floats("query_features_llm"), encode(clip, sentences.ambiguity()));
            else checks.fail(Stage.QUERY_FEATURES_LLM, "query_features_llm", Mode.CHAIN, described.getFileName() + " is missing: there are no sentences to encode");
        }
    }

    /** Word features (Q, E) of the sentences of each word. */
    private static float[] encode(Model model, List<List<String>> sentences) {
        Tokenizer tokenizer = model.clip().tokenizer(Cleaning.FTFY);
        List<List<int[]>> ids = sentences.stream().map(ofWord -> ofWord.stream().map(tokenizer::encode).toList()).toList();
        try (Workspace workspace = model.ops().workspace()) {
            return model.ops().download(model.clip().text().encodeGroups(workspace, ids));
        }
    }

    /** Words are the same with and without a background; but only background words may come again as classes. */
    private static Vocabulary read(Path file) {
        try {
            return Vocabulary.read(file, new Background.None());
        } catch (InputException refused) {
            return Vocabulary.read(file, new Background.First());
        }
    }

    /** For each word the line it stands in. */
    private static int[] lines(Vocabulary vocabulary) {
        int background = vocabulary.backgroundWords();
        return IntStream.range(0, vocabulary.words().size()).map(word -> word < background ? 0 : vocabulary.classOfWord(word - background) + (background > 0 ? 1 : 0))
            .toArray();
    }
}
