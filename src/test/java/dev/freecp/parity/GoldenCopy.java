package dev.freecp.parity;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.freecp.Golden;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A copy of some goldens in a folder of its own, to be made wrong. */
public final class GoldenCopy {

    private final Path folder;

    public GoldenCopy(Path folder) {
        this.folder = folder;
    }

    public Path folder() {
        return folder;
    }

    /** Copies all files of {@code part} whose names begin with {@code prefix}. */
    public GoldenCopy with(String part, String prefix) throws IOException {
        Path from = Golden.path("golden").resolve(part);
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).filter(file -> from.relativize(file).toString().startsWith(prefix)).toList()) {
                Path to = folder.resolve(part).resolve(from.relativize(file).toString());
                Files.createDirectories(to.getParent());
                Files.copy(file, to);
            }
        }
        return this;
    }

    /** Adds {@code delta} to the number of a tensor at {@code index}; a byte changes whatever it is. */
    void nudge(String file, String tensor, int index, double delta) throws IOException {
        Path path = folder.resolve(file + ".safetensors");
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
        int header = (int) bytes.getLong(0);
        Map<String, Object> entries = JSON.std.mapFrom(new String(bytes.array(), 8, header, StandardCharsets.UTF_8));
        Map<?, ?> entry = (Map<?, ?>) entries.get(tensor);
        int begin = 8 + header + ((Number) ((List<?>) entry.get("data_offsets")).getFirst()).intValue();
        switch (entry.get("dtype").toString()) {
            case "F32" -> bytes.putFloat(begin + 4 * index, (float) (bytes.getFloat(begin + 4 * index) + delta));
            case "I32" -> bytes.putInt(begin + 4 * index, (int) (bytes.getInt(begin + 4 * index) + delta));
            default -> bytes.put(begin + index, (byte) (bytes.get(begin + index) ^ 1));
        }
        Files.write(path, bytes.array());
    }

    /** Gives a tensor another name of the same length. */
    void rename(String file, String from, String to) throws IOException {
        Path path = folder.resolve(file + ".safetensors");
        String bytes = Files.readString(path, StandardCharsets.ISO_8859_1);
        Files.writeString(path, bytes.replace('"' + from + '"', '"' + to + '"'), StandardCharsets.ISO_8859_1);
    }

    /** Changes the object of a JSON file. */
    void edit(String file, Consumer<Map<String, Object>> change) throws IOException {
        Path path = folder.resolve(file + ".json");
        Map<String, Object> json = JSON.std.mapFrom(Files.readString(path));
        change.accept(json);
        Files.writeString(path, JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES).asString(json));
    }
}
