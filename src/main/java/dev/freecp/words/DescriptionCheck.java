package dev.freecp.words;

import dev.freecp.clip.Tokenizer;
import dev.freecp.segment.Descriptions;
import dev.freecp.words.Finding.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads descriptions as an editor would, as far as a program can: coverage, counts, lengths, characters, openings, wording, repetitions.
 *
 * @param count         sentences a word, 0 for any number
 * @param fewestWords   of a sentence
 * @param mostWords     of a sentence
 * @param mostChars     of a sentence
 * @param nearDuplicate two sentences whose sets of words overlap by more than this (intersection over union) are nearly the same
 */
public record DescriptionCheck(int count, int fewestWords, int mostWords, int mostChars, double nearDuplicate) {

    /** The rules of the sentences that come with the program. */
    public static final DescriptionCheck STANDARD = new DescriptionCheck(15, 6, 40, 240, 0.8);

    private static final Pattern OPINION = Pattern.compile(
        "\\b(as an? (ai|(large )?language model)|i (am|can|cannot|think)|beautiful|stunning|iconic|amazing|lovely|gorgeous|delicious|popular|famous)\\b", Pattern.CASE_INSENSITIVE);
    private static final Pattern BAD_CHARACTERS = Pattern.compile("[^ -~]|  |^ | $");
    private static final int OPENING_WORDS = 3;

    /**
     * What was found.
     *
     * @param words     described words
     * @param sentences all their sentences
     * @param findings  faults in the order of the file, repetitions last
     * @param nearPairs pairs of sentences that are nearly the same
     */
    public record Report(int words, int sentences, List<Finding> findings, int nearPairs) {

        /** Near-duplicate pairs for each sentence. */
        public double nearRate() {
            return sentences == 0 ? 0 : (double) nearPairs / sentences;
        }
    }

    /**
     * Checks a file.
     *
     * @param vocabulary words that must be there, in which others are unused; null to take the file as it is
     * @param tokenizer  whose context a sentence must fit into, or null
     */
    public Report check(Descriptions descriptions, List<String> vocabulary, Tokenizer tokenizer) {
        List<Finding> findings = new ArrayList<>();
        Map<String, List<String>> all = descriptions.all();
        if (vocabulary != null) {
            Set<String> wanted = new HashSet<>(vocabulary);
            for (String word : wanted.stream().sorted().toList()) if (!all.containsKey(word)) findings.add(new Finding(Kind.COVERAGE, word, 0, "has no sentences"));
            for (String word : all.keySet()) if (!wanted.contains(word)) findings.add(new Finding(Kind.UNUSED, word, 0, "is not in the vocabulary"));
        }
        all.forEach((word, sentences) -> word(word, sentences, tokenizer, findings));
        int pairs = Repetitions.find(all, nearDuplicate, findings);
        return new Report(all.size(), all.values().stream().mapToInt(List::size).sum(), List.copyOf(findings), pairs);
    }

    private void word(String word, List<String> sentences, Tokenizer tokenizer, List<Finding> findings) {
        if (count > 0 && sentences.size() != count) findings.add(new Finding(Kind.COUNT, word, 0, "has " + sentences.size() + " sentences, wanted " + count));
        Map<String, Integer> openings = new HashMap<>();
        for (int i = 0; i < sentences.size(); i++) {
            String sentence = sentences.get(i);
            sentence(word, i + 1, sentence, tokenizer, findings);
            List<String> words = Repetitions.words(sentence);
            Integer earlier = openings.putIfAbsent(String.join(" ", words.subList(0, Math.min(OPENING_WORDS, words.size()))), i + 1);
            if (earlier != null) findings.add(new Finding(Kind.OPENING, word, i + 1, "begins like sentence " + earlier));
        }
    }

    private void sentence(String word, int number, String sentence, Tokenizer tokenizer, List<Finding> findings) {
        int words = sentence.strip().split("\\s+").length;
        if (words < fewestWords || words > mostWords) findings.add(new Finding(Kind.LENGTH, word, number, words + " words, wanted " + fewestWords + " to " + mostWords));
        if (sentence.length() > mostChars) findings.add(new Finding(Kind.LENGTH, word, number, sentence.length() + " characters, wanted at most " + mostChars));
        if (tokenizer != null && tokenizer.tokenize(sentence).cut())
            findings.add(new Finding(Kind.LENGTH, word, number, "more than the model's " + tokenizer.contextLength() + " tokens"));
        if (BAD_CHARACTERS.matcher(sentence).find()) findings.add(new Finding(Kind.CHARACTERS, word, number, "other than ASCII words with single spaces: " + sentence));
        if (!sentence.endsWith(".")) findings.add(new Finding(Kind.STOP, word, number, "does not end with a full stop"));
        var opinion = OPINION.matcher(sentence);
        if (opinion.find()) findings.add(new Finding(Kind.WORDING, word, number, "says '" + opinion.group().toLowerCase(Locale.ROOT) + "'"));
    }
}
