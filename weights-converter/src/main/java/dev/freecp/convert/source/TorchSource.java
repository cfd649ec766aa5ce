package dev.freecp.convert.source;

import dev.freecp.convert.source.TorchTensor.Unreadable;
import dev.freecp.convert.source.TorchTensor.View;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The tensors of a file that torch wrote, whichever of its containers it chose. */
final class TorchSource implements TensorSource {

    private final String container;
    private final MappedFile file;
    private final StateTree tree;
    private final List<String> globals;

    /** Takes over {@code file}. */
    TorchSource(String container, MappedFile file, StateTree tree, Set<String> globals) {
        this.container = container;
        this.file = file;
        this.tree = tree;
        this.globals = globals.stream().sorted().toList();
    }

    @Override
    public String container() {
        return container;
    }

    @Override
    public Set<String> names() {
        return tree.tensors().keySet();
    }

    @Override
    public DType type(String name) {
        return view(name).type();
    }

    @Override
    public Shape shape(String name) {
        return view(name).shape();
    }

    @Override
    public Tensor tensor(String name) {
        return view(name).read(file.place(), name);
    }

    @Override
    public Map<String, Object> extras() {
        return tree.extras();
    }

    @Override
    public List<String> globals() {
        return globals;
    }

    @Override
    public List<Path> files() {
        return List.of(file.place().file());
    }

    @Override
    public void close() {
        file.close();
    }

    private View view(String name) {
        return switch (tree.tensors().get(name)) {
            case View view -> view;
            case Unreadable unreadable -> throw file.place().refusal(unreadable.kind(), "'" + name + "' " + unreadable.reason());
            case null -> throw file.place().missing("holds no tensor '" + name + "'");
        };
    }
}
