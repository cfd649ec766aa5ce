package dev.freecp.clip;

import dev.freecp.error.InputException;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** Text files of one entry a line: strictly UTF-8; a byte order mark and carriage returns are accepted and dropped. */
public final class Utf8Lines {

    private Utf8Lines() {
    }

    /**
     * All lines of a file, blank ones included.
     *
     * @throws InputException if the file is missing, unreadable or not UTF-8
     */
    public static List<String> read(Path file) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new InputException(file + ": there is no such file", e);
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
        try {
            return lines(bytes);
        } catch (CharacterCodingException e) {
            throw new InputException(file + ": is not UTF-8 text; save it as UTF-8", e);
        }
    }

    /** Lines of a resource beside {@code owner}, without blank lines and {@code #} comments. */
    public static List<String> resource(Class<?> owner, String name) {
        try (InputStream in = owner.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("resource " + name + " is missing beside " + owner.getName());
            }
            return withoutComments(lines(in.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lines that are neither blank nor begin with {@code #}. */
    static List<String> withoutComments(List<String> lines) {
        return lines.stream().filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
    }

    private static List<String> lines(byte[] bytes) throws CharacterCodingException {
        String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        return (text.startsWith("\ufeff") ? text.substring(1) : text).lines().toList();
    }
}
