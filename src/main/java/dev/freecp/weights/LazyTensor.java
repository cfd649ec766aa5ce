package dev.freecp.weights;

import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;

import java.lang.foreign.Arena;
import java.util.function.Function;

/**
 * A tensor of known type and shape whose numbers are made when its turn to be written comes.
 *
 * @param making makes a host tensor of that type and those sizes; memory from the arena it is given lives until the tensor is written
 */
public record LazyTensor(DType type, Shape shape, Function<Arena, Tensor> making) {

    /** Made, and checked against what was promised: the header is written by then. */
    Tensor made(Arena arena) {
        Tensor tensor = making.apply(arena);
        if (tensor.type() != type || !tensor.shape().sameSizes(shape)) throw new IllegalStateException("promised " + type + " " + shape + ", made " + tensor);
        return tensor;
    }
}
