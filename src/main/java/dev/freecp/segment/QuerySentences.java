package dev.freecp.segment;

import dev.freecp.clip.PromptTemplates;
import dev.freecp.error.UsageException;

import java.util.List;

/**
 * The sentences behind the two text matrices (specification, section 4), one list for each query word in the vocabulary's order. A word's row is
 * the normalised mean of its normalised sentences.
 *
 * @param segmentation of U, which patches are compared with
 * @param ambiguity    of V, which crops are compared with in ambiguity purification
 */
public record QuerySentences(List<List<String>> segmentation, List<List<String>> ambiguity) {

    /**
     * @param source what U is made of; V is always made of descriptions, and of templates where a word has none
     * @param limit  most descriptions a word, the first ones; 0 takes all, as released (the paper has 15: specification, section 12, row 6)
     */
    public static QuerySentences of(Vocabulary vocabulary, PromptTemplates templates, Descriptions descriptions, TextSource source, int limit) {
        if (limit < 0) {
            throw new UsageException("the number of descriptions a word must be 0 (all) or more, not " + limit);
        }
        List<List<String>> filled = vocabulary.words().stream().map(templates::fill).toList();
        List<List<String>> described = vocabulary.words().stream()
            .map(word -> descriptions.sentences(word).map(sentences -> first(sentences, limit)).orElseGet(() -> templates.fill(word))).toList();
        return new QuerySentences(source == TextSource.TEMPLATES ? filled : described, described);
    }

    private static List<String> first(List<String> sentences, int limit) {
        return limit == 0 || limit >= sentences.size() ? sentences : sentences.subList(0, limit);
    }
}
