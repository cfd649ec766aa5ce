package dev.freecp.weights;

import dev.freecp.error.InputException;

import java.util.AbstractMap;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An object of a JSON file that answers typed questions; an answer that is missing or of another kind is an {@link InputException} naming
 * file and key ({@code config.json: vision_config.patch_size must be a whole number, but is "16"}). Also an unmodifiable map of the plain
 * values ({@link Map}, {@link List}, {@link String}, {@link Long}, {@link Double}, {@link Boolean}, null), in the order of the file.
 *
 * <p>A key whose value is null counts as absent: published configurations write both.
 */
public final class JsonObject extends AbstractMap<String, Object> {

    private final String file;
    private final String prefix;
    private final Map<String, Object> values;

    JsonObject(String file, String prefix, Map<String, Object> values) {
        this.file = file;
        this.prefix = prefix;
        this.values = Collections.unmodifiableMap(values);
    }

    /** True if {@code key} is there and not null. */
    public boolean has(String key) {
        return values.get(key) != null;
    }

    public String string(String key) {
        return as(String.class, key, "a string");
    }

    public String string(String key, String fallback) {
        return has(key) ? string(key) : fallback;
    }

    /** A whole number of the range of int. */
    public int integer(String key) {
        long value = as(Long.class, key, "a whole number");
        if (value != (int) value) throw refusal(key, "must be a whole number below 2^31");
        return (int) value;
    }

    public int integer(String key, int fallback) {
        return has(key) ? integer(key) : fallback;
    }

    /** Any finite number. */
    public double number(String key) {
        return finite(key, as(Number.class, key, "a number"));
    }

    public double number(String key, double fallback) {
        return has(key) ? number(key) : fallback;
    }

    public boolean flag(String key) {
        return as(Boolean.class, key, "true or false");
    }

    public boolean flag(String key, boolean fallback) {
        return has(key) ? flag(key) : fallback;
    }

    public List<?> list(String key) {
        return as(List.class, key, "an array");
    }

    /** An array of finite numbers, such as {@code image_mean}. */
    public double[] numbers(String key) {
        return list(key).stream().mapToDouble(value -> {
            if (value instanceof Number number) return finite(key, number);
            throw refusal(key, "must be an array of numbers");
        }).toArray();
    }

    /** The object under {@code key}; its messages name the whole way down. */
    @SuppressWarnings("unchecked")
    public JsonObject object(String key) {
        return new JsonObject(file, prefix + key + ".", as(Map.class, key, "an object"));
    }

    public Optional<JsonObject> optionalObject(String key) {
        return has(key) ? Optional.of(object(key)) : Optional.empty();
    }

    /** For what only the caller can know to be wrong: {@code refusal("hidden_act", "must be gelu or quick_gelu")}, to be thrown. */
    public InputException refusal(String key, String must) {
        return new InputException(file + ": " + prefix + key + " " + must + ", but " + (has(key) ? "is " + StrictJson.shown(values.get(key)) : "is not there"));
    }

    @Override
    public Object get(Object key) {
        return values.get(key);
    }

    @Override
    public boolean containsKey(Object key) {
        return values.containsKey(key);
    }

    @Override
    public Set<Entry<String, Object>> entrySet() {
        return values.entrySet();
    }

    private <T> T as(Class<T> type, String key, String wanted) {
        Object value = values.get(key);
        if (!type.isInstance(value)) throw refusal(key, "must be " + wanted);
        return type.cast(value);
    }

    private double finite(String key, Number value) {
        if (!Double.isFinite(value.doubleValue())) throw refusal(key, "must be finite");
        return value.doubleValue();
    }
}
