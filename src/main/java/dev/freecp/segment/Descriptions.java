package dev.freecp.segment;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;

import dev.freecp.error.InputException;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Sentences that describe words, looked up by the word's exact name (specification, section 4). Immutable. */
public final class Descriptions {

    private static final JsonFactory STRICT = JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    private final Map<String, List<String>> sentences;

    private Descriptions(Map<String, List<String>> sentences) {
        this.sentences = sentences;
    }

    /** No word is described. */
    public static Descriptions none() {
        return new Descriptions(Map.of());
    }

    /**
     * The sentences that come with the program, for every word of the data sets.
     *
     * @param preset whose meaning a word has where data sets differ, or null for the common one
     */
    public static Descriptions builtIn(Preset preset) {
        Map<String, List<String>> sentences = new LinkedHashMap<>(resource("common").sentences);
        if (preset != null) {
            String family = preset.key().replaceAll("\\d+$", "");                           // voc20 and voc21 mean the same by a word
            if (Descriptions.class.getResource(path(family)) != null) sentences.putAll(resource(family).sentences);
        }
        return new Descriptions(sentences);
    }

    private static String path(String name) {
        return "/dev/freecp/descriptions/" + name + ".json";
    }

    private static Descriptions resource(String name) {
        try (InputStream in = Descriptions.class.getResourceAsStream(path(name))) {
            return parse(in.readAllBytes(), path(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A JSON object of word to array of sentences.
     *
     * @throws InputException if the file cannot be read, is no such object, has a word twice, or a word without sentences
     */
    public static Descriptions read(Path file) {
        try {
            return parse(Files.readAllBytes(file), file.toString());
        } catch (NoSuchFileException e) {
            throw new InputException(file + ": there is no such file", e);
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    private static Descriptions parse(byte[] bytes, String file) throws IOException {
        try (JsonParser json = STRICT.createParser(bytes)) {
            Map<String, List<String>> sentences = new LinkedHashMap<>();
            require(json.nextToken() == JsonToken.START_OBJECT, file, "must be a JSON object of word to array of sentences");
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String word = json.currentName();
                sentences.put(word, array(json, word, file));
            }
            require(json.nextToken() == null, file, "goes on after its JSON object");
            return new Descriptions(sentences);
        } catch (JsonProcessingException e) {
            throw new InputException(file + ": is no valid JSON (" + e.getOriginalMessage() + ")", e);
        }
    }

    /** The same, and words that have another name are described under that too. */
    public Descriptions renamed(Map<String, String> nameOfWord) {
        Map<String, List<String>> all = new LinkedHashMap<>(sentences);
        nameOfWord.forEach((word, name) -> sentences(word).ifPresent(list -> all.put(name, list)));
        return new Descriptions(all);
    }

    /** All words with their sentences, in the file's order. */
    public Map<String, List<String>> all() {
        return Collections.unmodifiableMap(sentences);
    }

    /** The sentences of a word, at least one, or empty if it is not described. */
    public Optional<List<String>> sentences(String word) {
        return Optional.ofNullable(sentences.get(word));
    }

    private static List<String> array(JsonParser json, String word, String file) throws IOException {
        require(json.nextToken() == JsonToken.START_ARRAY, file, "'" + word + "' must have an array of sentences");
        List<String> list = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            require(json.currentToken() == JsonToken.VALUE_STRING, file, "sentence " + (list.size() + 1) + " of '" + word + "' must be a string");
            require(!json.getText().isBlank(), file, "sentence " + (list.size() + 1) + " of '" + word + "' is blank");
            list.add(json.getText());
        }
        require(!list.isEmpty(), file, "'" + word + "' has no sentence; give one or leave the word out");
        return List.copyOf(list);
    }

    private static void require(boolean holds, String file, String problem) {
        if (!holds) {
            throw new InputException(file + ": " + problem);
        }
    }
}
