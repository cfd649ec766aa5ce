package dev.freecp.segment;

import dev.freecp.clip.Cleaning;
import dev.freecp.clip.Clip;
import dev.freecp.clip.Tokenizer;
import dev.freecp.clip.Tokens;
import dev.freecp.ops.Ops;
import dev.freecp.ops.Workspace;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Makes the text matrices of a vocabulary, or takes them from the cache; then the text tower is not even loaded. */
final class TextEncoder {

    private static final System.Logger LOG = System.getLogger(TextEncoder.class.getName());

    private final Ops ops;
    private final Clip clip;
    private final TextCache cache;
    private final Cleaning cleaning;

    TextEncoder(Ops ops, Clip clip, TextCache cache, Cleaning cleaning) {
        this.ops = ops;
        this.clip = clip;
        this.cache = cache;
        this.cleaning = cleaning;
    }

    WordFeatures encode(Vocabulary vocabulary, QuerySentences sentences) {
        List<String> words = vocabulary.words();
        float[] queries = matrix(words, sentences.segmentation());
        float[] details = sentences.ambiguity().equals(sentences.segmentation()) ? queries : matrix(words, sentences.ambiguity());
        return new WordFeatures(vocabulary, clip.config().text().embedding(), queries, details);
    }

    /** How many sentences {@link #encode} would have to encode: those of matrices that the cache does not hold. */
    int sentencesToEncode(Vocabulary vocabulary, QuerySentences sentences) {
        int embedding = clip.config().text().embedding();
        return matrices(sentences).filter(matrix -> cache.load(key(vocabulary.words(), matrix), matrix.size(), embedding).isEmpty())
            .mapToInt(matrix -> matrix.stream().mapToInt(List::size).sum()).sum();
    }

    /** The cache's files for a vocabulary, whether they are there or not; none if nothing is cached. */
    List<Path> files(Vocabulary vocabulary, QuerySentences sentences) {
        return matrices(sentences).map(matrix -> cache.file(key(vocabulary.words(), matrix))).flatMap(Optional::stream).toList();
    }

    private static Stream<List<List<String>>> matrices(QuerySentences sentences) {
        return Stream.of(sentences.segmentation(), sentences.ambiguity()).distinct();
    }

    private String key(List<String> words, List<List<String>> sentences) {
        return TextCache.key(clip.sha256(), cleaning, words, sentences);
    }

    private float[] matrix(List<String> words, List<List<String>> sentences) {
        int embedding = clip.config().text().embedding();
        String key = key(words, sentences);
        Optional<float[]> cached = cache.load(key, words.size(), embedding);
        if (cached.isPresent()) return cached.get();
        Tokenizer tokenizer = clip.tokenizer(cleaning);
        List<List<int[]>> groups = new ArrayList<>();
        for (List<String> group : sentences) groups.add(group.stream().map(sentence -> ids(tokenizer, sentence)).toList());
        try (Workspace workspace = ops.workspace()) {
            float[] matrix = ops.download(clip.text().encodeGroups(workspace, groups));
            cache.store(key, words.size(), embedding, matrix);
            return matrix;
        }
    }

    private static int[] ids(Tokenizer tokenizer, String sentence) {
        Tokens tokens = tokenizer.tokenize(sentence);
        if (tokens.cut())
            LOG.log(Level.WARNING, "cut to {0} tokens, the most that this model reads: {1}", tokens.ids().length, sentence.length() > 80 ? sentence.substring(0, 77) + "..." : sentence);
        return tokens.ids();
    }
}
