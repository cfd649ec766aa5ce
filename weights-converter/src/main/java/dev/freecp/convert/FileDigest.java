package dev.freecp.convert;

import dev.freecp.error.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** SHA-256 of files. */
final class FileDigest {

    /** Small: what was read is hashed out of the cache, and the loop is soon hot enough to be compiled to SHA instructions. */
    private static final int STEP = 1 << 16;

    private FileDigest() {
    }

    /** In hexadecimal, over the contents of all files one after the other. */
    static String sha256(List<Path> files) {
        MessageDigest digest = digest();
        byte[] buffer = new byte[STEP];
        for (Path file : files) {
            try (InputStream in = Files.newInputStream(file)) {
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) digest.update(buffer, 0, read);
            } catch (IOException e) {
                throw new InputException(file + ": cannot be read: " + e.getMessage(), e);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
