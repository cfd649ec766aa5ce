package dev.freecp.convert.source;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A whole file, mapped; it must not be shortened while it is open. */
final class MappedFile implements AutoCloseable {

    private final Place place;
    private final Arena arena;
    private final MemorySegment bytes;

    private MappedFile(Place place, Arena arena, MemorySegment bytes) {
        this.place = place;
        this.arena = arena;
        this.bytes = bytes;
    }

    static MappedFile open(Path file) {
        Place place = new Place(file);
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return new MappedFile(place, arena, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
        } catch (IOException e) {
            arena.close();
            throw place.missing("cannot be read: " + e.getMessage());
        }
    }

    Place place() {
        return place;
    }

    MemorySegment bytes() {
        return bytes;
    }

    @Override
    public void close() {
        arena.close();
    }
}
