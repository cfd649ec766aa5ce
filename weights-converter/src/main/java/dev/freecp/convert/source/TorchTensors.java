package dev.freecp.convert.source;

import dev.freecp.convert.source.Pickled.Global;
import dev.freecp.convert.source.TorchTensor.Unreadable;
import dev.freecp.convert.source.TorchTensor.View;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Storages and tensors as a torch pickle puts them together: storages are persistent ids, tensors are calls of {@code torch._utils._rebuild_*}. */
final class TorchTensors {

    /** No storage's bytes can overflow a long. */
    private static final long MAX_COUNT = Long.MAX_VALUE >> 4;
    private static final Set<String> PARAMETERS = Set.of("torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state");
    private static final Set<String> TYPED = Set.of("torch._tensor._rebuild_from_type_v2", "torch._tensor._rebuild_from_type");
    private static final Set<String> PLAIN_CLASSES = Set.of("torch.Tensor", "torch._tensor.Tensor", "torch.nn.parameter.Parameter", "torch.nn.Parameter",
        "torch.nn.parameter.Buffer");
    private static final Set<String> VIEWS = Set.of("torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor_v3");
    private static final Set<String> UNREAD = Set.of("torch._utils._rebuild_sparse_tensor", "torch._utils._rebuild_sparse_csr_tensor",
        "torch._utils._rebuild_qtensor", "torch._utils._rebuild_nested_tensor", "torch._utils._rebuild_meta_tensor_no_storage",
        "torch._utils._rebuild_wrapper_subclass", "torch._utils._rebuild_device_tensor_from_numpy", "torch._utils._rebuild_device_tensor_from_cpu_tensor");

    private final Place place;
    private final Budget budget;
    private final Consumer<TorchStorage> onStorage;
    private final Map<String, TorchStorage> storages = new HashMap<>();

    /** @param onStorage hears of every storage once, at its first mention */
    TorchTensors(Place place, Budget budget, Consumer<TorchStorage> onStorage) {
        this.place = place;
        this.budget = budget;
        this.onStorage = onStorage;
    }

    /** By key. */
    Map<String, TorchStorage> storages() {
        return storages;
    }

    boolean isKnown(String global) {
        return VIEWS.contains(global) || PARAMETERS.contains(global) || TYPED.contains(global) || UNREAD.contains(global);
    }

    /** {@code ('storage', type, key, location, count)}; before torch 1.6 with a sixth item, the part of another storage that this one is. */
    Object storage(Object id, PickleInput at) {
        if (!(id instanceof Pickled.Tuple tuple) || tuple.items().size() < 5 || tuple.items().size() > 6 || !"storage".equals(tuple.items().getFirst())) {
            throw at.malformed("a persistent id that is no storage");
        }
        List<Object> items = tuple.items();
        StorageType type = items.get(1) instanceof Global global ? StorageType.ofStorage(global).orElse(null) : null;
        if (type == null) throw at.malformed("a storage of no type");
        if (!(items.get(2) instanceof String key)) throw at.malformed("a storage whose key is no text");
        if (!(items.get(4) instanceof Long count) || count < 0 || count > MAX_COUNT) throw at.malformed("storage '" + key + "' has no possible number of elements");
        if (items.size() == 6 && items.get(5) != null) return part(key, type, count, items.get(5), at);
        return storage(key, type, count, at);
    }

    private TorchStorage storage(String key, StorageType type, long count, PickleInput at) {
        TorchStorage known = storages.get(key);
        if (known != null) {
            if (!known.type().equals(type) || known.count() != count) throw at.malformed("storage '" + key + "' is declared twice, differently");
            return known;
        }
        budget.units(8);
        TorchStorage storage = new TorchStorage(key, type, count);
        storages.put(key, storage);
        onStorage.accept(storage);
        return storage;
    }

    /** A storage that begins inside of another: {@code (key, offset, count)}, of torch before 0.4. */
    private TorchStorage part(String key, StorageType type, long count, Object view, PickleInput at) {
        TorchStorage whole = storage(key, type, count, at);
        List<?> items = TorchGlobals.sequence(view);
        if (items == null || items.size() != 3 || !(items.get(1) instanceof Long offset) || !(items.get(2) instanceof Long size)
            || offset < 0 || size < 0 || offset > count || size > count - offset) {
            throw at.malformed("a part of storage '" + key + "' that lies outside of it");
        }
        budget.units(8);
        TorchStorage part = new TorchStorage(key, type, size);
        part.attach(() -> whole.contents().asSlice(offset * type.bytes(), size * type.bytes()));
        return part;
    }

    /** What calling {@code global}, one of those that {@link #isKnown}, gives. */
    Object rebuild(String global, List<Object> arguments, PickleInput at) {
        budget.units(8);
        if (VIEWS.contains(global)) return view(global, arguments, at);
        if (PARAMETERS.contains(global)) {
            if (arguments.isEmpty() || !(arguments.getFirst() instanceof TorchTensor tensor)) throw at.malformed("a parameter without a tensor");
            return tensor;
        }
        if (TYPED.contains(global)) return typed(arguments, at);
        return new Unreadable(Refusal.Kind.UNSUPPORTED, "is a tensor of a kind that is not read here (" + global + ")");
    }

    /** {@code (storage, offset, sizes, strides, requires_grad, hooks, ...)}; the third version adds the type of an untyped storage. */
    private TorchTensor view(String global, List<Object> arguments, PickleInput at) {
        if (arguments.size() < 4) throw at.malformed("a tensor of " + arguments.size() + " arguments");
        if (!(arguments.get(0) instanceof TorchStorage storage)) throw at.malformed("a tensor without a storage");
        if (!(arguments.get(1) instanceof Long offset)) throw at.malformed("a tensor whose offset is no number of 64 bits");
        long[] sizes = numbers(arguments.get(2), at);
        long[] strides = numbers(arguments.get(3), at);
        boolean third = global.endsWith("_v3");
        StorageType type = storage.type();
        if (third) {
            if (arguments.size() < 7 || !(arguments.get(6) instanceof Global dtype)) throw at.malformed("a tensor without a type");
            type = StorageType.ofDtype(dtype).orElse(new StorageType(dtype.toString(), 0, null));
        }
        if (type.type() == null) return new Unreadable(Refusal.Kind.UNSUPPORTED, "is of the type " + type.name() + ", which is not read here");
        int metadata = third ? 7 : 6;
        if (arguments.size() > metadata && arguments.get(metadata) instanceof Map<?, ?> flags && flags.containsValue(true)) {
            return new Unreadable(Refusal.Kind.UNSUPPORTED, "is stored negated or conjugated");
        }
        long count = third ? storage.count() * storage.type().bytes() / type.bytes() : storage.count();
        return View.of(place, at, storage, type.type(), count, offset, sizes, strides);
    }

    /** {@code (function, class, arguments, state)}: a plain tensor that carries attributes, or one of a class of its own. */
    private Object typed(List<Object> arguments, PickleInput at) {
        if (arguments.size() < 3 || !(arguments.get(0) instanceof Global function) || !(arguments.get(1) instanceof Global type)
            || !(arguments.get(2) instanceof Pickled.Tuple inner)) {
            throw at.malformed("a tensor of a class without function, class and arguments");
        }
        String name = function.toString();
        if (!VIEWS.contains(name) && !UNREAD.contains(name)) throw place.unsafe("byte " + at.opcodeAt() + ": calls " + function);
        if (PLAIN_CLASSES.contains(type.toString())) return rebuild(name, inner.items(), at);
        return new Unreadable(Refusal.Kind.UNSUPPORTED, "is a tensor of the class " + type + ", which is not read here");
    }

    private long[] numbers(Object value, PickleInput at) {
        if (!(TorchGlobals.sequence(value) instanceof List<?> items)) throw at.malformed("a tensor whose sizes or strides are no tuple");
        budget.units(1 + items.size());
        long[] numbers = new long[items.size()];
        for (int i = 0; i < numbers.length; i++) {
            if (!(items.get(i) instanceof Long number)) throw at.malformed("a tensor with a size or stride that is no number of 64 bits");
            numbers[i] = number;
        }
        return numbers;
    }
}
