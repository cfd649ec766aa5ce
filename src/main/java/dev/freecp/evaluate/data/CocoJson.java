package dev.freecp.evaluate.data;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.jr.ob.JSON;
import dev.freecp.error.InputException;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** COCO's annotation files: one object of long arrays of objects, which pass one by one, so that no file stands in memory as a tree. */
final class CocoJson {

    private CocoJson() {
    }

    /** An object of one of the arrays; asks for its values with messages that say where they stand. */
    record Item(Path file, String array, int index, Map<String, Object> values) {

        long whole(String key) {
            if (values.get(key) instanceof Number number && number.longValue() == number.doubleValue()) return number.longValue();
            throw refusal("must have a whole number " + key);
        }

        /** A whole number from {@code least} to 2^31 - 1. */
        int integer(String key, int least) {
            long value = whole(key);
            if (value < least || value > Integer.MAX_VALUE) throw refusal("must have a " + key + " of " + least + " or more, but it is " + value);
            return (int) value;
        }

        String text(String key) {
            if (values.get(key) instanceof String text) return text;
            throw refusal("must have a text " + key);
        }

        List<?> list(String key) {
            if (values.get(key) instanceof List<?> list) return list;
            throw refusal("must have an array " + key);
        }

        /** The objects of an array inside this one. */
        @SuppressWarnings("unchecked")
        List<Item> items(String key) {
            return list(key).stream().map(value -> {
                if (value instanceof Map<?, ?> map) return new Item(file, array + "[" + index + "]." + key, index, (Map<String, Object>) map);
                throw refusal("must have an array of objects " + key);
            }).toList();
        }

        /** To be thrown. */
        InputException refusal(String problem) {
            return new InputException(file + ": item " + index + " of " + array + " " + problem);
        }
    }

    /**
     * Reads a file once, from its beginning to its end.
     *
     * @param arrays who takes the items of which array; other fields are passed over
     * @throws InputException if the file is no valid JSON, or lacks one of the arrays
     */
    static void read(Path file, Map<String, Consumer<Item>> arrays) {
        Set<String> missing = new TreeSet<>(arrays.keySet());
        JSON json = JSON.std;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16); JsonParser parser = json.createParser(in)) {
            parser.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION.mappedFeature());
            if (parser.nextToken() != JsonToken.START_OBJECT) throw new InputException(file + ": wanted a JSON object, which starts with '{'");
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String array = parser.currentName();
                JsonToken value = parser.nextToken();
                Consumer<Item> taker = arrays.get(array);
                if (taker == null) {
                    parser.skipChildren();
                    continue;
                }
                missing.remove(array);
                if (value != JsonToken.START_ARRAY) throw new InputException(file + ": " + array + " must be an array");
                for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
                    if (parser.currentToken() != JsonToken.START_OBJECT) throw new InputException(file + ": item " + i + " of " + array + " must be an object");
                    taker.accept(new Item(file, array, i, json.mapFrom(parser)));
                }
            }
        } catch (JacksonException e) {
            throw new InputException(file + ": no valid JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read: " + e.getMessage(), e);
        }
        if (!missing.isEmpty()) throw new InputException(file + ": has no " + String.join(", ", missing) + "; is it the annotation file of its name?");
    }

    /**
     * Takes the items of {@code categories} and makes sure that the ids mean what a table says.
     *
     * @throws InputException if a thing has another name than in the table
     */
    static Consumer<Item> categories(IdTable table) {
        Set<Integer> seen = new HashSet<>();
        return category -> {
            int id = category.integer("id", 0);
            if (!seen.add(id)) throw category.refusal("has the id " + id + " of an earlier one");
            boolean stuff = category.values().get("isthing") instanceof Number thing && thing.intValue() == 0;
            if (stuff) return;
            IdTable.Entry entry = table.entry(id);
            String name = category.text("name");
            if (entry == null || !entry.name().equals(name)) {
                String meant = entry == null ? "none of its things" : "'" + entry.name() + "'";
                throw category.refusal("gives the id " + id + " to '" + name + "', but COCO gives it to " + meant);
            }
        };
    }
}
