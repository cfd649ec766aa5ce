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
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.stream.Stream;

/** Makes the text matrices of a vocabulary, or takes them from the cache; then the text tower is not even loaded. */
final class TextEncoder {

    private static final System.Logger LOG = System.getLogger(TextEncoder.class.getName());

    /** Words that are encoded at a time: enough for full batches of sentences, few enough to see that it goes on. */
    private static final int PART = 16;

    /** Characters of a word in a warning. */
    private static final int SHOWN = 60;

    private final Ops ops;
    private final Clip clip;
    private final TextCache cache;
    private final Cleaning cleaning;
    private final IntConsumer encoded;
    private final Set<String> warned = new HashSet<>();

    /** @param encoded told after every part how many sentences it had */
    TextEncoder(Ops ops, Clip clip, TextCache cache, Cleaning cleaning, IntConsumer encoded) {
        this.ops = ops;
        this.clip = clip;
        this.cache = cache;
        this.cleaning = cleaning;
        this.encoded = encoded;
    }

    WordFeatures encode(Vocabulary vocabulary, QuerySentences sentences) {
        List<String> words = vocabulary.words();
        float[] queries = matrix(words, sentences.segmentation());
        float[] details = sentences.ambiguity().equals(sentences.segmentation()) ? queries : matrix(words, sentences.ambiguity());
        return new WordFeatures(vocabulary, clip.config().text().embedding(), queries, details);
    }

    /** How many sentences {@link #encode} would have to encode: those of matrices that the cache does not hold. */
    int sentencesToEncode(Vocabulary vocabulary, QuerySentences sentences) {
        return matrices(sentences).filter(matrix -> cached(vocabulary.words(), matrix).isEmpty()).mapToInt(matrix -> matrix.stream().mapToInt(List::size).sum()).sum();
    }

    /** The cache's files for a vocabulary, whether they are there or not; none if nothing is cached. */
    List<Path> files(Vocabulary vocabulary, QuerySentences sentences) {
        if (cache.isOff()) return List.of();
        return matrices(sentences).map(matrix -> cache.file(key(vocabulary.words(), matrix))).flatMap(Optional::stream).toList();
    }

    private static Stream<List<List<String>>> matrices(QuerySentences sentences) {
        return Stream.of(sentences.segmentation(), sentences.ambiguity()).distinct();
    }

    private String key(List<String> words, List<List<String>> sentences) {
        return TextCache.key(clip.sha256(), ops.precision(), cleaning, words, sentences);
    }

    /** Hashing the weights for the key costs a pass over the file, so a cache that is off is not asked. */
    private Optional<float[]> cached(List<String> words, List<List<String>> sentences) {
        if (cache.isOff()) return Optional.empty();
        return cache.load(key(words, sentences), words.size(), clip.config().text().embedding());
    }

    private float[] matrix(List<String> words, List<List<String>> sentences) {
        int embedding = clip.config().text().embedding();
        Optional<float[]> cached = cached(words, sentences);
        if (cached.isPresent()) return cached.get();
        Tokenizer tokenizer = clip.tokenizer(cleaning);
        float[] matrix = new float[words.size() * embedding];
        for (int from = 0; from < words.size(); from += PART) {
            List<List<String>> part = sentences.subList(from, Math.min(from + PART, words.size()));
            List<List<int[]>> groups = new ArrayList<>();
            for (int i = 0; i < part.size(); i++) groups.add(tokens(tokenizer, words.get(from + i), part.get(i)));
            try (Workspace workspace = ops.workspace()) {
                float[] rows = ops.download(clip.text().encodeGroups(workspace, groups));
                System.arraycopy(rows, 0, matrix, from * embedding, rows.length);
            }
            encoded.accept(part.stream().mapToInt(List::size).sum());
        }
        if (!cache.isOff()) cache.store(key(words, sentences), words.size(), embedding, matrix);
        return matrix;
    }

    /** Token ids of a word's sentences. A word that is too long is too long in all of them, so it is said once. */
    private List<int[]> tokens(Tokenizer tokenizer, String word, List<String> sentences) {
        List<Tokens> tokens = sentences.stream().map(tokenizer::tokenize).toList();
        long cut = tokens.stream().filter(Tokens::cut).count();
        if (cut > 0 && warned.add(word)) {
            String shown = word.length() > SHOWN ? word.substring(0, SHOWN - 3) + "..." : word;
            LOG.log(Level.WARNING, cut + " of " + sentences.size() + " sentences for '" + shown + "' were cut to " + clip.config().text().context()
                + " tokens, the most that this model reads");
        }
        return tokens.stream().map(Tokens::ids).toList();
    }
}
