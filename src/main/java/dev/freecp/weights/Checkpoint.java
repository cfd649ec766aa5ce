package dev.freecp.weights;

import dev.freecp.error.InputException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A folder in which Hugging Face publishes CLIP: configuration, weights, vocabulary and image settings. Configuration and weights are
 * opened and checked at once; the vocabulary is read when asked for, because not everything done with weights needs words.
 * Source: specification, sections 1 (step 4) and 11.1.
 */
public final class Checkpoint implements AutoCloseable {

    private static final String CONTENTS = "a Hugging Face CLIP folder has config.json, model.safetensors (or shards with "
        + "model.safetensors.index.json), vocab.json and merges.txt (or tokenizer.json), and preprocessor_config.json";

    private final Path folder;
    private final JsonObject config;
    private final JsonObject preprocessor;
    private final Weights weights;

    private Checkpoint(Path folder, JsonObject config, JsonObject preprocessor, Weights weights) {
        this.folder = folder;
        this.config = config;
        this.preprocessor = preprocessor;
        this.weights = weights;
    }

    /**
     * Opens a checkpoint.
     *
     * @param path the folder, or the weights in it (a safetensors file or an index), where it has several
     * @throws InputException if parts are missing (all are named) or broken
     */
    public static Checkpoint open(Path path) {
        if (!Files.exists(path)) throw new InputException(path + ": no such folder; " + CONTENTS);
        boolean isFolder = Files.isDirectory(path);
        Path folder = isFolder ? path : Objects.requireNonNullElse(path.getParent(), Path.of("."));
        Path config = folder.resolve("config.json");
        Path weights = isFolder ? weightsIn(folder) : path;

        List<String> missing = new ArrayList<>();
        if (!Files.exists(config)) missing.add("no config.json");
        if (!Files.exists(weights)) missing.add("no model.safetensors");
        if (!missing.isEmpty()) throw new InputException(path + ": " + String.join(" and ", missing) + "; " + adviceFor(folder));

        Path preprocessor = folder.resolve("preprocessor_config.json");
        JsonObject settings = Files.exists(preprocessor) ? JsonFile.object(preprocessor) : new JsonObject(preprocessor.toString(), "", Map.of());
        return new Checkpoint(folder, JsonFile.object(config), settings, Weights.open(weights));
    }

    private static Path weightsIn(Path folder) {
        Path single = folder.resolve("model.safetensors");
        Path index = folder.resolve("model.safetensors.index.json");
        return !Files.exists(single) && Files.exists(index) ? index : single;
    }

    /** Weights in a form that only the converter reads are the likeliest reason for a folder without safetensors. */
    private static String adviceFor(Path folder) {
        return Stream.of("pytorch_model.bin", "pytorch_model.bin.index.json", "open_clip_model.safetensors", "open_clip_pytorch_model.bin")
            .filter(name -> Files.exists(folder.resolve(name))).findFirst()
            .map(name -> "it has " + name + ": convert it with `freecp weights convert`").orElse(CONTENTS);
    }

    public Path folder() {
        return folder;
    }

    /** {@code config.json}. */
    public JsonObject config() {
        return config;
    }

    /** {@code preprocessor_config.json}, or an empty object if there is no such file. */
    public JsonObject preprocessor() {
        return preprocessor;
    }

    public Weights weights() {
        return weights;
    }

    /**
     * Token to id, from {@code vocab.json}, or where that is not there from {@code tokenizer.json}. Each id occurs once.
     *
     * @throws InputException if neither is there, or what is there is broken
     */
    public Map<String, Integer> vocabulary() {
        Path file = folder.resolve("vocab.json");
        JsonObject tokens = hasVocabularyFiles() ? JsonFile.object(file) : tokenizerModel().object("vocab");
        Map<String, Integer> ids = LinkedHashMap.newLinkedHashMap(tokens.size());
        Map<Integer, String> owners = LinkedHashMap.newLinkedHashMap(tokens.size());
        for (String token : tokens.keySet()) {
            int id = tokens.integer(token);
            if (id < 0) throw tokens.refusal(token, "must be an id of at least 0");
            String other = owners.putIfAbsent(id, token);
            if (other != null) throw tokens.refusal(token, "must have an id of its own, not that of " + other);
            ids.put(token, id);
        }
        return ids;
    }

    /**
     * Pairs {@code "a b"} that byte-pair encoding joins, the first rank first, from {@code merges.txt}, or where that is not there from
     * {@code tokenizer.json}.
     *
     * @throws InputException if neither is there, or what is there is broken
     */
    public List<String> merges() {
        return hasVocabularyFiles() ? Merges.text(folder.resolve("merges.txt")) : Merges.json(folder.resolve("tokenizer.json"), tokenizerModel());
    }

    /** Both or none: a vocabulary of one source and merges of another need not belong together. */
    private boolean hasVocabularyFiles() {
        return Files.exists(folder.resolve("vocab.json")) && Files.exists(folder.resolve("merges.txt"));
    }

    private JsonObject tokenizerModel() {
        Path file = folder.resolve("tokenizer.json");
        if (!Files.exists(file)) throw new InputException(folder + ": no vocab.json with merges.txt, and no tokenizer.json; " + CONTENTS);
        return JsonFile.object(file).object("model");
    }

    @Override
    public void close() {
        weights.close();
    }
}
