package dev.freecp.convert.source;

import dev.freecp.error.InputException;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import dev.freecp.weights.JsonFile;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Several files with an index {@code {"weight_map": {name: file, ...}}} beside them, as Hugging Face splits large weights. */
final class ShardedSource implements TensorSource {

    private static final int MAX_SHARDS = 1_000;

    private final Place place;
    private final Map<String, TensorSource> shards = new LinkedHashMap<>();
    private final Map<String, TensorSource> homes = new LinkedHashMap<>();
    private final Map<String, Object> extras = new LinkedHashMap<>();
    private final Set<String> globals = new TreeSet<>();

    private ShardedSource(Path index) {
        place = new Place(index);
    }

    /** @throws Refusal if the index, a shard, or a tensor where the index has it, is not there; or a tensor is there twice */
    static ShardedSource open(Path index) {
        ShardedSource source = new ShardedSource(index);
        try {
            source.read();
            return source;
        } catch (RuntimeException e) {
            source.close();
            throw e;
        }
    }

    private void read() {
        Map<String, Object> map = weightMap();
        for (Map.Entry<String, Object> entry : map.entrySet()) {
            if (!(entry.getValue() instanceof String file)) throw place.malformed("weight_map has no file name for '" + entry.getKey() + "'");
            TensorSource shard = shard(file);
            if (!shard.names().contains(entry.getKey())) throw place.missing("'" + entry.getKey() + "' should be in " + file + ", but is not");
            homes.put(entry.getKey(), shard);
        }
        if (homes.isEmpty()) throw place.missing("its weight_map is empty");
        for (TensorSource shard : shards.values()) {
            for (String name : shard.names()) {
                TensorSource home = homes.putIfAbsent(name, shard);
                if (home != null && home != shard) throw place.malformed("'" + name + "' is in two of its files");
            }
            extras.putAll(shard.extras());
            globals.addAll(shard.globals());
        }
    }

    private Map<String, Object> weightMap() {
        try {
            return JsonFile.object(place.file()).object("weight_map");
        } catch (InputException e) {
            throw place.malformed(e.getMessage().replace(place.file() + ": ", ""));
        }
    }

    private TensorSource shard(String file) {
        if (shards.containsKey(file)) return shards.get(file);
        if (shards.size() == MAX_SHARDS) throw place.tooLarge("names more than " + MAX_SHARDS + " files");
        boolean plain = !file.isEmpty() && !file.equals(".") && !file.equals("..") && file.chars().noneMatch(c -> c == '/' || c == '\\' || c == ':' || c < ' ');
        if (!plain) throw place.unsafe("names the file '" + file + "', which does not lie beside it");
        Path path = beside(file);
        if (path == null || !Files.exists(path)) throw place.missing("names " + file + ", which is not there");
        if (Sources.isJson(path)) throw new Place(path).malformed("wanted weights, this is JSON");
        TensorSource shard = Sources.open(path);
        shards.put(file, shard);
        return shard;
    }

    /** Null if this machine's file system can have no file of that name. */
    private Path beside(String file) {
        try {
            return place.file().resolveSibling(file);
        } catch (InvalidPathException e) {
            return null;
        }
    }

    @Override
    public String container() {
        return shards.values().iterator().next().container() + " in " + shards.size() + " shards";
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(homes.keySet());
    }

    @Override
    public DType type(String name) {
        return home(name).type(name);
    }

    @Override
    public Shape shape(String name) {
        return home(name).shape(name);
    }

    @Override
    public Tensor tensor(String name) {
        return home(name).tensor(name);
    }

    @Override
    public Map<String, Object> extras() {
        return Collections.unmodifiableMap(extras);
    }

    @Override
    public List<String> globals() {
        return List.copyOf(globals);
    }

    @Override
    public List<Path> files() {
        List<Path> files = new ArrayList<>(List.of(place.file()));
        for (TensorSource shard : shards.values()) files.addAll(shard.files());
        return files;
    }

    @Override
    public void close() {
        shards.values().forEach(TensorSource::close);
    }

    private TensorSource home(String name) {
        TensorSource home = homes.get(name);
        if (home == null) throw place.missing("holds no tensor '" + name + "'");
        return home;
    }
}
