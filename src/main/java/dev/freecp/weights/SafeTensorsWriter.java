package dev.freecp.weights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.freecp.error.InputException;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Tensor;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Writes safetensors files, byte for byte as the reference library (safetensors 0.8) writes them: tensors sorted by type, widest first, then by name,
 * so that each lies aligned; the header padded with spaces to 8 bytes. Metadata, which the reference writes in any order, is sorted.
 */
public final class SafeTensorsWriter {

    /** The reference's order of types, which is by alignment first. */
    private static final List<DType> ORDER = List.of(DType.U64, DType.I64, DType.F64, DType.F32, DType.U32, DType.I32, DType.BF16, DType.F16,
        DType.U16, DType.I16, DType.I8, DType.U8, DType.BOOL);

    private SafeTensorsWriter() {
    }

    /**
     * Writes host tensors under their keys in {@code tensors}; rows that lie apart are written without the gaps. The data goes to a file beside
     * {@code target} that takes its place at the end in one step: whoever looks sees the old file or the new one, whole.
     *
     * @throws InputException if the file cannot be written, or a name cannot stand in a header; {@code target} is then as it was
     */
    public static void write(Path target, Map<String, Tensor> tensors, Map<String, String> metadata) {
        Map<String, LazyTensor> ready = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> ready.put(name, new LazyTensor(tensor.type(), tensor.shape(), _ -> tensor)));
        stream(target, ready, metadata);
    }

    /**
     * As {@link #write}, with tensors that are made one by one in the order of the file: writing takes the memory of the largest of them, whatever
     * the file's length.
     *
     * @throws InputException as {@link #write}; what a tensor's making throws goes through, and {@code target} is then as it was
     */
    public static void stream(Path target, Map<String, LazyTensor> tensors, Map<String, String> metadata) {
        List<Map.Entry<String, LazyTensor>> sorted = tensors.entrySet().stream().sorted(
            Comparator.comparingInt((Map.Entry<String, LazyTensor> entry) -> ORDER.indexOf(entry.getValue().type()))
                .thenComparing(entry -> entry.getKey().getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned)).toList();
        byte[] header = header(target, sorted, metadata);
        Path part = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".part");
        try {
            try (FileSink sink = FileSink.create(part)) {
                sink.putLong(header.length);
                sink.put(header);
                for (Map.Entry<String, LazyTensor> entry : sorted) {
                    try (Arena arena = Arena.ofConfined()) {
                        put(sink, entry.getValue().made(arena));
                    }
                }
                sink.finish();
            }
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new InputException(target + ": cannot be written: " + e, e);
        } finally {
            discard(part);
        }
    }

    private static void put(FileSink sink, Tensor tensor) throws IOException {
        long width = tensor.type().bytes();
        if (tensor.isDense()) {
            sink.put(tensor.segment(), 0, tensor.shape().count() * width);
        } else {
            for (int row = 0; row < tensor.rows(); row++) sink.put(tensor.segment(), tensor.offset(row, 0), tensor.cols() * width);
        }
    }

    private static byte[] header(Path target, List<Map.Entry<String, LazyTensor>> sorted, Map<String, String> metadata) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = new JsonFactory().createGenerator(bytes)) {
            json.writeStartObject();
            if (!metadata.isEmpty()) {
                json.writeObjectFieldStart(SafeTensorsHeader.METADATA);
                for (Map.Entry<String, String> entry : new TreeMap<>(metadata).entrySet()) json.writeStringField(entry.getKey(), entry.getValue());
                json.writeEndObject();
            }
            long begin = 0;
            for (Map.Entry<String, LazyTensor> entry : sorted) {
                if (entry.getKey().equals(SafeTensorsHeader.METADATA) || !StrictJson.isWellFormed(entry.getKey())) {
                    throw new InputException(target + ": cannot be written: no tensor can be called '" + entry.getKey() + "'");
                }
                LazyTensor tensor = entry.getValue();
                int[] sizes = tensor.shape().sizes();
                long end = begin + tensor.shape().count() * tensor.type().bytes();
                json.writeObjectFieldStart(entry.getKey());
                json.writeStringField("dtype", tensor.type().name());
                json.writeFieldName("shape");
                json.writeArray(sizes, 0, sizes.length);
                json.writeFieldName("data_offsets");
                json.writeArray(new long[] {begin, end}, 0, 2);
                json.writeEndObject();
                begin = end;
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new InputException(target + ": cannot be written: its header is no JSON: " + e.getMessage(), e);
        }
        while (bytes.size() % 8 != 0) bytes.write(' ');
        if (bytes.size() > SafeTensorsHeader.MAX_BYTES) {
            throw new InputException(target + ": cannot be written: its header of " + bytes.size() + " bytes is above the format's bound of "
                + SafeTensorsHeader.MAX_BYTES);
        }
        return bytes.toByteArray();
    }

    /** After a success there is nothing left to delete; after a failure the failure is what the caller must hear of, not this. */
    private static void discard(Path part) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            System.getLogger(SafeTensorsWriter.class.getName()).log(System.Logger.Level.WARNING, "left behind: " + part, e);
        }
    }
}
