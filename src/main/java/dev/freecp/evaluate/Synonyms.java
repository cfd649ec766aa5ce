package dev.freecp.evaluate;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.jr.ob.JSON;
import dev.freecp.error.InputException;
import dev.freecp.segment.Vocabulary;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Other names for words, to ask whether a method knows the thing or the word. */
public final class Synonyms {

    private final Map<String, List<String>> names;

    private Synonyms(Map<String, List<String>> names) {
        this.names = names;
    }

    /** The ones that come with the program, for the words of the eight data sets. */
    public static Synonyms builtIn() {
        try (InputStream in = Synonyms.class.getResourceAsStream("/dev/freecp/words/synonyms.json")) {
            return parse("synonyms.json", in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A JSON object of word to array of names.
     *
     * @throws InputException if the file cannot be read or is no such object
     */
    public static Synonyms read(Path file) {
        try {
            return parse(file.toString(), Files.readAllBytes(file));
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read (" + (Files.exists(file) ? e.getMessage() : "there is no such file") + ")", e);
        }
    }

    private static Synonyms parse(String source, byte[] json) throws IOException {
        try {
            Map<String, List<String>> names = new LinkedHashMap<>();
            for (Map.Entry<String, Object> entry : JSON.std.mapFrom(json).entrySet())
                names.put(entry.getKey(), ((List<?>) entry.getValue()).stream().map(String.class::cast).toList());
            return new Synonyms(names);
        } catch (JacksonException | ClassCastException | NullPointerException e) {
            throw new InputException(source + ": must be a JSON object of word to array of names", e);
        }
    }

    /**
     * For every class word that has other names the first of them that is no word of the vocabulary and was not given to another word.
     *
     * @return word to new name, in the vocabulary's order
     */
    public Map<String, String> rename(Vocabulary vocabulary) {
        Set<String> taken = new HashSet<>();
        vocabulary.words().forEach(word -> taken.add(AbsentWords.plain(word)));
        Map<String, String> renamed = new LinkedHashMap<>();
        for (String word : classWords(vocabulary))
            names.getOrDefault(word, List.of()).stream().filter(name -> taken.add(AbsentWords.plain(name))).findFirst()
                .ifPresent(name -> renamed.put(word, name));
        return renamed;
    }

    /** All other names of a vocabulary's class words, in its order. */
    List<String> all(Vocabulary vocabulary) {
        List<String> all = new ArrayList<>();
        for (String word : classWords(vocabulary)) all.addAll(names.getOrDefault(word, List.of()));
        return all;
    }

    private static List<String> classWords(Vocabulary vocabulary) {
        return vocabulary.words().subList(vocabulary.backgroundWords(), vocabulary.words().size());
    }
}
