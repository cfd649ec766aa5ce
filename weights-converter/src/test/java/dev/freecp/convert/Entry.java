package dev.freecp.convert;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A JSON object of the samples' manifest. */
record Entry(Map<?, ?> values) {

    /** The objects of an array of the manifest. */
    static Stream<Entry> of(Path manifest, String list) {
        try {
            return ((List<?>) JSON.std.mapFrom(Files.readString(manifest)).get(list)).stream().map(each -> new Entry((Map<?, ?>) each));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean has(String key) {
        return values.get(key) != null;
    }

    String string(String key) {
        return (String) values.get(key);
    }

    int integer(String key) {
        return ((Number) values.get(key)).intValue();
    }

    double number(String key, double fallback) {
        return has(key) ? ((Number) values.get(key)).doubleValue() : fallback;
    }

    double[] numbers(String key) {
        return ((List<?>) values.get(key)).stream().mapToDouble(each -> ((Number) each).doubleValue()).toArray();
    }

    /** The strings under {@code key}, none if there is no such key. */
    List<String> strings(String key) {
        return has(key) ? ((List<?>) values.get(key)).stream().map(String::valueOf).toList() : List.of();
    }

    Entry object(String key) {
        return new Entry((Map<?, ?>) values.get(key));
    }
}
