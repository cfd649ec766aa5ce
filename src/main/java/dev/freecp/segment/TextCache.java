package dev.freecp.segment;

import dev.freecp.clip.Cleaning;
import dev.freecp.error.InputException;
import dev.freecp.ops.Precision;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * Text matrices on disk, one file for each (weights, cleaning, words with their sentences). A file that is broken, cut short or not ours counts as
 * absent and is replaced; a folder that cannot be written costs a warning and nothing else. Safe for many threads and processes.
 *
 * <p>File: magic, key (32 bytes), rows, columns, float32 values, CRC-32 of all before; integers and floats little-endian.
 */
public final class TextCache {

    /** Part of every key: raise it when the same words come to mean other numbers (tokenizer, text tower, averaging). */
    private static final int FORMAT = 2;
    private static final long MAGIC = 0x3154584554504346L;    // "FCPTEXT1"
    private static final int KEY_BYTES = 32;
    private static final int HEADER_BYTES = Long.BYTES + KEY_BYTES + 2 * Integer.BYTES;
    private static final Pattern OWN_FILE = Pattern.compile("text-([0-9a-f]{64}\\.matrix|[0-9]+\\.partial)");
    private static final System.Logger LOG = System.getLogger(TextCache.class.getName());

    private final Path folder;

    private TextCache(Path folder) {
        this.folder = folder;
    }

    /** True if nothing is kept. */
    public boolean isOff() {
        return folder == null;
    }

    /** A cache in a folder, which is made when first needed. */
    public static TextCache at(Path folder) {
        return new TextCache(folder);
    }

    /** Holds nothing. */
    public static TextCache off() {
        return new TextCache(null);
    }

    /** {@code $XDG_CACHE_HOME/freecp}, or {@code ~/.cache/freecp} where that is not set to an absolute path. */
    public static Path defaultFolder() {
        return defaultFolder(System.getenv(), System.getProperty("user.home"));
    }

    static Path defaultFolder(Map<String, String> environment, String home) {
        String caches = environment.getOrDefault("XDG_CACHE_HOME", "");
        Path base = caches.startsWith("/") ? Path.of(caches) : Path.of(home, ".cache");
        return base.resolve("freecp");
    }

    /**
     * Key of a matrix: SHA-256 in hexadecimal. Every part goes in with its length, so that no two lists share a key.
     *
     * @param weightsHash identifies the weights and tokenizer files
     * @param precision   of the towers that made the numbers
     * @param words       one a row
     * @param sentences   as many lists as words
     */
    public static String key(String weightsHash, Precision precision, Cleaning cleaning, List<String> words, List<List<String>> sentences) {
        if (words.size() != sentences.size()) {
            throw new IllegalArgumentException(words.size() + " words, but sentences for " + sentences.size());
        }
        MessageDigest digest = sha256();
        add(digest, Integer.toString(FORMAT));
        add(digest, weightsHash);
        add(digest, precision.toString());
        add(digest, cleaning.name());
        for (int i = 0; i < words.size(); i++) {
            add(digest, words.get(i));
            add(digest, Integer.toString(sentences.get(i).size()));
            sentences.get(i).forEach(sentence -> add(digest, sentence));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** The row-major matrix stored under a key with just these sizes, or empty. */
    public Optional<float[]> load(String key, int rows, int cols) {
        if (folder == null) {
            return Optional.empty();
        }
        long size = sizeOf(rows, cols);
        try {
            Path file = path(key);
            if (Files.size(file) != size) {
                return Optional.empty();
            }
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
            if (bytes.capacity() != size || bytes.getInt((int) size - Integer.BYTES) != checksum(bytes)
                || !bytes.slice(0, HEADER_BYTES).equals(header(key, rows, cols))) {
                return Optional.empty();
            }
            float[] matrix = new float[rows * cols];
            bytes.position(HEADER_BYTES).asFloatBuffer().get(matrix);
            return Optional.of(matrix);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Where the matrix of a key lies once it is stored, or empty if nothing is. */
    public Optional<Path> file(String key) {
        return Optional.ofNullable(folder).map(_ -> path(key));
    }

    /** Stores a row-major matrix. Readers see the whole file or none; a failure is logged as a warning. */
    public void store(String key, int rows, int cols, float[] matrix) {
        if (matrix.length != rows * cols) {
            throw new IllegalArgumentException("a matrix of " + rows + " x " + cols + " has not " + matrix.length + " values");
        }
        if (folder == null) {
            return;
        }
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(sizeOf(rows, cols))).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(header(key, rows, cols));
        bytes.asFloatBuffer().put(matrix);
        bytes.putInt(bytes.capacity() - Integer.BYTES, checksum(bytes));
        try {
            Files.createDirectories(folder);
            Path partial = Files.createTempFile(folder, "text-", ".partial");
            try {
                Files.write(partial, bytes.array());
                Files.move(partial, path(key), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(partial);
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "text features are not cached: " + folder + " cannot be written (" + e + ")");
        }
    }

    /**
     * Deletes the cache's own files and leaves any others.
     *
     * @return how many there were
     * @throws InputException if the folder cannot be listed or a file not deleted
     */
    public int clear() {
        List<Path> files = files();
        for (Path file : files) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new InputException(file + ": cannot be deleted (" + e.getMessage() + ")", e);
            }
        }
        return files.size();
    }

    /** Bytes that the cache's own files take. */
    public long size() {
        long bytes = 0;
        for (Path file : files()) {
            bytes += file.toFile().length();
        }
        return bytes;
    }

    private List<Path> files() {
        if (folder == null) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> OWN_FILE.matcher(file.getFileName().toString()).matches()).toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new InputException(folder + ": cannot be listed (" + e.getMessage() + ")", e);
        }
    }

    private Path path(String key) {
        return folder.resolve("text-" + key + ".matrix");
    }

    private static long sizeOf(int rows, int cols) {
        return HEADER_BYTES + (long) Float.BYTES * rows * cols + Integer.BYTES;
    }

    private static ByteBuffer header(String key, int rows, int cols) {
        return ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(MAGIC).put(HexFormat.of().parseHex(key))
            .putInt(rows).putInt(cols).flip();
    }

    /** CRC-32 of all but the last four bytes. */
    private static int checksum(ByteBuffer file) {
        CRC32 crc = new CRC32();
        crc.update(file.array(), 0, file.capacity() - Integer.BYTES);
        return (int) crc.getValue();
    }

    private static void add(MessageDigest digest, String part) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
        digest.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
