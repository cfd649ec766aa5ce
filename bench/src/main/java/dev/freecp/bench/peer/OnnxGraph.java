package dev.freecp.bench.peer;

import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * A graph of ONNX's operators, built node by node; values go by their names. Source of the field numbers: onnx/onnx.proto of ONNX 1.12, operator set 17.
 */
final class OnnxGraph {

    private static final int IR_VERSION = 8, OPSET = 17;
    private static final int FLOAT = 1, INT64 = 7;

    /** ONNX Runtime's own operators. */
    private static final String MICROSOFT = "com.microsoft";

    private final Protobuf graph = new Protobuf().text(2, "tower");
    private int names;

    /** What a node does beside its inputs. */
    sealed interface Attribute {
        Protobuf message();
    }

    record Ints(String name, long... values) implements Attribute {
        @Override
        public Protobuf message() {
            Protobuf message = new Protobuf().text(1, name).integer(20, 7);
            for (long value : values) message.integer(8, value);
            return message;
        }
    }

    record Int(String name, long value) implements Attribute {
        @Override
        public Protobuf message() {
            return new Protobuf().text(1, name).integer(20, 2).integer(3, value);
        }
    }

    record Real(String name, float value) implements Attribute {
        @Override
        public Protobuf message() {
            return new Protobuf().text(1, name).integer(20, 1).real(2, value);
        }
    }

    /** A node with one output, whose name is given back. */
    String node(String operator, List<String> inputs, Attribute... attributes) {
        return nodes("", operator, inputs, 1, attributes).getFirst();
    }

    /** A node with several. */
    List<String> split(String operator, List<String> inputs, int outputs, Attribute... attributes) {
        return nodes("", operator, inputs, outputs, attributes);
    }

    /** A node of an operator that only ONNX Runtime has. */
    String microsoft(String operator, List<String> inputs, Attribute... attributes) {
        return nodes(MICROSOFT, operator, inputs, 1, attributes).getFirst();
    }

    private List<String> nodes(String domain, String operator, List<String> inputs, int outputs, Attribute... attributes) {
        Protobuf node = new Protobuf();
        inputs.forEach(input -> node.text(1, input));
        List<String> results = LongStream.range(0, outputs).mapToObj(_ -> operator + "_" + names++).toList();
        results.forEach(result -> node.text(2, result));
        node.text(3, results.getFirst()).text(4, operator).text(7, domain);
        for (Attribute attribute : attributes) node.message(5, attribute.message());
        graph.message(1, node);
        return results;
    }

    /** A dense float32 tensor, under its own name. */
    String weight(Tensor tensor) {
        Shape shape = tensor.shape();
        long[] sizes = Arrays.stream(shape.sizes()).asLongStream().toArray();
        return initializer(tensor.name(), FLOAT, tensor.segment().asSlice(0, shape.count() * Float.BYTES), sizes);
    }

    String scalar(float value) {
        return initializer("scalar_" + names++, FLOAT, bytes(MemorySegment.ofArray(new float[] {value})));
    }

    /** For operators that take sizes as a tensor. */
    String sizes(long... values) {
        return initializer("sizes_" + names++, INT64, bytes(MemorySegment.ofArray(values)), values.length);
    }

    /** Of heap memory only bytes can be written. */
    private static MemorySegment bytes(MemorySegment numbers) {
        return MemorySegment.ofArray(numbers.toArray(ValueLayout.JAVA_BYTE));
    }

    private String initializer(String name, int type, MemorySegment raw, long... sizes) {
        Protobuf tensor = new Protobuf();
        for (long size : sizes) tensor.integer(1, size);
        graph.message(5, tensor.integer(2, type).text(8, name).bytes(9, raw));
        return name;
    }

    /** @param sizes numbers, or names where any number will do */
    String input(String name, Object... sizes) {
        graph.message(11, value(name, sizes));
        return name;
    }

    /** Gives {@code value} out as {@code name}. */
    void output(String value, String name, Object... sizes) {
        graph.message(1, new Protobuf().text(1, value).text(2, name).text(3, name).text(4, "Identity"));
        graph.message(12, value(name, sizes));
    }

    private static Protobuf value(String name, Object... sizes) {
        Protobuf shape = new Protobuf();
        for (Object size : sizes) shape.message(1, size instanceof String any ? new Protobuf().text(2, any) : new Protobuf().integer(1, ((Number) size).longValue()));
        return new Protobuf().text(1, name).message(2, new Protobuf().message(1, new Protobuf().integer(1, FLOAT).message(2, shape)));
    }

    /** Writes the model. Protocol buffers end at 2 GB. */
    void write(Path file) throws IOException {
        Protobuf model = new Protobuf().integer(1, IR_VERSION).text(2, "freecp").message(7, graph)
            .message(8, new Protobuf().text(1, "").integer(2, OPSET)).message(8, new Protobuf().text(1, MICROSOFT).integer(2, 1));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            model.write(channel);
        }
    }
}
