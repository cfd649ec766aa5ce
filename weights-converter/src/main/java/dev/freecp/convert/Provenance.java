package dev.freecp.convert;

import dev.freecp.error.InputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * The source's SHA-256, computed while the result is made and filled in at the end: it stands in the header, which comes first, and hashing first
 * would double the time of a conversion. Hashing takes longest of all that a conversion does, so it begins as soon as it is known what is read.
 */
final class Provenance implements AutoCloseable {

    private static final String PLACEHOLDER = "0".repeat(64);
    /** The header begins with the metadata, whose few lines end long before this. */
    private static final int SEARCHED_BYTES = 1 << 16;

    /** Published files that are known by their hash, as OpenAI's program has them in their addresses. */
    private static final Map<String, String> KNOWN = Map.of(
        "40d365715913c9da98579312b702a82c18be219cc2a73407c4526f58eba950af", "OpenAI's ViT-B/32",
        "5806e77cd80f8b59890b7e101eabd078d9fb84e6937f9e85e4ecb61988df416f", "OpenAI's ViT-B/16",
        "b8cca3fd41ae0c99ba7e8951adf17d267cdb84cd88be6f7c2e0eca1737a03836", "OpenAI's ViT-L/14",
        "3035c92b350959924f9f00213499208652fc7ea050643e8b385c2dac08641f02", "OpenAI's ViT-L/14 at 336 pixels");

    private final FutureTask<String> sha256;

    private Provenance(FutureTask<String> sha256) {
        this.sha256 = sha256;
    }

    /** Begins to read {@code files}. */
    static Provenance of(List<Path> files) {
        FutureTask<String> sha256 = new FutureTask<>(() -> FileDigest.sha256(files));
        Thread.ofPlatform().daemon().name("sha256").start(sha256);
        return new Provenance(sha256);
    }

    /** What stands in the header until {@link #fillIn}. */
    String placeholder() {
        return PLACEHOLDER;
    }

    /**
     * Waits for the hash and writes it over the placeholder in the header of {@code model}.
     *
     * @return the hash, and whose file it is if that is known
     * @throws InputException if the source cannot be read to its end, or {@code model} not be written
     */
    String fillIn(Path model) {
        String hash = hash();
        try (FileChannel channel = FileChannel.open(model, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer start = ByteBuffer.allocate((int) Math.min(SEARCHED_BYTES, channel.size()));
            while (start.hasRemaining() && channel.read(start) >= 0) continue;
            int place = new String(start.array(), StandardCharsets.ISO_8859_1).indexOf(PLACEHOLDER);
            if (place < 0) throw new IllegalStateException(model + ": no placeholder in its header");
            channel.write(ByteBuffer.wrap(hash.getBytes(StandardCharsets.US_ASCII)), place);
            channel.force(true);
        } catch (IOException e) {
            throw new InputException(model + ": cannot be written: " + e.getMessage(), e);
        }
        return KNOWN.containsKey(hash) ? hash + ", which is " + KNOWN.get(hash) : hash;
    }

    private String hash() {
        try {
            return sha256.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof InputException unreadable ? unreadable : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while hashing", e);
        }
    }

    /** Stops reading, if nobody needs the hash any more. */
    @Override
    public void close() {
        sha256.cancel(true);
    }
}
