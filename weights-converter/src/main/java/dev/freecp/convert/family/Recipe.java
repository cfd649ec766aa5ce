package dev.freecp.convert.family;

import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.util.Arrays;

/**
 * How a tensor of the result is made of one of the source. Whether a matrix is transposed follows from its name, never from its shape: square ones
 * exist.
 *
 * @param target name in the result
 * @param shape  shape in the result
 * @param source name in the source, without wrappers' prefixes
 * @param wanted shape in the source; where it has as many numbers as {@code shape} but other sizes, the tensor is only seen under the other sizes
 * @param part   what is taken of it
 */
public record Recipe(String target, Shape shape, String source, Shape wanted, Part part) {

    /** What is taken of a tensor. */
    public enum Part {
        WHOLE, TRANSPOSED,
        /** Rows of queries, keys and values, which lie one below the other. */
        QUERIES, KEYS, VALUES
    }

    /** Whether a tensor of these sizes can be used; a single number may come as [] or as [1]. */
    boolean accepts(Shape came) {
        boolean number = wanted.rank() == 0 && Arrays.equals(came.sizes(), new int[] {1});
        return number || came.sameSizes(wanted);
    }

    /** The part as rows and columns over the same memory; for {@link Part#TRANSPOSED} still to be transposed. */
    public Tensor view(Tensor tensor) {
        int third = part.ordinal() - Part.QUERIES.ordinal();
        if (third < 0) return part == Part.WHOLE ? tensor.as(target, shape) : tensor;
        Shape rows = shape.rank() == 1 ? Shape.of("row width", 1, shape.cols()) : shape;
        return tensor.as(target, Shape.of("row width", 3 * rows.rows(), rows.cols())).slice(target, rows, third * rows.rows()).as(target, shape);
    }
}
