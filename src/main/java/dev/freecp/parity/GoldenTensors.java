package dev.freecp.parity;

import dev.freecp.error.InputException;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Tensor;
import dev.freecp.weights.Floats;
import dev.freecp.weights.SafeTensors;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The tensors of a golden by name, some of which may lie in another golden's file; {@link #under} narrows them to a window. */
final class GoldenTensors implements AutoCloseable {

    private final Path file;
    private final String prefix;
    private final List<SafeTensors> files;
    private final Map<String, SafeTensors> places;

    private GoldenTensors(Path file, String prefix, List<SafeTensors> files, Map<String, SafeTensors> places) {
        this.file = file;
        this.prefix = prefix;
        this.files = files;
        this.places = places;
    }

    /** @throws InputException if the file is missing or broken */
    static GoldenTensors open(Path file) {
        GoldenTensors tensors = new GoldenTensors(file, "", new ArrayList<>(), new TreeMap<>());
        tensors.borrow(file, name -> true);
        return tensors;
    }

    /** Takes in those tensors of another file that this golden does not have and whose names are wanted. */
    void borrow(Path other, Predicate<String> wanted) {
        SafeTensors opened = SafeTensors.open(other);
        files.add(opened);
        opened.names().stream().filter(wanted).forEach(name -> places.putIfAbsent(name, opened));
    }

    /** The tensors whose names begin with {@code more}, by the rest of their names. Closing the view is not needed. */
    GoldenTensors under(String more) {
        return new GoldenTensors(file, prefix + more, files, places);
    }

    /** Names, in alphabetical order. */
    List<String> names() {
        return places.keySet().stream().filter(name -> name.startsWith(prefix)).map(name -> name.substring(prefix.length())).toList();
    }

    boolean has(String... names) {
        for (String name : names) if (!places.containsKey(prefix + name)) return false;
        return true;
    }

    int[] shape(String name) {
        return tensor(name).shape().sizes();
    }

    /** The shape, which must have {@code rank} sizes. */
    int[] shape(String name, int rank) {
        int[] sizes = shape(name);
        if (sizes.length != rank) throw new InputException(file + ": " + prefix + name + " " + tensor(name).shape() + " must have " + rank + " dimensions");
        return sizes;
    }

    float[] floats(String name) {
        Tensor tensor = tensor(name);
        if (!tensor.type().isFloat()) throw new InputException(file + ": " + prefix + name + " is " + tensor.type() + ", wanted floats");
        Tensor copy = Tensor.allocate(Arena.ofAuto(), name, tensor.shape(), DType.F32, tensor.cols());
        Floats.copy(tensor, copy);
        return copy.toFloats();
    }

    byte[] bytes(String name) {
        Tensor tensor = tensor(name);
        if (tensor.type() != DType.U8) throw new InputException(file + ": " + prefix + name + " is " + tensor.type() + ", wanted U8");
        return tensor.segment().toArray(ValueLayout.JAVA_BYTE);
    }

    /** Values of an I64, I32, U8 or BOOL tensor. */
    int[] ints(String name) {
        Tensor tensor = tensor(name);
        int[] values = new int[Math.toIntExact(tensor.shape().count())];
        for (int i = 0; i < values.length; i++) values[i] = integer(tensor, i);
        return values;
    }

    private int integer(Tensor tensor, int i) {
        return switch (tensor.type()) {
            case U8, BOOL -> tensor.segment().get(ValueLayout.JAVA_BYTE, i) & 0xff;
            case I32 -> tensor.segment().get(ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 4L * i);
            case I64 -> Math.toIntExact(tensor.segment().get(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 8L * i));
            default -> throw new InputException(file + ": " + prefix + tensor.name() + " is " + tensor.type() + ", wanted whole numbers");
        };
    }

    private Tensor tensor(String name) {
        SafeTensors place = places.get(prefix + name);
        if (place == null) throw new InputException(file + ": holds no tensor '" + prefix + name + "'");
        return place.tensor(prefix + name);
    }

    @Override
    public void close() {
        files.forEach(SafeTensors::close);
    }
}
