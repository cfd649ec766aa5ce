package dev.freecp.serve;

import dev.freecp.clip.Cleaning;
import dev.freecp.segment.QuerySentences;
import dev.freecp.segment.Segmenter;
import dev.freecp.segment.Vocabulary;
import dev.freecp.segment.WordFeatures;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Text features of the words that were asked for last, so that one more class costs the text tower one class. A word's features depend on its own sentences
 * alone, to the bit.
 */
final class WordStore {

    private final Segmenter segmenter;
    private final int limit;
    private final Map<Word, Rows> recent = new LinkedHashMap<>(16, 0.75f, true);
    private long encoded;

    /** Everything that decides the features of a word. */
    private record Word(String word, List<String> segmentation, List<String> ambiguity, Cleaning cleaning) {
    }

    /** A word's rows of the two text matrices. */
    private record Rows(float[] query, float[] detail) {
    }

    /** @param limit how many words are kept beyond those of the last list */
    WordStore(Segmenter segmenter, int limit) {
        this.segmenter = segmenter;
        this.limit = limit;
    }

    /** Features of an order's words. One list is made at a time: whoever else wants its words then finds them here. */
    synchronized WordFeatures features(Order order) {
        Vocabulary vocabulary = order.vocabulary();
        List<Word> words = words(vocabulary, order.sentences(), order.cleaning());
        Set<Word> missing = new LinkedHashSet<>(words);
        missing.removeAll(recent.keySet());
        if (!missing.isEmpty()) {
            boolean whole = !order.cache().isOff() || differOnlyInCase(missing);
            if (whole) keep(words, segmenter.words(vocabulary, order.sentences(), order.cache(), order.cleaning()));
            else encode(List.copyOf(missing), order);
            encoded += missing.size();
        }
        int embedding = segmenter.clip().config().vision().embedding();
        float[] queries = new float[words.size() * embedding], details = new float[words.size() * embedding];
        for (int i = 0; i < words.size(); i++) {
            Rows rows = recent.get(words.get(i));
            System.arraycopy(rows.query, 0, queries, i * embedding, embedding);
            System.arraycopy(rows.detail, 0, details, i * embedding, embedding);
        }
        while (recent.size() > Math.max(limit, words.size())) recent.remove(recent.keySet().iterator().next());
        return new WordFeatures(vocabulary, embedding, queries, details);
    }

    private static List<Word> words(Vocabulary vocabulary, QuerySentences sentences, Cleaning cleaning) {
        List<String> words = vocabulary.words();
        Word[] all = new Word[words.size()];
        Arrays.setAll(all, i -> new Word(words.get(i), sentences.segmentation().get(i), sentences.ambiguity().get(i), cleaning));
        return List.of(all);
    }

    /** Such words are the background's and a class's, and no list of classes. */
    private static boolean differOnlyInCase(Set<Word> words) {
        return words.stream().map(word -> word.word.toLowerCase(Locale.ROOT)).collect(Collectors.toSet()).size() < words.size();
    }

    private void encode(List<Word> words, Order order) {
        Vocabulary vocabulary = Vocabulary.dataset(words.stream().map(Word::word).toList(), false);
        QuerySentences sentences = new QuerySentences(words.stream().map(Word::segmentation).toList(), words.stream().map(Word::ambiguity).toList());
        keep(words, segmenter.words(vocabulary, sentences, order.cache(), order.cleaning()));
    }

    private void keep(List<Word> words, WordFeatures features) {
        int e = features.embedding();
        for (int i = 0; i < words.size(); i++)
            recent.put(words.get(i), new Rows(Arrays.copyOfRange(features.queries(), i * e, (i + 1) * e),
                Arrays.copyOfRange(features.details(), i * e, (i + 1) * e)));
    }

    synchronized int kept() {
        return recent.size();
    }

    /** How many words were encoded, or read from the cache on disk. */
    synchronized long encoded() {
        return encoded;
    }
}
