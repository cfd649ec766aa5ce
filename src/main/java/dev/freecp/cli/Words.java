package dev.freecp.cli;

import dev.freecp.clip.Cleaning;
import dev.freecp.segment.Background;
import dev.freecp.segment.QuerySentences;
import dev.freecp.segment.Segmenter;
import dev.freecp.segment.TextCache;
import dev.freecp.segment.TextSource;
import dev.freecp.segment.Vocabulary;
import dev.freecp.segment.WordFeatures;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What is looked for, read from files and ready to be encoded.
 *
 * @param source   what patches are compared with
 * @param cleaning before tokens are made
 */
record Words(Vocabulary vocabulary, QuerySentences sentences, TextSource source, TextCache cache, Cleaning cleaning) {

    /** How many sentences {@link #features} will encode. */
    int sentencesToEncode(Segmenter segmenter) {
        return segmenter.sentencesToEncode(vocabulary, sentences, cache, cleaning);
    }

    /** Text features, from the cache or by the text tower, whose progress is shown. */
    WordFeatures features(Segmenter segmenter, Console console, boolean quiet) {
        int missing = sentencesToEncode(segmenter);
        if (!quiet) console.note(StartMessage.line("text", missing == 0 ? "features from the cache" : String.format(Locale.ROOT, "encoding %,d sentences", missing)));
        long start = System.nanoTime();
        WordFeatures features;
        try (Progress progress = Progress.of(console, quiet, "sentences", missing)) {
            features = segmenter.words(vocabulary, sentences, cache, cleaning, progress::step);
        }
        if (!quiet && missing > 0) console.note(StartMessage.line("", String.format(Locale.ROOT, "done in %.1f s", (System.nanoTime() - start) * 1e-9)));
        return features;
    }

    /** The cache's files for these words. */
    List<Path> files(Segmenter segmenter) {
        return segmenter.textFiles(vocabulary, sentences, cache, cleaning);
    }

    /** The different sentences of both matrices. */
    int sentenceCount() {
        Set<String> all = new HashSet<>();
        for (List<List<String>> matrix : List.of(sentences.segmentation(), sentences.ambiguity())) matrix.forEach(all::addAll);
        return all.size();
    }

    /** How the words became numbers, for the report. */
    Map<String, Object> report() {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("source", Converters.text(source));
        report.put("cleaning", Converters.text(cleaning));
        report.put("background", background());
        report.put("sentences", sentenceCount());
        return report;
    }

    /** The same with all words, and a digest of their sentences: what decides the features of a model. */
    Map<String, Object> identity() {
        Map<String, Object> identity = report();
        identity.put("words", vocabulary.words());
        identity.put("sentences_sha256", digest());
        return identity;
    }

    private String digest() {
        try {
            byte[] text = List.of(sentences.segmentation(), sentences.ambiguity()).toString().getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** The background's rule as {@code --background} has it. */
    String background() {
        return switch (vocabulary.background()) {
            case Background.None _ -> "none";
            case Background.First _ -> "first";
            case Background.Words words -> String.join(", ", words.words());
            case Background.Threshold threshold -> "threshold:" + threshold.score();
        };
    }
}
