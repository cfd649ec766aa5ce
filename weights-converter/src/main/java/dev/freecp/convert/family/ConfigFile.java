package dev.freecp.convert.family;

import dev.freecp.convert.source.Refusal;
import dev.freecp.error.InputException;
import dev.freecp.weights.JsonFile;
import dev.freecp.weights.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** A configuration beside the weights, asked strictly: a key that is there must be of its type, in its range, and true of the tensors. */
final class ConfigFile {

    private final Path file;
    private final JsonObject object;

    private ConfigFile(Path file, JsonObject object) {
        this.file = file;
        this.object = object;
    }

    /** @throws Refusal if it is there, but no JSON object */
    static Optional<ConfigFile> open(Path folder, String name) {
        Path file = folder.resolve(name);
        if (!Files.exists(file)) return Optional.empty();
        return Optional.of(new ConfigFile(file, guarded(file, () -> JsonFile.object(file))));
    }

    String name() {
        return file.getFileName().toString();
    }

    boolean has(String key) {
        return object.has(key);
    }

    /** What {@code question} finds; what is wrong with it is malformed. */
    <T> T ask(Function<JsonObject, T> question) {
        return guarded(file, () -> question.apply(object));
    }

    /** The object under {@code key}, which must be there. */
    ConfigFile object(String key) {
        return new ConfigFile(file, ask(config -> config.object(key)));
    }

    /** {@code key} as a fact, or null where it is not there. */
    <T> Fact<T> fact(String key, Function<JsonObject, T> question) {
        return has(key) ? Fact.known(ask(question), name()) : null;
    }

    /** Sizes of the tensors are known; a configuration that says otherwise is that of another model. */
    void requireSize(String key, int came) {
        if (has(key) && positive(key) != came) throw new Refusal(Refusal.Kind.MISSHAPEN, file, key + " is " + positive(key) + ", but the tensors have " + came);
    }

    void requireLayers(String key, int came) {
        if (!has(key) || positive(key) == came) return;
        int wanted = positive(key);
        throw new Refusal(wanted > came ? Refusal.Kind.MISSING : Refusal.Kind.UNSUPPORTED, file, key + " is " + wanted + ", but the tensors have " + came + " layers");
    }

    /** The picture's side: it must fill the position table's grid, but may have pixels to spare. */
    void requireImage(int imageSize, VisionSizes vision) {
        if (imageSize / vision.patch() != vision.grid()) {
            throw new Refusal(Refusal.Kind.MISSHAPEN, file, "image_size is " + imageSize + ", but the position table is for " + vision.grid() + " x " + vision.grid()
                + " patches of " + vision.patch());
        }
    }

    int positive(String key) {
        int value = ask(config -> config.integer(key));
        if (value < 1) throw malformed(key + " must be at least 1, but is " + value);
        return value;
    }

    /** Heads, which must divide the width. */
    int heads(int heads, int width) {
        if (heads < 1 || width % heads != 0) throw malformed("says " + heads + " heads, which do not divide the width " + width);
        return heads;
    }

    String activation(String name) {
        if (name.equals("quick_gelu") || name.equals("gelu")) return name;
        throw unsupported("activation '" + name + "', only quick_gelu and gelu can be run");
    }

    double eps(String key) {
        double value = ask(config -> config.number(key));
        if (value <= 0 || value >= 1) throw malformed(key + " must be a small number above 0, but is " + value);
        return value;
    }

    /** Three numbers; {@code positive} if a picture is divided by them. */
    double[] colors(String key, boolean positive) {
        double[] colors = ask(config -> config.numbers(key));
        boolean good = colors.length == 3;
        for (double color : colors) good &= !positive || color > 0;
        if (!good) throw malformed(key + " must be three numbers" + (positive ? " above 0" : ""));
        return colors;
    }

    Refusal malformed(String reason) {
        return new Refusal(Refusal.Kind.MALFORMED, file, reason);
    }

    Refusal unsupported(String reason) {
        return new Refusal(Refusal.Kind.UNSUPPORTED, file, reason);
    }

    private static <T> T guarded(Path file, Supplier<T> answer) {
        try {
            return answer.get();
        } catch (InputException e) {
            String message = e.getMessage(), name = file + ": ";
            throw new Refusal(Refusal.Kind.MALFORMED, file, message.startsWith(name) ? message.substring(name.length()) : message);
        }
    }
}
