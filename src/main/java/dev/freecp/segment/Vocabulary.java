package dev.freecp.segment;

import dev.freecp.error.InputException;
import dev.freecp.error.UsageException;
import dev.freecp.ops.LabelRule;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a picture is searched for: Q query words, of which the first B are background words that only compete in the softmax and the others name
 * C classes (specification, sections 4 and 9.1). A class may have several words; each is purified by itself and the class's map is their maximum.
 * Immutable.
 */
public final class Vocabulary {

    /** Stands between the words of a class; a comma alone is part of a word. */
    static final String WORD_SEPARATOR = ", ";

    private static final String BACKGROUND_NAME = "background";

    private final Background background;
    private final List<String> words;
    private final List<String> classes;
    private final int[] classOfWord;

    private Vocabulary(Background background, List<String> backgroundWords, List<List<String>> classes) {
        List<String> all = new ArrayList<>(backgroundWords);
        classes.forEach(all::addAll);
        this.background = background;
        this.words = List.copyOf(all);
        this.classes = classes.stream().map(List::getFirst).toList();
        this.classOfWord = new int[all.size() - backgroundWords.size()];
        int word = 0;
        for (int c = 0; c < classes.size(); c++) {
            for (int i = 0; i < classes.get(c).size(); i++) {
                classOfWord[word++] = c;
            }
        }
    }

    /**
     * The file of a data set: one class a line, one word a class. With a background, line 0 is it and may have several words: B = Q - K + 1.
     *
     * @throws UsageException if another line has several words, or as for {@link #parse}
     */
    public static Vocabulary dataset(List<String> lines, boolean withBackground) {
        ClassList list = ClassList.ofLines(lines);
        List<List<String>> words = list.words();
        for (int i = withBackground ? 1 : 0; i < words.size(); i++) {
            if (words.get(i).size() > 1) {
                throw list.refusal(list.place(i) + " has several words; in a data set only the background, the first line, may");
            }
        }
        return build(list, withBackground ? new Background.First() : new Background.None());
    }

    /**
     * The value of {@code --classes}: a file as for {@link #read}, or a list as for {@link #parse}. Text without a semicolon that is the name of a
     * file, or looks like one (ends in .txt), is a file.
     */
    public static Vocabulary of(String fileOrList, Background background) {
        String text = fileOrList.strip();
        if (text.indexOf(';') < 0) {
            try {
                Path file = Path.of(text);
                if (text.endsWith(".txt") || Files.isRegularFile(file)) {
                    return read(file, background);
                }
            } catch (InvalidPathException e) {
                return parse(text, background);
            }
        }
        return parse(text, background);
    }

    /**
     * Classes separated by semicolons, the words of a class by a comma and a space: {@code "cat, kitten; dog"}.
     *
     * @throws UsageException if there is no class, a class or word is empty, a word comes twice, or there are only background words
     */
    public static Vocabulary parse(String list, Background background) {
        return build(ClassList.ofOption(list), background);
    }

    /**
     * Classes from a UTF-8 file, one a line, the words of a class separated by a comma and a space.
     *
     * @throws InputException if the file cannot be read or is wrong in the ways that {@link #parse} refuses
     */
    public static Vocabulary read(Path file, Background background) {
        return build(ClassList.ofFile(file), background);
    }

    private static Vocabulary build(ClassList list, Background background) {
        List<List<String>> entries = list.words();
        boolean first = background instanceof Background.First;
        List<String> backgroundWords = switch (background) {
            case Background.First _ -> entries.getFirst();
            case Background.Words named -> named.words();
            case Background.None _, Background.Threshold _ -> List.of();
        };
        List<List<String>> classes = first ? entries.subList(1, entries.size()) : entries;
        if (classes.isEmpty()) {
            throw list.refusal("the class list has only background words; add a class to look for");
        }
        Map<String, String> placeOf = new HashMap<>();
        backgroundWords.forEach(word -> {
            list.requireWord(word, "the background");
            add(placeOf, word, "the background", list);
        });
        if (first) {
            placeOf.clear();    // the data sets' files name some classes among the background words too
        }
        for (int i = first ? 1 : 0; i < entries.size(); i++) {
            for (String word : entries.get(i)) {
                add(placeOf, word, list.place(i), list);
            }
        }
        Vocabulary vocabulary = new Vocabulary(background, backgroundWords, classes);
        if (vocabulary.hasBackground() && vocabulary.classes.stream().anyMatch(BACKGROUND_NAME::equalsIgnoreCase)) {
            throw list.refusal("a class is named background beside the background itself; rename it, or put it first and choose background first");
        }
        return vocabulary;
    }

    /**
     * The same background with fewer classes.
     *
     * @param chosen classes to keep, numbered from 0 without the background, increasing
     * @throws UsageException if none is chosen
     */
    public Vocabulary only(int... chosen) {
        if (chosen.length == 0) throw new UsageException("a vocabulary needs at least one class");
        List<List<String>> all = new ArrayList<>();
        for (int c : chosen) all.add(wordsOfClass(c));
        return new Vocabulary(background, words.subList(0, backgroundWords()), all);
    }

    /**
     * The same background and classes, then one more class for each of these words.
     *
     * @throws UsageException as for {@link #parse}
     */
    public Vocabulary plus(List<String> more) {
        List<List<String>> all = wordsOfClasses();
        more.forEach(word -> all.add(List.of(word)));
        return checked(all);
    }

    /**
     * The same background and as many classes, whose words are changed.
     *
     * @throws UsageException as for {@link #parse}
     */
    public Vocabulary withNames(UnaryOperator<String> name) {
        List<List<String>> all = wordsOfClasses();
        all.replaceAll(ofClass -> ofClass.stream().map(name).toList());
        return checked(all);
    }

    private Vocabulary checked(List<List<String>> all) {
        ClassList list = ClassList.ofLines(all.stream().map(ofClass -> String.join(WORD_SEPARATOR, ofClass)).toList());
        build(list, background instanceof Background.First ? new Background.None() : background);
        return new Vocabulary(background, words.subList(0, backgroundWords()), all);
    }

    private List<List<String>> wordsOfClasses() {
        return IntStream.range(0, classes.size()).mapToObj(this::wordsOfClass).collect(Collectors.toCollection(ArrayList::new));
    }

    /** The words of a class, at least one. */
    public List<String> wordsOfClass(int c) {
        return IntStream.range(0, classOfWord.length).filter(word -> classOfWord[word] == c).mapToObj(word -> words.get(backgroundWords() + word)).toList();
    }

    /** The tokenizer folds case and spaces, so words that differ in nothing else are the same query. */
    private static void add(Map<String, String> placeOf, String word, String place, ClassList list) {
        String earlier = placeOf.put(word.toLowerCase(Locale.ROOT).replaceAll("\\s+", " "), place);
        if (earlier != null) {
            throw list.refusal("the word '" + word + "' of " + place + " has come before in " + earlier + "; keep one of them");
        }
    }

    /** All Q query words in reading order, the background's first. */
    public List<String> words() {
        return words;
    }

    /** B, the number of words that only compete. */
    public int backgroundWords() {
        return words.size() - classOfWord.length;
    }

    /** Q - B, the number of words that name a class; as many maps leave a window. */
    public int foregroundWords() {
        return classOfWord.length;
    }

    /** The C classes by the first word of each, without the background. */
    public List<String> classes() {
        return classes;
    }

    /** Class, from 0, of a foreground word; words are counted from 0 behind the background's. */
    public int classOfWord(int foregroundWord) {
        return classOfWord[foregroundWord];
    }

    /** What label 0 stands for. */
    public Background background() {
        return background;
    }

    /** Whether label 0 is the background, so that classes begin at label 1. */
    public boolean hasBackground() {
        return !(background instanceof Background.None);
    }

    /** A name for every label: "background" first if there is one, then the classes. */
    public List<String> labelNames() {
        List<String> names = new ArrayList<>(classes);
        if (hasBackground()) {
            names.addFirst(BACKGROUND_NAME);
        }
        return List.copyOf(names);
    }

    /** How scores become labels. */
    public LabelRule labelRule() {
        return switch (background) {
            case Background.None _ -> rule(LabelRule.Background.NONE, 0);
            case Background.First _, Background.Words _ -> rule(LabelRule.Background.ONE_MINUS_MAX, 0);
            case Background.Threshold at -> rule(LabelRule.Background.THRESHOLD, at.score());
        };
    }

    /**
     * How scores become labels where background words have maps of their own: they come first and belong to label 0, whose score is then the largest
     * of theirs (specification, section 12, row 11).
     */
    public LabelRule bestWordRule() {
        int b = backgroundWords();
        int[] labelOfMap = new int[words.size()];
        for (int word = b; word < labelOfMap.length; word++) labelOfMap[word] = classOfWord[word - b] + 1;
        return new LabelRule(labelOfMap, classes.size() + 1, LabelRule.Background.NONE, 0);
    }

    private LabelRule rule(LabelRule.Background kind, float threshold) {
        return new LabelRule(classOfWord.clone(), classes.size(), kind, threshold);
    }
}
