package dev.freecp.evaluate.data;

import dev.freecp.error.InputException;
import dev.freecp.image.LabelMap;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.ToIntFunction;
import java.util.zip.InflaterInputStream;

/**
 * The label maps of PASCAL Context as published: MATLAB files of level 5 with a matrix {@code LabelMap} of whole numbers. The format is MathWorks'
 * "MAT-File Format"; numbers may be stored narrower than the matrix's class, elements may be deflated, matrices lie column by column.
 */
final class MatFile {

    private static final String VARIABLE = "LabelMap";

    private static final int HEADER_BYTES = 128;
    private static final int ENDIAN_AT = 126;

    private static final int INT8 = 1;
    private static final int UINT8 = 2;
    private static final int INT16 = 3;
    private static final int UINT16 = 4;
    private static final int INT32 = 5;
    private static final int UINT32 = 6;
    private static final int DOUBLE = 9;
    private static final int MATRIX = 14;
    private static final int COMPRESSED = 15;

    /** A tagged piece of the file. */
    private record Element(int type, ByteBuffer data) {
    }

    private MatFile() {
    }

    /** @throws InputException if the file is missing, no MATLAB file of level 5, broken, or has no such matrix */
    static LabelMap labelMap(Path file) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
            if (bytes.limit() < HEADER_BYTES) throw new InputException(file + ": is no MATLAB file of level 5, its header is missing");
            String endian = "" + (char) bytes.get(ENDIAN_AT) + (char) bytes.get(ENDIAN_AT + 1);
            if (!endian.equals("IM") && !endian.equals("MI")) {
                throw new InputException(file + ": is no MATLAB file of level 5; save it with -v7 or -v6, not -v7.3");
            }
            bytes.order(endian.equals("IM") ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN).position(HEADER_BYTES);
            while (bytes.hasRemaining()) {
                Element element = element(bytes);
                if (element.type == COMPRESSED) element = element(inflated(element.data));
                LabelMap map = element.type == MATRIX ? matrix(file, element.data) : null;
                if (map != null) return map;
            }
            throw new InputException(file + ": has no matrix " + VARIABLE);
        } catch (IOException | BufferUnderflowException | IllegalArgumentException e) {
            throw new InputException(file + ": this MATLAB file cannot be read or is broken: " + e.getMessage(), e);
        }
    }

    /** The matrix as a map, or null if it has another name. */
    private static LabelMap matrix(Path file, ByteBuffer data) {
        element(data);   // array flags: the class is not needed, the values' own type says how to read them
        ByteBuffer sizes = element(data).data;
        String name = StandardCharsets.ISO_8859_1.decode(element(data).data).toString();
        if (!name.equals(VARIABLE)) return null;
        int height = sizes.getInt();
        int width = sizes.getInt();
        if (sizes.hasRemaining()) throw new InputException(file + ": " + VARIABLE + " must have two dimensions");
        Element values = element(data);
        ToIntFunction<ByteBuffer> next = reader(file, values.type);
        int[] labels = new int[Math.multiplyExact(height, width)];
        for (int x = 0; x < width; x++) {
            for (int y = 0; y < height; y++) labels[y * width + x] = next.applyAsInt(values.data);
        }
        return new LabelMap(height, width, labels);
    }

    private static ToIntFunction<ByteBuffer> reader(Path file, int type) {
        return switch (type) {
            case INT8 -> ByteBuffer::get;
            case UINT8 -> values -> values.get() & 0xff;
            case INT16 -> ByteBuffer::getShort;
            case UINT16 -> values -> values.getShort() & 0xffff;
            case INT32, UINT32 -> ByteBuffer::getInt;
            case DOUBLE -> values -> (int) values.getDouble();
            default -> throw new InputException(file + ": " + VARIABLE + " must hold numbers, but is of MATLAB's type " + type);
        };
    }

    /** Reads the next element; those inside others begin at multiples of eight bytes. */
    private static Element element(ByteBuffer bytes) {
        int type = bytes.getInt();
        int small = type >>> 16;   // data of up to four bytes shares a word with its tag
        int length = small != 0 ? small : bytes.getInt();
        int start = bytes.position();
        if (length < 0 || length > bytes.remaining()) throw new BufferUnderflowException();
        ByteBuffer data = bytes.slice(start, length).order(bytes.order());
        int room = small != 0 ? 4 : (type & 0xffff) == COMPRESSED ? length : length + 7 & ~7;
        bytes.position(Math.min(start + room, bytes.limit()));
        return new Element(type & 0xffff, data);
    }

    private static ByteBuffer inflated(ByteBuffer deflated) throws IOException {
        byte[] bytes = new byte[deflated.remaining()];
        deflated.get(bytes);
        try (var in = new InflaterInputStream(new ByteArrayInputStream(bytes))) {
            return ByteBuffer.wrap(in.readAllBytes()).order(deflated.order());
        }
    }
}
