package dev.freecp.weights;

import dev.freecp.error.InputException;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;

import java.io.ByteArrayInputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The header of a safetensors file, checked: after {@link #read} every tensor lies inside the file, has the bytes that its shape and type
 * need, and shares none with another.
 *
 * <p>The format: eight bytes little-endian length n, n bytes of JSON {@code {"name": {"dtype", "shape", "data_offsets"}, ...}} with offsets
 * from the end of the header, then the data without holes. What the reference library (safetensors 0.8) refuses is refused here, and also what it
 * lets pass by accident: keys twice, space before the first brace.
 *
 * @param metadata  the strings under {@code __metadata__}
 * @param tensors   by name, in the order of their data
 * @param dataStart byte of the file where the data begins
 */
record SafeTensorsHeader(Map<String, String> metadata, Map<String, Entry> tensors, long dataStart) {

    static final String METADATA = "__metadata__";
    /** Bound of the reference library on the header's length. */
    static final long MAX_BYTES = 100_000_000;
    /** As in NumPy. */
    private static final int MAX_RANK = 64;

    private static final ValueLayout.OfLong LENGTH = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final Map<String, DType> TYPES = types();

    /** One tensor; {@code begin} and {@code end} count from the start of the data. */
    record Entry(DType type, Shape shape, long begin, long end) {
    }

    /**
     * @param file     name for messages
     * @param contents the whole file
     * @throws InputException at the first lie
     */
    static SafeTensorsHeader read(String file, MemorySegment contents) {
        if (contents.byteSize() < 8) {
            throw new InputException(file + ": is of " + contents.byteSize() + " bytes, too short for safetensors: 8 bytes of length, then a header");
        }
        long length = contents.get(LENGTH, 0);
        long rest = contents.byteSize() - 8;
        if (length < 2 || length > Math.min(rest, MAX_BYTES)) throw badLength(file, contents, length);
        byte[] json = contents.asSlice(8, length).toArray(ValueLayout.JAVA_BYTE);
        if (json[0] != '{') throw new InputException(file + ": header must start with '{'");

        Map<String, String> metadata = new LinkedHashMap<>();
        List<Map.Entry<String, Entry>> found = new ArrayList<>();
        StrictJson.fields(file + ": header", new ByteArrayInputStream(json), (name, value) -> {
            if (name.equals(METADATA)) metadata(file, value, metadata);
            else found.add(Map.entry(name, entry(file + ": tensor '" + name + "'", value)));
        });
        found.sort(Map.Entry.comparingByValue(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end)));

        Map<String, Entry> tensors = LinkedHashMap.newLinkedHashMap(found.size());
        String before = null;
        long end = 0;
        for (Map.Entry<String, Entry> next : found) {
            Entry entry = next.getValue();
            if (entry.begin < end) throw new InputException(file + ": tensor '" + next.getKey() + "' overlaps '" + before + "'");
            if (entry.begin > end) {
                requireInside(file, found.getLast(), rest - length);
                throw new InputException(file + ": " + (entry.begin - end) + " bytes before tensor '" + next.getKey() + "' belong to no tensor");
            }
            before = next.getKey();
            end = entry.end;
            tensors.put(before, entry);
        }
        requireSize(file, contents.byteSize(), 8 + length, end);
        return new SafeTensorsHeader(Collections.unmodifiableMap(metadata), Collections.unmodifiableMap(tensors), 8 + length);
    }

    /** Where the last tensor of a file with a hole lies outside of it, that is the fault to name: moving it away made the hole. */
    private static void requireInside(String file, Map.Entry<String, Entry> last, long dataBytes) {
        if (last.getValue().end <= dataBytes) return;
        throw new InputException(file + ": tensor '" + last.getKey() + "': data_offsets [" + last.getValue().begin + ", " + last.getValue().end
            + "] lie outside of the file, which has " + dataBytes + " bytes of data");
    }

    private static void requireSize(String file, long bytes, long dataStart, long end) {
        long wanted = Math.addExact(dataStart, end);
        if (bytes < wanted) {
            throw new InputException(file + ": is cut short: its tensors need a file of " + wanted + " bytes, it has " + bytes
                + "; download or copy it again");
        }
        if (bytes > wanted) throw new InputException(file + ": " + (bytes - wanted) + " bytes after the last tensor belong to no tensor");
    }

    private static Entry entry(String tensor, Object value) {
        if (!(value instanceof Map<?, ?> fields)) throw new InputException(tensor + " must be an object with dtype, shape and data_offsets");
        if (!(fields.get("dtype") instanceof String dtype)) throw new InputException(tensor + ": dtype must be a string");
        DType type = TYPES.get(dtype);
        if (type == null) {
            throw new InputException(tensor + ": dtype " + dtype + " is not one of those read here, " + Arrays.toString(DType.values()));
        }
        Shape shape = shape(tensor, fields.get("shape"));
        if (!(fields.get("data_offsets") instanceof List<?> offsets) || offsets.size() != 2
            || !(offsets.get(0) instanceof Long begin) || !(offsets.get(1) instanceof Long end)) {
            throw new InputException(tensor + ": data_offsets must be two whole numbers below 2^63, but is " + StrictJson.shown(fields.get("data_offsets")));
        }
        // An end this far away cannot be in any file; without the bound, the sum with the header's length could wrap.
        if (begin < 0 || end > Long.MAX_VALUE - MAX_BYTES - 8) {
            throw new InputException(tensor + ": data_offsets " + offsets + " lie outside of the file");
        }
        if (end < begin) throw new InputException(tensor + ": data_offsets " + offsets + " end before they begin");
        // Divided, not multiplied: eight times the count can wrap around.
        if ((end - begin) % type.bytes() != 0 || (end - begin) / type.bytes() != shape.count()) {
            throw new InputException(tensor + ": data_offsets " + offsets + " hold " + (end - begin) + " bytes, but " + type + " "
                + Arrays.toString(shape.sizes()) + " needs " + shape.count() + " times " + type.bytes());
        }
        return new Entry(type, shape, begin, end);
    }

    /** A shape whose count fits a long, and whose number of rows fits an int, as {@link Shape#rows()} needs. */
    private static Shape shape(String tensor, Object value) {
        if (!(value instanceof List<?> list)) throw new InputException(tensor + ": shape must be an array of whole numbers, but is " + StrictJson.shown(value));
        if (list.size() > MAX_RANK) throw new InputException(tensor + ": shape has " + list.size() + " dimensions, above the bound of " + MAX_RANK);
        int[] sizes = new int[list.size()];
        for (int i = 0; i < sizes.length; i++) {
            if (!(list.get(i) instanceof Long size) || size < 0 || size > Integer.MAX_VALUE) {
                throw new InputException(tensor + ": shape must hold whole numbers from 0 to " + Integer.MAX_VALUE + ", but is " + StrictJson.shown(list));
            }
            sizes[i] = size.intValue();
        }
        long rows = 1;
        for (int i = 0; i < sizes.length - 1; i++) {
            rows *= sizes[i];
            if (rows > Integer.MAX_VALUE) throw new InputException(tensor + ": shape " + list + " has more than " + Integer.MAX_VALUE + " rows");
        }
        return Shape.unnamed(sizes);
    }

    private static void metadata(String file, Object value, Map<String, String> metadata) {
        if (!(value instanceof Map<?, ?> fields)) throw new InputException(file + ": " + METADATA + " must be an object of strings");
        fields.forEach((key, text) -> {
            if (!(text instanceof String string)) {
                throw new InputException(file + ": " + METADATA + " must hold strings, but '" + key + "' is " + StrictJson.shown(text));
            }
            metadata.put((String) key, string);
        });
    }

    /** What the first bytes really are, where that is known: mistaking a file happens more often than forging one. */
    private static InputException badLength(String file, MemorySegment contents, long length) {
        byte[] start = contents.asSlice(0, Math.min(contents.byteSize(), 24)).toArray(ValueLayout.JAVA_BYTE);
        String text = new String(start, StandardCharsets.ISO_8859_1);
        if (text.startsWith("version https://git-lfs")) {
            return new InputException(file + ": is a Git LFS pointer, not the weights themselves: fetch them with git lfs pull");
        }
        if (text.startsWith("PK\3\4") || text.startsWith("\u0080\u0002")) {
            return new InputException(file + ": is a PyTorch archive, not safetensors: convert it with `freecp weights convert`");
        }
        String shown = Long.toUnsignedString(length);
        if (length >= 0 && length < 2) return new InputException(file + ": header length " + shown + " is too short for a JSON object");
        if (length > MAX_BYTES || length < 0) {
            return new InputException(file + ": header length " + shown + " is above the format's bound of " + MAX_BYTES + ": this is no safetensors file");
        }
        return new InputException(file + ": is cut short: its header needs a file of at least " + (8 + length) + " bytes, it has " + contents.byteSize());
    }

    private static Map<String, DType> types() {
        Map<String, DType> types = new LinkedHashMap<>();
        for (DType type : DType.values()) types.put(type.name(), type);
        return Collections.unmodifiableMap(types);
    }
}
