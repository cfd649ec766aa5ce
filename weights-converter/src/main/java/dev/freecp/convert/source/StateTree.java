package dev.freecp.convert.source;

import dev.freecp.convert.source.Pickled.Instance;
import dev.freecp.convert.source.TorchTensor.Unreadable;
import java.math.BigInteger;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The root object of a torch file as flat names: dictionaries and the attributes of modules become {@code outer.inner}; lists are not entered. */
final class StateTree {

    private static final int MAX_DEPTH = 64;
    private static final int MAX_NAME = 4_096;
    private static final int MAX_LIST = 1_000;

    private final Place place;
    private final Budget budget;
    private final Map<String, TorchTensor> tensors = new LinkedHashMap<>();
    private final Map<String, Object> extras = new LinkedHashMap<>();
    private final Set<Object> above = Collections.newSetFromMap(new IdentityHashMap<>());

    private StateTree(Place place, Budget budget) {
        this.place = place;
        this.budget = budget;
    }

    /**
     * @param root what the pickle describes
     * @throws Refusal if that is no tree of names
     */
    static StateTree of(Place place, Budget budget, Object root) {
        StateTree tree = new StateTree(place, budget);
        Map<?, ?> children = children(root);
        if (children == null) throw tree.rootRefusal(root);
        tree.walk("", children, root);
        return tree;
    }

    Map<String, TorchTensor> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    /** Texts, numbers, flags and flat lists of them; what is none of these, as words about it. */
    Map<String, Object> extras() {
        return Collections.unmodifiableMap(extras);
    }

    private Refusal rootRefusal(Object root) {
        if (root instanceof Instance instance) {
            return place.unsafe("is an object of " + instance.type() + ", whose code would be needed to read it; save its state_dict() instead");
        }
        return place.unsupported("holds " + described(root) + ", wanted a dictionary of tensors");
    }

    private void walk(String prefix, Map<?, ?> children, Object node) {
        if (!above.add(node)) throw place.malformed("'" + prefix + "' holds itself");
        if (above.size() > MAX_DEPTH) throw place.tooLarge("its dictionaries are nested more than " + MAX_DEPTH + " deep");
        boolean holdsTensors = children.values().stream().anyMatch(TorchTensor.class::isInstance);
        for (Map.Entry<?, ?> child : children.entrySet()) {
            String name = prefix.isEmpty() ? text(child.getKey()) : prefix + "." + text(child.getKey());
            if (name.length() > MAX_NAME) throw place.tooLarge("a name is longer than " + MAX_NAME + " characters");
            budget.bytes(2L * name.length());
            Object value = child.getValue();
            Map<?, ?> grandchildren = children(value);
            if (value instanceof TorchTensor tensor) putTensor(name, tensor);
            else if (grandchildren != null) walk(name, grandchildren, value);
            else if (value instanceof Instance stranger && holdsTensors) putTensor(name, stranger(stranger));
            else extras.put(name, extra(value));
        }
        above.remove(node);
    }

    private void putTensor(String name, TorchTensor tensor) {
        if (tensors.put(name, tensor) != null) throw place.malformed("two tensors are called '" + name + "'");
    }

    /** Among tensors, an object of an unknown class is listed as one, so that whoever needs it learns why it cannot be read. */
    private static Unreadable stranger(Instance instance) {
        if (TorchGlobals.isNumpy(instance.type())) return new Unreadable(Refusal.Kind.UNSUPPORTED, "is a NumPy array, not a tensor");
        return new Unreadable(Refusal.Kind.UNSAFE, "is an object of " + instance.type() + ", whose code would be needed to read it");
    }

    /** What is below a dictionary, a module or a namespace; null for anything else. */
    private static Map<?, ?> children(Object value) {
        return switch (value) {
            case Map<?, ?> map -> map;
            case Instance instance when TorchGlobals.hasAttributes(instance.type()) -> instance.state() instanceof Map<?, ?> attributes ? attributes : Map.of();
            case null, default -> null;
        };
    }

    private static String text(Object key) {
        return switch (key) {
            case String text -> text;
            case Long number -> number.toString();
            case Boolean flag -> flag.toString();
            case Double number -> number.toString();
            case null, default -> described(key);
        };
    }

    private static Object extra(Object value) {
        List<?> items = TorchGlobals.sequence(value);
        boolean flat = items != null && items.size() <= MAX_LIST && items.stream().allMatch(StateTree::isPlain);
        if (flat) return Collections.unmodifiableList(items);
        return isPlain(value) ? value : described(value);
    }

    private static boolean isPlain(Object value) {
        return value == null || value instanceof String || value instanceof Number || value instanceof Boolean;
    }

    private static String described(Object value) {
        return switch (value) {
            case null -> "None";
            case TorchTensor _ -> "a tensor";
            case byte[] bytes -> bytes.length + " bytes";
            case Pickled.Global global -> global.toString();
            case Instance instance -> "an object of " + instance.type();
            case BigInteger _ -> "a large integer";
            case Map<?, ?> map -> "a dictionary of " + map.size();
            case Object other when TorchGlobals.sequence(other) != null -> "a list of " + TorchGlobals.sequence(other).size();
            case String _ -> "a text";
            case Number number -> "the number " + number;
            default -> "a value of no known kind";
        };
    }
}
