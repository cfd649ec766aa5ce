package dev.freecp.weights;

import dev.freecp.error.InputException;
import dev.freecp.tensor.Tensor;

import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The tensors of a model as one set of names, whether they lie in one safetensors file or in several shards with an index. Tensors are
 * views that live until {@link #close()}.
 */
public final class Weights implements AutoCloseable {

    private static final int DIGEST_STEP = 1 << 24;

    private final Path file;
    private final SortedMap<String, SafeTensors> shards;
    private final Map<String, SafeTensors> places = new LinkedHashMap<>();
    private String sha256;

    private Weights(Path file, SortedMap<String, SafeTensors> shards) {
        this.file = file;
        this.shards = shards;
        for (SafeTensors shard : shards.values()) {
            for (String name : shard.names()) {
                SafeTensors other = places.putIfAbsent(name, shard);
                if (other == null) continue;
                throw new InputException(file + ": tensor '" + name + "' lies in two shards, " + fileName(other) + " and " + fileName(shard));
            }
        }
    }

    /**
     * Opens a safetensors file, or all shards that an index names ({@code model.safetensors.index.json}, told by its ending).
     *
     * @throws InputException if a file is missing or broken, the index names a file outside of its folder, or index and shards disagree
     */
    public static Weights open(Path fileOrIndex) {
        SortedMap<String, SafeTensors> shards = new TreeMap<>();
        try {
            if (!fileOrIndex.toString().endsWith(".json")) {
                shards.put(fileOrIndex.toString(), SafeTensors.open(fileOrIndex));
                return new Weights(fileOrIndex, shards);
            }
            JsonObject places = JsonFile.object(fileOrIndex).object("weight_map");
            for (String name : places.keySet()) {
                SafeTensors shard = shards.computeIfAbsent(places.string(name), shardName -> openShard(fileOrIndex, shardName));
                if (shard.has(name)) continue;
                throw new InputException(fileOrIndex + ": tensor '" + name + "' should lie in " + fileName(shard) + ", but does not");
            }
            return new Weights(fileOrIndex, shards);
        } catch (RuntimeException e) {
            shards.values().forEach(SafeTensors::close);
            throw e;
        }
    }

    /** An index comes from elsewhere: it must not make us open a file outside of its own folder. */
    private static SafeTensors openShard(Path index, String name) {
        if (!name.endsWith(".safetensors") || name.chars().anyMatch(c -> c == '/' || c == '\\' || c == ':' || c < ' ')) {
            throw new InputException(index + ": shard '" + name + "' must be the plain name of a .safetensors file in the same folder");
        }
        Path shard = index.resolveSibling(name);
        if (!Files.exists(shard)) throw new InputException(index + ": shard " + name + " is missing from the folder");
        return SafeTensors.open(shard);
    }

    /** The file or index that was opened, for messages. */
    public Path file() {
        return file;
    }

    /** All names, shard by shard in the order of their data. */
    public Set<String> names() {
        return Collections.unmodifiableSet(places.keySet());
    }

    public boolean has(String name) {
        return places.containsKey(name);
    }

    /** The tensor called {@code name}, as {@link SafeTensors#tensor}. */
    public Tensor tensor(String name) {
        SafeTensors shard = places.get(name);
        if (shard == null) throw new InputException(file + ": holds no tensor '" + name + "'");
        return shard.tensor(name);
    }

    /** SHA-256, in hexadecimal, over the contents of all safetensors files in the order of their names. Read once, when first asked for. */
    public synchronized String sha256() {
        if (sha256 == null) {
            MessageDigest digest = digest();
            for (SafeTensors shard : shards.values()) {
                MemorySegment contents = shard.contents();
                for (long done = 0; done < contents.byteSize(); done += DIGEST_STEP) {
                    MemorySegment step = contents.asSlice(done, Math.min(DIGEST_STEP, contents.byteSize() - done));
                    digest.update(step.asByteBuffer());
                    Pages.release(step);
                }
            }
            sha256 = HexFormat.of().formatHex(digest.digest());
        }
        return sha256;
    }

    @Override
    public void close() {
        shards.values().forEach(SafeTensors::close);
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static Path fileName(SafeTensors shard) {
        return shard.file().getFileName();
    }
}
