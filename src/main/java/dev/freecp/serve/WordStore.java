package dev.freecp.serve;

import dev.freecp.clip.Cleaning;
import dev.freecp.segment.Background;
import dev.freecp.segment.QuerySentences;
import dev.freecp.segment.Segmenter;
import dev.freecp.segment.WordFeatures;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Text features of the word lists that were asked for last. */
final class WordStore {

    private final Segmenter segmenter;
    private final int limit;
    private final Map<Key, WordFeatures> recent = new LinkedHashMap<>(16, 0.75f, true);
    private long made;

    /** Everything that decides the features and what they stand for. */
    private record Key(List<String> words, List<String> classes, Background background, QuerySentences sentences, Cleaning cleaning) {
    }

    WordStore(Segmenter segmenter, int limit) {
        this.segmenter = segmenter;
        this.limit = limit;
    }

    /** Features of an order's words. One list is made at a time: whoever else wants it then finds it here. */
    synchronized WordFeatures features(Order order) {
        Key key = new Key(order.vocabulary().words(), order.vocabulary().classes(), order.vocabulary().background(), order.sentences(), order.cleaning());
        WordFeatures known = recent.get(key);
        if (known != null) return known;
        WordFeatures features = segmenter.words(order.vocabulary(), order.sentences(), order.cache(), order.cleaning());
        made++;
        recent.put(key, features);
        if (recent.size() > limit) recent.remove(recent.keySet().iterator().next());
        return features;
    }

    synchronized int kept() {
        return recent.size();
    }

    /** How often features were made. */
    synchronized long made() {
        return made;
    }
}
