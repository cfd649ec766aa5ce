package dev.freecp.parity;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.jr.ob.JSON;
import dev.freecp.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A value of a golden's JSON file that knows where it stands, so that a missing or misshapen one can be named. */
final class GoldenJson {

    private static final JSON READER =
        JSON.builder(JsonFactory.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build()).build();

    private final String place;
    private final Object value;

    private GoldenJson(String place, Object value) {
        this.place = place;
        this.value = value;
    }

    /** @throws InputException if the file cannot be read or is no JSON */
    static GoldenJson read(Path file) {
        try {
            return new GoldenJson(file.getFileName() + ":", READER.anyFrom(Files.readString(file)));
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read as JSON: " + e.getMessage().lines().findFirst().orElse("no reason given"), e);
        }
    }

    boolean has(String key) {
        return as(Map.class, "an object").get(key) != null;
    }

    GoldenJson get(String key) {
        return new GoldenJson(place + " " + key, as(Map.class, "an object").get(key));
    }

    /** Keys of an object, in the order of the file. */
    List<String> keys() {
        return ((Collection<?>) as(Map.class, "an object").keySet()).stream().map(Object::toString).toList();
    }

    /** Elements of an array. */
    List<GoldenJson> list() {
        List<?> values = as(List.class, "an array");
        return IntStream.range(0, values.size()).mapToObj(i -> new GoldenJson(place + "[" + i + "]", values.get(i))).toList();
    }

    String text() {
        return as(String.class, "a string");
    }

    boolean flag() {
        return as(Boolean.class, "true or false");
    }

    int integer() {
        double number = as(Number.class, "a whole number").doubleValue();
        if (number != (int) number) throw refusal("a whole number");
        return (int) number;
    }

    /** A number; null is NaN, as Python's writer has it. */
    double number() {
        return value == null ? Double.NaN : as(Number.class, "a number").doubleValue();
    }

    List<Integer> integers() {
        return list().stream().map(GoldenJson::integer).toList();
    }

    float[] floats() {
        List<GoldenJson> values = list();
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) floats[i] = (float) values.get(i).number();
        return floats;
    }

    private <T> T as(Class<T> type, String wanted) {
        if (!type.isInstance(value)) throw refusal(wanted);
        return type.cast(value);
    }

    private InputException refusal(String wanted) {
        return new InputException(place + " must be " + wanted + ", but is " + (value == null ? "not there" : value));
    }
}
