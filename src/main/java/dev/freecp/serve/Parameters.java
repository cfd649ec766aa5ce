package dev.freecp.serve;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Names and values that came with a request: in the query, as form fields, or as a JSON object. What comes in the body outdoes the query. */
final class Parameters {

    private final Map<String, String> values = new LinkedHashMap<>();

    /** {@code a=1&b=2}, percent-encoded; null is none. */
    Parameters addEncoded(String query) {
        if (query == null || query.isEmpty()) return this;
        Map<String, String> added = new LinkedHashMap<>();
        for (String pair : query.split("&")) {
            int equals = pair.indexOf('=');
            if (equals < 0) throw new Refusal(Refusal.BAD_REQUEST, "the parameter '" + pair + "' has no value; write name=value");
            String name = decode(pair.substring(0, equals));
            if (added.put(name, decode(pair.substring(equals + 1))) != null)
                throw new Refusal(Refusal.BAD_REQUEST, "the parameter '" + name + "' comes twice");
        }
        values.putAll(added);
        return this;
    }

    /** An object of strings, numbers, or lists of classes or steps; null means not given. */
    Parameters addJson(byte[] json) {
        Map<String, Object> object;
        try {
            object = JSON.std.mapFrom(json);
        } catch (IOException | ClassCastException e) {
            throw new Refusal(Refusal.BAD_REQUEST, "the parameters are no JSON object of names and values");
        }
        object.forEach((name, value) -> {
            switch (value) {
                case null -> values.remove(name);
                case String text -> values.put(name, text);
                case Number number -> values.put(name, number.toString());
                case List<?> list -> values.put(name, list.stream().map(String::valueOf).collect(Collectors.joining(name.equals("classes") ? ";" : ",")));
                default -> throw new Refusal(Refusal.BAD_REQUEST, "the parameter '" + name + "' must be a string, a number or a list");
            }
        });
        return this;
    }

    Parameters add(String name, String value) {
        values.put(name, value);
        return this;
    }

    /** A parameter that is used up by asking for it. */
    Optional<String> take(String name) {
        return Optional.ofNullable(values.remove(name));
    }

    /** Those that are left. */
    Map<String, String> rest() {
        return values;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new Refusal(Refusal.BAD_REQUEST, "'" + text + "' is not percent-encoded as it should be");
        }
    }
}
