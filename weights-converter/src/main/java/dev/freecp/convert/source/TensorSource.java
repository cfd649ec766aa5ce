package dev.freecp.convert.source;

import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Named tensors of a weight file, whatever its container and number of parts. Opening reads names, shapes and types; numbers are mapped or streamed
 * when they are asked for, so that a file of any size is opened in little memory.
 */
public interface TensorSource extends AutoCloseable {

    /**
     * What kind of container it is, for people: {@code TorchScript archive}, {@code zip torch.save}, {@code legacy torch.save}, {@code safetensors},
     * each perhaps in shards.
     */
    String container();

    /** Full names, nested dictionaries joined by dots, in the file's order. */
    Set<String> names();

    /** Number type as stored. */
    DType type(String name);

    /** Shape; dimensions are only numbered. */
    Shape shape(String name);

    /**
     * The numbers, dense and row-major; views that are strided, transposed or expanded are gathered.
     *
     * @throws Refusal if the numbers are not all there
     */
    Tensor tensor(String name);

    /** What else the file holds that is not a tensor (integers, strings, flags), by full name; nothing in it was executed. */
    Map<String, Object> extras();

    /** Globals that a pickle refers to, sorted; empty for containers without one. */
    List<String> globals();

    /** The files that are read, the index of shards first. */
    List<Path> files();

    @Override
    void close();
}
