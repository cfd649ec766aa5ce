package dev.freecp.convert.source;

import dev.freecp.convert.source.Pickled.Global;
import dev.freecp.convert.source.Pickled.Tuple;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The calls that weight files are known to make, each answered by a value and not by code: torch's tensors, Python's containers, and what training
 * scripts leave in their arguments. The list is closed; a name with a dot too many is another name.
 */
final class TorchGlobals implements PickleHost {

    private static final Set<String> DICTIONARIES = Set.of("collections.OrderedDict", "collections.defaultdict", "collections.Counter");
    private static final Set<String> LISTS = Set.of("__builtin__.list", "builtins.list");
    private static final Set<String> SETS = Set.of("__builtin__.set", "builtins.set", "__builtin__.frozenset", "builtins.frozenset");
    private static final Set<String> PATHS = paths();
    private static final Set<String> NUMPY = Set.of("numpy.dtype", "numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar",
        "numpy.core.multiarray._reconstruct", "numpy._core.multiarray._reconstruct");
    private static final Set<String> OTHERS = Set.of("_codecs.encode", "argparse.Namespace", "torch.device", "torch.Size", "torch.serialization._get_layout",
        "torch.jit._pickle.build_intlist", "torch.jit._pickle.build_doublelist", "torch.jit._pickle.build_boollist", "torch.jit._pickle.build_tensorlist",
        "torch.jit._pickle.restore_type_tag");
    /** Of TorchScript archives: the classes that their own code declares. */
    private static final String SCRIPT_CLASSES = "__torch__";

    private final Budget budget;
    private final TorchTensors tensors;

    TorchGlobals(Budget budget, TorchTensors tensors) {
        this.budget = budget;
        this.tensors = tensors;
    }

    @Override
    public boolean isKnown(Global global) {
        String name = global.toString();
        return tensors.isKnown(name) || DICTIONARIES.contains(name) || LISTS.contains(name) || SETS.contains(name) || PATHS.contains(name)
            || NUMPY.contains(name) || OTHERS.contains(name) || isScriptClass(global);
    }

    /** Objects whose state is a tree of attributes worth walking. */
    static boolean hasAttributes(Global type) {
        return type.toString().equals("argparse.Namespace") || isScriptClass(type);
    }

    /** What is left of NumPy's arrays and types: inert, but of no unknown class either. */
    static boolean isNumpy(Global type) {
        return type.module().equals("numpy") || NUMPY.contains(type.toString());
    }

    @Override
    public Object persistent(Object id, PickleInput at) {
        return tensors.storage(id, at);
    }

    @Override
    public Object call(Global global, List<Object> arguments, PickleInput at) {
        String name = global.toString();
        if (tensors.isKnown(name)) return tensors.rebuild(name, arguments, at);
        if (DICTIONARIES.contains(name)) return dictionary(name, arguments, at);
        if (LISTS.contains(name)) return items(arguments, at);
        if (SETS.contains(name)) return new Pickled.Bag(items(arguments, at));
        if (PATHS.contains(name)) return joined(arguments, "/", at);
        if (NUMPY.contains(name)) return numpy(global, arguments);
        if (isScriptClass(global)) return instance(global);
        return switch (name) {
            case "argparse.Namespace" -> instance(global);
            case "_codecs.encode" -> encoded(arguments, at);
            case "torch.device" -> joined(arguments, ":", at);
            case "torch.Size" -> new Tuple(items(arguments, at));
            default -> argument(arguments, 0, at);
        };
    }

    private Pickled.Instance instance(Global type) {
        budget.units(2);
        return new Pickled.Instance(type);
    }

    /** An ordered dictionary may come with its pairs, a default one with its factory (never asked here), a counter with its counts. */
    private Map<Object, Object> dictionary(String name, List<Object> arguments, PickleInput at) {
        budget.units(5);
        Map<Object, Object> dictionary = new LinkedHashMap<>();
        int skipped = name.endsWith("defaultdict") ? 1 : 0;
        if (arguments.size() <= skipped) return dictionary;
        switch (argument(arguments, skipped, at)) {
            case Map<?, ?> map -> {
                budget.units(4L * map.size());
                dictionary.putAll(map);
            }
            case List<?> pairs -> {
                budget.units(4L * pairs.size());
                for (Object pair : pairs) putPair(dictionary, pair, at);
            }
            case null, default -> throw at.malformed("a dictionary of what is neither dictionary nor list");
        }
        return dictionary;
    }

    private static void putPair(Map<Object, Object> dictionary, Object pair, PickleInput at) {
        List<?> items = sequence(pair);
        if (items == null || items.size() != 2 || items.getFirst() instanceof List || items.getFirst() instanceof Map) throw at.malformed("a pair that is none");
        if (dictionary.containsKey(items.getFirst())) throw at.malformed("a key comes twice in one dictionary");
        dictionary.put(items.getFirst(), items.getLast());
    }

    private List<Object> items(List<Object> arguments, PickleInput at) {
        List<?> items = arguments.isEmpty() ? List.of() : sequence(arguments.getFirst());
        if (items == null) throw at.malformed("a list of what is none");
        budget.units(3L + items.size());
        return new ArrayList<>(items);
    }

    private String joined(List<Object> parts, String separator, PickleInput at) {
        for (Object part : parts) {
            if (part instanceof String text) budget.bytes(2L * text.length());
            else if (!(part instanceof Long)) throw at.malformed("a path or device of what is no text");
        }
        return parts.stream().map(String::valueOf).collect(Collectors.joining(separator));
    }

    /** Bytes as protocol 2 has to write them: text, and the encoding that gives them back. */
    private byte[] encoded(List<Object> arguments, PickleInput at) {
        if (!(argument(arguments, 0, at) instanceof String text)) throw at.malformed("bytes of what is no text");
        Object encoding = arguments.size() > 1 ? arguments.get(1) : "utf-8";
        Charset charset = "latin1".equals(encoding) || "latin-1".equals(encoding) ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8;
        budget.bytes(4L * text.length());
        return text.getBytes(charset);
    }

    /** A type (kept by its code), a number (if it is of a type that Java has), or an array that nobody reads. */
    private Object numpy(Global global, List<Object> arguments) {
        budget.units(2);
        if (global.name().equals("dtype") && !arguments.isEmpty() && arguments.getFirst() instanceof String code) return new NumpyType(code);
        if (global.name().equals("scalar") && arguments.size() == 2 && arguments.get(0) instanceof NumpyType type && arguments.get(1) instanceof byte[] bytes) {
            return type.number(bytes);
        }
        return new Pickled.Instance(global);
    }

    private static Object argument(List<Object> arguments, int index, PickleInput at) {
        if (arguments.size() <= index) throw at.malformed("a call with " + arguments.size() + " arguments");
        return arguments.get(index);
    }

    /** The items of a list, tuple or set; null for anything else. */
    static List<?> sequence(Object value) {
        return switch (value) {
            case List<?> list -> list;
            case Tuple tuple -> tuple.items();
            case Pickled.Bag bag -> bag.items();
            case null, default -> null;
        };
    }

    private static boolean isScriptClass(Global global) {
        return global.module().equals(SCRIPT_CLASSES) || global.module().startsWith(SCRIPT_CLASSES + ".");
    }

    private static Set<String> paths() {
        List<String> classes = List.of("PurePath", "PurePosixPath", "PureWindowsPath", "Path", "PosixPath", "WindowsPath");
        return classes.stream().flatMap(name -> List.of("pathlib." + name, "pathlib._local." + name).stream()).collect(Collectors.toUnmodifiableSet());
    }

    /** {@code f8}, {@code i4}: the type of a number that NumPy wrote, little-endian. */
    private record NumpyType(String code) implements Pickled.Foreign {

        Object number(byte[] bytes) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            return switch (code + "/" + bytes.length) {
                case "f8/8" -> buffer.getDouble();
                case "f4/4" -> (double) buffer.getFloat();
                case "f2/2" -> (double) Float.float16ToFloat(buffer.getShort());
                case "i8/8" -> buffer.getLong();
                case "i4/4" -> (long) buffer.getInt();
                case "u4/4" -> buffer.getInt() & 0xffffffffL;
                case "i2/2" -> (long) buffer.getShort();
                case "u2/2" -> buffer.getShort() & 0xffffL;
                case "i1/1" -> (long) buffer.get();
                case "u1/1" -> buffer.get() & 0xffL;
                case "b1/1" -> buffer.get() != 0;
                default -> new Pickled.Instance(new Global("numpy", code));
            };
        }
    }
}
