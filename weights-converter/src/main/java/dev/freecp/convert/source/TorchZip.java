package dev.freecp.convert.source;

import dev.freecp.convert.source.ZipDirectory.Entry;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeSet;

/**
 * The container of {@code torch.save} since torch 1.6, and of {@code torch.jit.save}: a zip whose entries lie in one folder of any name, {@code
 * data.pkl} for the objects and {@code data/KEY} for each storage. TorchScript adds {@code constants.pkl} and {@code code/}, which are not read.
 */
final class TorchZip {

    private static final long MAX_PICKLE = 16 << 20;

    private final MappedFile file;
    private final Place place;
    private final ZipArchive archive;
    private final String folder;

    private TorchZip(MappedFile file) {
        this.file = file;
        place = file.place();
        archive = ZipArchive.open(place, file.bytes());
        folder = folder();
    }

    /** Reads the objects; takes over {@code file}. */
    static TorchSource open(MappedFile file) {
        return new TorchZip(file).read();
    }

    private TorchSource read() {
        requireLittleEndian();
        Entry entry = archive.entry(folder + "data.pkl");
        if (entry.size() > MAX_PICKLE) throw place.tooLarge("its data.pkl is of " + entry.size() + " bytes, more than " + MAX_PICKLE);
        Place inside = place.part("data.pkl");
        Budget budget = new Budget(inside);
        PickleInput in = new PickleInput(inside, archive.contents(entry), 0, budget);
        TorchGlobals host = new TorchGlobals(budget, new TorchTensors(inside, budget, this::attach));
        TreeSet<String> globals = new TreeSet<>();
        Object root = new PickleMachine(inside, in, budget, host, globals).run();
        return new TorchSource(isTorchScript() ? "TorchScript archive" : "zip torch.save", file, StateTree.of(inside, budget, root), globals);
    }

    /** The one folder with a {@code data.pkl}, with its slash. */
    private String folder() {
        List<String> pickles = archive.entries().stream().map(Entry::name).filter(name -> name.matches("[^/]+/data\\.pkl")).toList();
        if (pickles.size() > 1) throw place.malformed("holds two objects, '" + pickles.get(0) + "' and '" + pickles.get(1) + "'");
        if (pickles.isEmpty()) {
            boolean remains = archive.entries().stream().anyMatch(entry -> entry.name().matches("[^/]+/(data/[^/]+|version|byteorder)"));
            if (remains) throw place.malformed("is an archive of torch without its data.pkl");
            throw place.unsupported("is a zip archive, but none that torch.save or torch.jit.save writes");
        }
        return pickles.getFirst().substring(0, pickles.getFirst().indexOf('/') + 1);
    }

    private boolean isTorchScript() {
        return archive.entry(folder + "constants.pkl") != null || archive.entries().stream().anyMatch(entry -> entry.name().startsWith(folder + "code/"));
    }

    private void requireLittleEndian() {
        Entry entry = archive.entry(folder + "byteorder");
        if (entry == null) return;
        String order = entry.size() > 16 ? "" : new String(archive.contents(entry).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.ISO_8859_1);
        if (order.equals("big")) throw place.unsupported("was written on a big-endian machine; save it again on another");
        if (!order.equals("little")) throw place.malformed("its byteorder is '" + order + "', wanted little");
    }

    /** Finds a storage's bytes as soon as its pickle speaks of it: what is not there can then not be promised to a tensor. */
    private void attach(TorchStorage storage) {
        Entry entry = archive.entry(folder + "data/" + storage.key());
        if (entry == null) throw place.malformed("lacks the numbers of storage '" + storage.key() + "'");
        archive.requireSane(entry);
        int width = storage.type().bytes();
        if (width > 0 && (entry.size() / width != storage.count() || entry.size() % width != 0)) {
            throw place.malformed("storage '" + storage.key() + "' should hold " + storage.count() + " elements of " + width + " bytes, but has "
                + entry.size() + " bytes");
        }
        storage.attach(() -> archive.contents(entry));
    }
}
