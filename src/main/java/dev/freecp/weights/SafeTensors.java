package dev.freecp.weights;

import dev.freecp.error.InputException;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Storage;
import dev.freecp.tensor.Tensor;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/**
 * A safetensors file, mapped into memory and checked before any tensor is handed out. Opening reads the header only; numbers are paged in
 * when somebody looks at them. Tensors are views that live until {@link #close()}; they may lie at any byte, so read them with unaligned
 * layouts. Safe for many threads. The file must not be shortened while it is open.
 */
public final class SafeTensors implements AutoCloseable {

    private final Path file;
    private final Arena arena;
    private final MemorySegment contents;
    private final SafeTensorsHeader header;

    private SafeTensors(Path file, Arena arena, MemorySegment contents, SafeTensorsHeader header) {
        this.file = file;
        this.arena = arena;
        this.contents = contents;
        this.header = header;
    }

    /**
     * Opens {@code file}, of any length.
     *
     * @throws InputException if it cannot be read, is cut short, or its header is anything but true
     */
    public static SafeTensors open(Path file) {
        if (!Files.exists(file)) throw new InputException(file + ": no such file");
        if (!Files.isRegularFile(file)) throw new InputException(file + ": wanted a safetensors file, this is none");
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            MemorySegment contents = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            return new SafeTensors(file, arena, contents, SafeTensorsHeader.read(file.toString(), contents));
        } catch (IOException e) {
            arena.close();
            throw new InputException(file + ": cannot be read: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    public Path file() {
        return file;
    }

    /** Names of all tensors, in the order of their data. */
    public List<String> names() {
        return List.copyOf(header.tensors().keySet());
    }

    public boolean has(String name) {
        return header.tensors().containsKey(name);
    }

    public Shape shape(String name) {
        return entry(name).shape();
    }

    public DType type(String name) {
        return entry(name).type();
    }

    /** The strings that the file says about itself, such as {@code format=pt}. */
    public Map<String, String> metadata() {
        return header.metadata();
    }

    /** The tensor called {@code name}, a dense view of the mapped file with numbered dimensions. */
    public Tensor tensor(String name) {
        SafeTensorsHeader.Entry entry = entry(name);
        MemorySegment part = contents.asSlice(header.dataStart() + entry.begin(), entry.end() - entry.begin());
        return new Tensor(name, entry.shape(), entry.type(), entry.shape().cols(), new Storage.Host(part));
    }

    /** The whole file. */
    MemorySegment contents() {
        return contents;
    }

    @Override
    public void close() {
        arena.close();
    }

    private SafeTensorsHeader.Entry entry(String name) {
        SafeTensorsHeader.Entry entry = header.tensors().get(name);
        if (entry == null) throw new InputException(file + ": holds no tensor '" + name + "'");
        return entry;
    }
}
