package dev.freecp.weights;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.freecp.error.InputException;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * JSON as RFC 8259 has it and no more: UTF-8, one object, every key once, nothing behind it, bounded depth and length. Objects become
 * {@link LinkedHashMap}, arrays {@link ArrayList}, whole numbers {@link Long} (or {@link java.math.BigInteger} where they need it), other
 * numbers {@link Double}.
 */
final class StrictJson {

    private static final int MAX_DEPTH = 64;
    /** A tokenizer.json with a vocabulary of 128,000 takes some 1.4 million; a file of nothing but brackets is stopped here. */
    private static final long MAX_TOKENS = 2_000_000;

    /** Keys are not pooled: a file of a million different ones must not stay in a table for ever. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
        .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).maxTokenCount(MAX_TOKENS).build())
        .build();

    private StrictJson() {
    }

    /**
     * The object that {@code in} holds.
     *
     * @param source what is read, first words of every message
     * @throws InputException if it is anything but one JSON object
     */
    static Map<String, Object> object(String source, InputStream in) {
        Map<String, Object> object = new LinkedHashMap<>();
        fields(source, in, object::put);
        return object;
    }

    /**
     * Hands the outermost object's fields to {@code field} one by one, so that a big object never stands in memory as a tree.
     *
     * @throws InputException as {@link #object}; fields before the fault have then been handed over
     */
    static void fields(String source, InputStream in, BiConsumer<String, Object> field) {
        // A decoder made this way refuses broken UTF-8 where Jackson's own would accept some of it.
        try (JsonParser parser = FACTORY.createParser(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()))) {
            if (parser.nextToken() != JsonToken.START_OBJECT) throw new InputException(source + ": wanted a JSON object, which starts with '{'");
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String key = wellFormed(source, parser.currentName());
                parser.nextToken();
                field.accept(key, value(source, parser));
            }
            if (parser.nextToken() != null) throw new InputException(source + ": the JSON object ends, but more follows" + place(parser));
        } catch (JacksonException e) {
            String where = e.getLocation() == null ? "" : " (line " + e.getLocation().getLineNr() + ", column " + e.getLocation().getColumnNr() + ")";
            throw new InputException(source + ": no valid JSON: " + e.getOriginalMessage().strip() + where, e);
        } catch (CharacterCodingException e) {
            throw new InputException(source + ": no valid JSON: the text is not UTF-8", e);
        } catch (IOException e) {
            throw new InputException(source + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static Object value(String source, JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                Map<String, Object> object = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String key = wellFormed(source, parser.currentName());
                    parser.nextToken();
                    object.put(key, value(source, parser));
                }
                yield object;
            }
            case START_ARRAY -> {
                List<Object> array = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) array.add(value(source, parser));
                yield array;
            }
            case VALUE_STRING -> wellFormed(source, parser.getText());
            case VALUE_NUMBER_INT -> {
                if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) yield parser.getBigIntegerValue();
                yield parser.getLongValue();
            }
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> throw new InputException(source + ": no valid JSON" + place(parser));
        };
    }

    /** An escape can smuggle in half a surrogate pair, which no file name, console or UTF-8 file could hold. */
    private static String wellFormed(String source, String text) {
        if (!isWellFormed(text)) throw new InputException(source + ": no valid JSON: a string holds half a surrogate pair");
        return text;
    }

    /** True if UTF-8 can hold {@code text}: every surrogate has its other half. */
    static boolean isWellFormed(String text) {
        return text.codePoints().noneMatch(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
    }

    private static String place(JsonParser parser) {
        return " (line " + parser.currentLocation().getLineNr() + ", column " + parser.currentLocation().getColumnNr() + ")";
    }

    /** A value as the file has it, for messages; cut where it would fill the screen. */
    static String shown(Object value) {
        return switch (value) {
            case String text -> '"' + (text.length() <= 60 ? text : text.substring(0, 60) + "...") + '"';
            case Map<?, ?> map -> "an object of " + map.size();
            case List<?> list when list.size() > 8 -> "an array of " + list.size();
            case List<?> list -> list.stream().map(StrictJson::shown).toList().toString();
            case null, default -> String.valueOf(value);
        };
    }
}
