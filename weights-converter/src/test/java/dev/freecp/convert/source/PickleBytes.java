package dev.freecp.convert.source;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Pickles written by hand, opcode by opcode. */
final class PickleBytes {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** Opcodes and arguments: a character or int is a byte, a string its UTF-8 bytes. */
    PickleBytes op(Object... parts) {
        for (Object part : parts) {
            switch (part) {
                case Character opcode -> out.write(opcode);
                case Integer value -> out.write(value);
                case byte[] bytes -> out.writeBytes(bytes);
                default -> out.writeBytes(part.toString().getBytes(StandardCharsets.UTF_8));
            }
        }
        return this;
    }

    PickleBytes text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return op('X', le(bytes.length, 4), bytes);
    }

    PickleBytes number(long value) {
        return op(0x8a, 8, le(value, 8));
    }

    PickleBytes global(String module, String name) {
        return op('c', module, "\n", name, "\n");
    }

    /** A tuple of numbers. */
    PickleBytes numbers(long... values) {
        op('(');
        for (long value : values) number(value);
        return op('t');
    }

    /** A tensor of storage {@code key}. */
    PickleBytes tensor(String storageType, String key, long count, long offset, long[] sizes, long[] strides) {
        global("torch._utils", "_rebuild_tensor_v2").op('(', '(').text("storage").global("torch", storageType).text(key).text("cpu").number(count).op('t', 'Q');
        return number(offset).numbers(sizes).numbers(strides).op(0x89).global("collections", "OrderedDict").op(')', 'R', 't', 'R');
    }

    byte[] stop() {
        return op('.').bytes();
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    static byte[] le(long value, int width) {
        byte[] bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
        return Arrays.copyOf(bytes, width);
    }
}
