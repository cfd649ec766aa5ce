package dev.freecp.convert.source;

import dev.freecp.tensor.DType;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a torch storage holds.
 *
 * @param name  for messages: {@code FloatStorage}, {@code torch.float8_e5m2}
 * @param bytes size of one element; 0 where it is not known
 * @param type  the number type, or null for those that are not read here (complex, quantised, float8)
 */
record StorageType(String name, int bytes, DType type) {

    /** Bytes whose type the tensor says. */
    static final StorageType UNTYPED = new StorageType("UntypedStorage", 1, DType.U8);

    private static final Map<String, StorageType> STORAGES = storages();
    private static final Map<String, StorageType> DTYPES = dtypes();

    /** The type of storage that a global names, known or not; empty if it names no storage. */
    static Optional<StorageType> ofStorage(Pickled.Global global) {
        boolean torch = global.module().equals("torch") || global.module().equals("torch.cuda") || global.module().equals("torch.storage");
        if (!torch || !global.name().endsWith("Storage")) return Optional.empty();
        return Optional.of(STORAGES.getOrDefault(global.name(), new StorageType(global.toString(), 0, null)));
    }

    /** The type that {@code torch.float16} and its like name; empty if {@code global} names none. */
    static Optional<StorageType> ofDtype(Pickled.Global global) {
        return global.module().equals("torch") ? Optional.ofNullable(DTYPES.get(global.name())) : Optional.empty();
    }

    private static Map<String, StorageType> storages() {
        Map<String, StorageType> types = new HashMap<>();
        put(types, DType.F64, "DoubleStorage");
        put(types, DType.F32, "FloatStorage");
        put(types, DType.F16, "HalfStorage");
        put(types, DType.BF16, "BFloat16Storage");
        put(types, DType.I64, "LongStorage");
        put(types, DType.I32, "IntStorage");
        put(types, DType.I16, "ShortStorage");
        put(types, DType.I8, "CharStorage");
        put(types, DType.U8, "ByteStorage");
        put(types, DType.BOOL, "BoolStorage");
        putUnread(types, 1, "QInt8Storage", "QUInt8Storage", "QUInt4x2Storage", "QUInt2x4Storage");
        putUnread(types, 4, "QInt32Storage");
        putUnread(types, 8, "ComplexFloatStorage");
        putUnread(types, 16, "ComplexDoubleStorage");
        types.put("UntypedStorage", UNTYPED);
        types.put("_UntypedStorage", UNTYPED);
        return Map.copyOf(types);
    }

    private static Map<String, StorageType> dtypes() {
        Map<String, StorageType> types = new HashMap<>();
        put(types, DType.F64, "float64", "double");
        put(types, DType.F32, "float32", "float");
        put(types, DType.F16, "float16", "half");
        put(types, DType.BF16, "bfloat16");
        put(types, DType.I64, "int64", "long");
        put(types, DType.I32, "int32", "int");
        put(types, DType.I16, "int16", "short");
        put(types, DType.I8, "int8");
        put(types, DType.U64, "uint64");
        put(types, DType.U32, "uint32");
        put(types, DType.U16, "uint16");
        put(types, DType.U8, "uint8");
        put(types, DType.BOOL, "bool");
        putUnread(types, 1, "float8_e4m3fn", "float8_e4m3fnuz", "float8_e5m2", "float8_e5m2fnuz", "float8_e8m0fnu", "qint8", "quint8", "quint4x2", "quint2x4");
        putUnread(types, 4, "complex32", "chalf", "qint32");
        putUnread(types, 8, "complex64", "cfloat");
        putUnread(types, 16, "complex128", "cdouble");
        return Map.copyOf(types);
    }

    private static void put(Map<String, StorageType> types, DType type, String... names) {
        for (String name : names) types.put(name, new StorageType(name, type.bytes(), type));
    }

    private static void putUnread(Map<String, StorageType> types, int bytes, String... names) {
        for (String name : names) types.put(name, new StorageType(name, bytes, null));
    }
}
