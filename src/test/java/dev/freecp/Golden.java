package dev.freecp;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Numbers that tests compare with: tensors of a safetensors file by name, and JSON files. Deliberately naive and independent of the reader under
 * {@code dev.freecp.weights}, so that a fault there cannot hide itself.
 */
public final class Golden {

    private final Path path;
    private final Map<String, Object> header;
    private final ByteBuffer data;

    private Golden(Path path) {
        this.path = path;
        try {
            ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
            byte[] text = new byte[Math.toIntExact(file.getLong())];
            file.get(text);
            this.header = JSON.std.mapFrom(text);
            this.data = file.slice().order(ByteOrder.LITTLE_ENDIAN);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A safetensors file under the test data, such as {@code "golden/units/resize.safetensors"}. */
    public static Golden tensors(String file) {
        return new Golden(path(file));
    }

    /** A JSON object under the test data. */
    public static Map<String, Object> json(String file) {
        return parse(file, JSON.std::mapFrom);
    }

    /** A JSON list under the test data. */
    public static List<Object> jsonList(String file) {
        return parse(file, JSON.std::listFrom);
    }

    /** A file or folder of the test data. */
    public static Path path(String file) {
        return Path.of(System.getProperty("freecp.testdata", "test-data")).resolve(file);
    }

    /** A number that {@link #json} gave, whatever its class. */
    public static int number(Object value) {
        return ((Number) value).intValue();
    }

    public boolean has(String name) {
        return header.containsKey(name);
    }

    public int[] shape(String name) {
        return ((List<?>) entry(name).get("shape")).stream().mapToInt(Golden::number).toArray();
    }

    public float[] floats(String name) {
        ByteBuffer bytes = bytes(name, "F32");
        float[] values = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(values);
        return values;
    }

    /** Values of an I32 tensor, or of a U8 tensor as 0 to 255. */
    public int[] ints(String name) {
        if (entry(name).get("dtype").equals("I32")) {
            ByteBuffer bytes = bytes(name, "I32");
            int[] values = new int[bytes.remaining() / Integer.BYTES];
            bytes.asIntBuffer().get(values);
            return values;
        }
        byte[] unsigned = bytes(name);
        int[] values = new int[unsigned.length];
        Arrays.setAll(values, i -> unsigned[i] & 0xff);
        return values;
    }

    /** Values of a U8 tensor. */
    public byte[] bytes(String name) {
        ByteBuffer bytes = bytes(name, "U8");
        byte[] values = new byte[bytes.remaining()];
        bytes.get(values);
        return values;
    }

    private ByteBuffer bytes(String name, String type) {
        Map<?, ?> entry = entry(name);
        if (!entry.get("dtype").equals(type)) throw new IllegalArgumentException(path + ": " + name + " is " + entry.get("dtype") + ", not " + type);
        List<?> range = (List<?>) entry.get("data_offsets");
        return data.slice(number(range.get(0)), number(range.get(1)) - number(range.get(0))).order(ByteOrder.LITTLE_ENDIAN);
    }

    private Map<?, ?> entry(String name) {
        if (!has(name)) throw new IllegalArgumentException(path + " has no tensor " + name + ", but " + header.keySet());
        return (Map<?, ?>) header.get(name);
    }

    private interface Parser<T> {
        T parse(Object source) throws IOException;
    }

    private static <T> T parse(String file, Parser<T> parser) {
        try {
            return parser.parse(Files.readString(path(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
