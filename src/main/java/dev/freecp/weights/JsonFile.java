package dev.freecp.weights;

import dev.freecp.error.InputException;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads configuration files, strictly: what a tolerant reader would guess at (a key twice, text behind the object) is refused. */
public final class JsonFile {

    private static final long MAX_BYTES = 100_000_000;

    private JsonFile() {
    }

    /**
     * The JSON object in {@code file}.
     *
     * @throws InputException if the file is missing, larger than 100 MB, not UTF-8, or anything but one JSON object with every key once
     */
    public static JsonObject object(Path file) {
        if (!Files.exists(file)) throw new InputException(file + ": no such file");
        if (!Files.isRegularFile(file)) throw new InputException(file + ": wanted a JSON file, this is none");
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            long bytes = Files.size(file);
            if (bytes > MAX_BYTES) throw new InputException(file + ": is of " + bytes + " bytes, JSON files may have " + MAX_BYTES);
            return new JsonObject(file.toString(), "", StrictJson.object(file.toString(), in));
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }
}
