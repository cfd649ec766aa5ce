package dev.freecp.image;

import dev.freecp.error.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Takes a whole picture file into memory, or says in one sentence why that cannot be. */
final class FileBytes {

    private static final int MAX_BYTES = 1 << 30;

    private FileBytes() {}

    static byte[] read(Path path) {
        if (Files.isDirectory(path)) throw new InputException(path + ": this is a folder, a picture file is needed");
        if (!Files.exists(path)) throw new InputException(path + ": there is no such file");
        try (InputStream in = Files.newInputStream(path)) {
            return read(in, path.toString());
        } catch (IOException e) {
            throw new InputException(path + ": cannot be opened (" + e.getClass().getSimpleName() + ")", e);
        }
    }

    static byte[] read(InputStream in, String name) {
        byte[] bytes;
        try {
            bytes = in.readNBytes(MAX_BYTES + 1);
        } catch (IOException e) {
            throw new InputException(name + ": reading failed: " + e.getMessage(), e);
        }
        if (bytes.length == 0) throw new InputException(name + ": the file is empty");
        if (bytes.length > MAX_BYTES) {
            throw new InputException(name + ": the file is larger than " + (MAX_BYTES >> 20) + " MiB, too large for a picture");
        }
        return bytes;
    }
}
