package dev.freecp.evaluate;

import dev.freecp.clip.Utf8Lines;
import dev.freecp.error.UsageException;
import dev.freecp.segment.Vocabulary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;

/**
 * Words that are in no picture of a data set, to be added to its classes: how much of the pictures do they take?
 *
 * @param words in the order in which they are added, so that more of them hold fewer of them
 */
public record AbsentWords(List<String> words) {

    private static final long SEED = 20250801;

    /** Common nouns that come with the program, in a random order that is always the same. */
    public static AbsentWords builtIn(Vocabulary vocabulary) {
        List<String> nouns = new ArrayList<>(Utf8Lines.resource(AbsentWords.class, "/dev/freecp/words/distractors.txt"));
        Collections.shuffle(nouns, new Random(SEED));
        return without(vocabulary, nouns);
    }

    /** Near-synonyms of the classes themselves: the hardest words, and none of them counts as right. */
    public static AbsentWords synonyms(Vocabulary vocabulary, Synonyms synonyms) {
        List<String> names = new ArrayList<>(synonyms.all(vocabulary));
        Collections.shuffle(names, new Random(SEED));
        return without(vocabulary, names);
    }

    /** One word a line, in the file's order. */
    public static AbsentWords read(Path file, Vocabulary vocabulary) {
        return without(vocabulary, Utf8Lines.read(file));
    }

    /** A word that the vocabulary has, under whatever spelling, is not absent. */
    private static AbsentWords without(Vocabulary vocabulary, List<String> words) {
        Set<String> known = new HashSet<>();
        vocabulary.words().forEach(word -> known.add(plain(word)));
        return new AbsentWords(words.stream().map(String::strip).filter(word -> !word.isEmpty() && known.add(plain(word))).toList());
    }

    /** The first {@code count}. */
    public List<String> first(int count) {
        if (count > words.size())
            throw new UsageException(
                count + " absent words are asked for and there are " + words.size() + "; ask for fewer, or give a longer list as a file");
        return words.subList(0, count);
    }

    static String plain(String word) {
        return word.toLowerCase(Locale.ROOT).replaceAll("[\\s-]", "");
    }
}
