package dev.freecp.convert.source;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The container of {@code torch.save} before torch 1.6: five pickles in a row (a magic number, the protocol's version, facts about the machine, the
 * objects, the storages' keys), then for each key a count of 8 bytes and the numbers.
 */
final class TorchLegacy {

    private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
    private static final long VERSION = 1001;
    private static final ValueLayout.OfLong COUNT = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MappedFile file;
    private final Place place;
    private final Budget budget;
    private final TorchTensors tensors;
    private final TorchGlobals host;
    private final TreeSet<String> globals = new TreeSet<>();
    private long position;

    private TorchLegacy(MappedFile file) {
        this.file = file;
        place = file.place();
        budget = new Budget(place);
        tensors = new TorchTensors(place, budget, _ -> { });
        host = new TorchGlobals(budget, tensors);
    }

    /** Reads the objects and finds the storages; takes over {@code file}. */
    static TorchSource open(MappedFile file) {
        return new TorchLegacy(file).read();
    }

    private TorchSource read() {
        if (!MAGIC.equals(next("magic number"))) throw place.malformed("is a pickle, but none that torch.save writes");
        if (!Long.valueOf(VERSION).equals(next("protocol"))) throw place.unsupported("is of another protocol of torch.save than " + VERSION);
        if (!(next("system") instanceof Map<?, ?> system)) throw place.malformed("says nothing about the machine that wrote it");
        if (Boolean.FALSE.equals(system.get("little_endian"))) throw place.unsupported("was written on a big-endian machine; save it again on another");
        Object root = next("objects");
        if (!(next("storage keys") instanceof List<?> keys)) throw place.malformed("does not list its storages");
        for (Object key : keys) attach(key);
        for (TorchStorage storage : tensors.storages().values()) {
            if (!storage.isAttached()) throw place.malformed("lacks the numbers of storage '" + storage.key() + "'");
        }
        if (position != file.bytes().byteSize()) throw place.malformed((file.bytes().byteSize() - position) + " bytes after the last storage belong to nothing");
        return new TorchSource("legacy torch.save", file, StateTree.of(place.part("objects"), budget, root), globals);
    }

    private Object next(String part) {
        Place inside = place.part(part);
        PickleInput in = new PickleInput(inside, file.bytes(), position, budget);
        Object value = new PickleMachine(inside, in, budget, host, globals).run();
        position = in.position();
        return value;
    }

    private void attach(Object key) {
        TorchStorage storage = key instanceof String text ? tensors.storages().get(text) : null;
        if (storage == null) throw place.malformed("lists a storage that its objects do not have");
        if (storage.isAttached()) throw place.malformed("lists storage '" + storage.key() + "' twice");
        int width = storage.type().bytes();
        if (width == 0) throw place.unsupported("storage '" + storage.key() + "' is of the type " + storage.type().name() + ", which is not read here");
        long left = file.bytes().byteSize() - position - Long.BYTES;
        long count = left < 0 ? -1 : file.bytes().get(COUNT, position);
        if (count != storage.count() && left >= 0) {
            throw place.malformed("storage '" + storage.key() + "' should hold " + storage.count() + " elements, but says " + count);
        }
        if (left < 0 || count > left / width) throw place.malformed("is cut short in storage '" + storage.key() + "'; download or copy it again");
        MemorySegment contents = file.bytes().asSlice(position + Long.BYTES, count * width);
        storage.attach(() -> contents);
        position += Long.BYTES + count * width;
    }
}
