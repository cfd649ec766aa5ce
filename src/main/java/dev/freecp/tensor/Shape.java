package dev.freecp.tensor;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Sizes of a tensor with a name for each, outermost first: {@code Shape.of("out in", 3072, 768)}. A shape that does not fit says so in the
 * caller's words: <pre>mlp.fc1.weight [out=3072, in=768]: in must be 1024</pre>
 */
public final class Shape {

    /** Shape of a single number. */
    public static final Shape SCALAR = new Shape(List.of(), new int[0]);

    private final List<String> names;
    private final int[] sizes;

    private Shape(List<String> names, int[] sizes) {
        this.names = names;
        this.sizes = sizes;
    }

    /**
     * @param names names of the dimensions, separated by one space
     * @param sizes as many sizes, each at least 0
     * @throws IllegalArgumentException if the numbers of names and sizes differ, or a size is negative
     */
    public static Shape of(String names, int... sizes) {
        List<String> list = List.of(names.split(" "));
        if (list.size() != sizes.length) throw new IllegalArgumentException(list.size() + " names for " + sizes.length + " sizes: " + names);
        for (int size : sizes) if (size < 0) throw new IllegalArgumentException("negative size in " + names + " " + Arrays.toString(sizes));
        return new Shape(list, sizes.clone());
    }

    /** A shape whose dimensions are only numbered (d0, d1, ...), as files give them. */
    public static Shape unnamed(int... sizes) {
        if (sizes.length == 0) return SCALAR;
        return of(IntStream.range(0, sizes.length).mapToObj(i -> "d" + i).collect(Collectors.joining(" ")), sizes);
    }

    /** Size of the dimension called {@code name}. */
    public int dim(String name) {
        int i = names.indexOf(name);
        if (i < 0) throw new IllegalArgumentException("no dimension '" + name + "' in " + this);
        return sizes[i];
    }

    /** Size of dimension {@code index}; negative numbers count from the end. */
    public int dim(int index) {
        return sizes[index < 0 ? sizes.length + index : index];
    }

    /** Number of dimensions. */
    public int rank() {
        return sizes.length;
    }

    /** Number of elements; 1 for {@link #SCALAR}. */
    public long count() {
        long count = 1;
        for (int size : sizes) count *= size;
        return count;
    }

    /** Product of all sizes but the last: how many rows the tensor has when it is read as a matrix. */
    public int rows() {
        long rows = 1;
        for (int i = 0; i < sizes.length - 1; i++) rows *= sizes[i];
        return Math.toIntExact(rows);
    }

    /** The last size: how long a row is when the tensor is read as a matrix. */
    public int cols() {
        return sizes.length == 0 ? 1 : sizes[sizes.length - 1];
    }

    /** Same sizes, whatever the names. */
    public boolean sameSizes(Shape other) {
        return Arrays.equals(sizes, other.sizes);
    }

    /**
     * @param tensor name of the tensor, for the message
     * @throws IllegalArgumentException if dimension {@code name} is not of size {@code wanted}
     */
    public void require(String tensor, String name, int wanted) {
        if (dim(name) != wanted) throw new IllegalArgumentException(tensor + " " + this + ": " + name + " must be " + wanted);
    }

    /** The sizes, a fresh copy. */
    public int[] sizes() {
        return sizes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape that && names.equals(that.names) && Arrays.equals(sizes, that.sizes);
    }

    @Override
    public int hashCode() {
        return 31 * names.hashCode() + Arrays.hashCode(sizes);
    }

    /** {@code [out=3072, in=768]}. */
    @Override
    public String toString() {
        return IntStream.range(0, sizes.length).mapToObj(i -> names.get(i) + "=" + sizes[i]).collect(Collectors.joining(", ", "[", "]"));
    }
}
