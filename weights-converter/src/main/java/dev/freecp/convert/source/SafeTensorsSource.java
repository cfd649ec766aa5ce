package dev.freecp.convert.source;

import dev.freecp.error.InputException;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import dev.freecp.weights.SafeTensors;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A safetensors file, read by the engine's own reader; what that refuses becomes a {@link Refusal}. */
final class SafeTensorsSource implements TensorSource {

    private final Place place;
    private final SafeTensors tensors;
    private final Set<String> names;

    private SafeTensorsSource(Place place, SafeTensors tensors) {
        this.place = place;
        this.tensors = tensors;
        this.names = Collections.unmodifiableSet(new LinkedHashSet<>(tensors.names()));
    }

    static SafeTensorsSource open(Path file) {
        Place place = new Place(file);
        try {
            return new SafeTensorsSource(place, SafeTensors.open(file));
        } catch (InputException e) {
            throw refusal(place, e);
        }
    }

    /** The engine has one kind of refusal; a type that it does not read is the only one that is no fault of the file. */
    private static Refusal refusal(Place place, InputException e) {
        String prefix = place.file() + ": ";
        String reason = e.getMessage().startsWith(prefix) ? e.getMessage().substring(prefix.length()) : e.getMessage();
        return reason.contains("is not one of those read here") ? place.unsupported(reason) : place.malformed(reason);
    }

    @Override
    public String container() {
        return "safetensors";
    }

    @Override
    public Set<String> names() {
        return names;
    }

    @Override
    public DType type(String name) {
        return tensors.type(required(name));
    }

    @Override
    public Shape shape(String name) {
        return tensors.shape(required(name));
    }

    @Override
    public Tensor tensor(String name) {
        return tensors.tensor(required(name));
    }

    /** The file's metadata. */
    @Override
    public Map<String, Object> extras() {
        return Collections.unmodifiableMap(tensors.metadata());
    }

    @Override
    public List<String> globals() {
        return List.of();
    }

    @Override
    public List<Path> files() {
        return List.of(place.file());
    }

    @Override
    public void close() {
        tensors.close();
    }

    private String required(String name) {
        if (!names.contains(name)) throw place.missing("holds no tensor '" + name + "'");
        return name;
    }
}
