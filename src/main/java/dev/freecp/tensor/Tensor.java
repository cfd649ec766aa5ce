package dev.freecp.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A named, shaped view of memory that somebody else owns (an arena, a mapped file, a device): copying a tensor object copies no number.
 *
 * <p>Numbers are row-major. Rows (everything but the last dimension, flattened) may lie {@link #stride()} elements apart, which keeps the rows
 * of wide activations out of each other's cache sets; elements inside a row are always neighbours.
 */
public final class Tensor {

    /** Host memory is aligned to a cache line, which is also the widest vector. */
    public static final int ALIGNMENT_BYTES = 64;

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final String name;
    private final Shape shape;
    private final DType type;
    private final int stride;
    private final Storage storage;

    /**
     * @param stride distance of two rows in elements, at least {@code shape.cols()}
     */
    public Tensor(String name, Shape shape, DType type, int stride, Storage storage) {
        if (stride < shape.cols()) throw new IllegalArgumentException(name + " " + shape + ": row stride " + stride + " is shorter than a row");
        this.name = name;
        this.shape = shape;
        this.type = type;
        this.stride = stride;
        this.storage = storage;
    }

    /** Fresh zeroed host memory, rows {@code stride} elements apart, alive as long as {@code arena}. */
    public static Tensor allocate(Arena arena, String name, Shape shape, DType type, int stride) {
        MemorySegment memory = arena.allocate(Math.max(1, (long) shape.rows() * stride * type.bytes()), ALIGNMENT_BYTES);
        return new Tensor(name, shape, type, stride, new Storage.Host(memory));
    }

    /** A dense float32 host tensor holding a copy of {@code values}, kept alive by the garbage collector. */
    public static Tensor of(String name, Shape shape, float... values) {
        if (values.length != shape.count()) throw new IllegalArgumentException(name + " " + shape + ": got " + values.length + " values");
        Tensor tensor = allocate(Arena.ofAuto(), name, shape, DType.F32, shape.cols());
        MemorySegment.copy(values, 0, tensor.segment(), FLOAT, 0, values.length);
        return tensor;
    }

    /** A dense uint8 host tensor holding a copy of {@code values}, kept alive by the garbage collector. */
    public static Tensor ofBytes(String name, Shape shape, byte[] values) {
        if (values.length != shape.count()) throw new IllegalArgumentException(name + " " + shape + ": got " + values.length + " values");
        Tensor tensor = allocate(Arena.ofAuto(), name, shape, DType.U8, shape.cols());
        MemorySegment.copy(values, 0, tensor.segment(), ValueLayout.JAVA_BYTE, 0, values.length);
        return tensor;
    }

    public String name() {
        return name;
    }

    public Shape shape() {
        return shape;
    }

    public DType type() {
        return type;
    }

    public Storage storage() {
        return storage;
    }

    /** Number of rows: all dimensions but the last, flattened. */
    public int rows() {
        return shape.rows();
    }

    /** Length of a row. */
    public int cols() {
        return shape.cols();
    }

    /** Distance of two rows, in elements. */
    public int stride() {
        return stride;
    }

    /** True if rows follow each other without a gap. */
    public boolean isDense() {
        return stride == shape.cols() || shape.rows() <= 1;
    }

    /**
     * The memory, if the host may read it.
     *
     * @throws IllegalStateException if the tensor lives on a device
     */
    public MemorySegment segment() {
        if (storage instanceof Storage.Host host) return host.segment();
        throw new IllegalStateException(name + " " + shape + " lives on " + storage.place() + ": download it before reading it");
    }

    /** Byte offset of element (row, column). */
    public long offset(int row, int column) {
        return ((long) row * stride + column) * type.bytes();
    }

    /** A float32 value. */
    public float get(int row, int column) {
        return segment().get(FLOAT, offset(row, column));
    }

    /** Stores a float32 value. */
    public void set(int row, int column, float value) {
        segment().set(FLOAT, offset(row, column), value);
    }

    /** An int32 value. */
    public int getInt(int row, int column) {
        return segment().get(INT, offset(row, column));
    }

    /** Stores an int32 value. */
    public void setInt(int row, int column, int value) {
        segment().set(INT, offset(row, column), value);
    }

    /** An unsigned byte. */
    public int getByte(int row, int column) {
        return segment().get(ValueLayout.JAVA_BYTE, offset(row, column)) & 0xff;
    }

    /** Stores the low eight bits of {@code value}. */
    public void setByte(int row, int column, int value) {
        segment().set(ValueLayout.JAVA_BYTE, offset(row, column), (byte) value);
    }

    /** Float32 values, row-major and dense, whatever the stride. */
    public float[] toFloats() {
        requireType(DType.F32);
        float[] values = new float[Math.toIntExact(shape.count())];
        for (int row = 0; row < rows(); row++) MemorySegment.copy(segment(), FLOAT, offset(row, 0), values, row * cols(), cols());
        return values;
    }

    /** Int32 values, row-major and dense, whatever the stride. */
    public int[] toInts() {
        requireType(DType.I32);
        int[] values = new int[Math.toIntExact(shape.count())];
        for (int row = 0; row < rows(); row++) MemorySegment.copy(segment(), INT, offset(row, 0), values, row * cols(), cols());
        return values;
    }

    /** Fills a float32 tensor from dense row-major {@code values}. */
    public void setFloats(float[] values) {
        requireType(DType.F32);
        if (values.length != shape.count()) throw new IllegalArgumentException(name + " " + shape + ": got " + values.length + " values");
        for (int row = 0; row < rows(); row++) MemorySegment.copy(values, row * cols(), segment(), FLOAT, offset(row, 0), cols());
    }

    /** The same numbers under another name and shape; only dense tensors can be reshaped, unless the last dimension stays. */
    public Tensor as(String newName, Shape newShape) {
        if (newShape.count() != shape.count()) throw new IllegalArgumentException(name + " " + shape + " cannot be seen as " + newShape);
        if (newShape.cols() != shape.cols() && !isDense()) throw new IllegalArgumentException(name + " " + shape + " has gaps between rows");
        return new Tensor(newName, newShape, type, newShape.cols() == shape.cols() ? stride : newShape.cols(), storage);
    }

    /** As many rows as {@code newShape} has, from row {@code first} on, over the same memory. */
    public Tensor slice(String newName, Shape newShape, int first) {
        if (newShape.cols() != shape.cols()) throw new IllegalArgumentException(name + " " + shape + ": a slice keeps its columns, not " + newShape);
        if (first < 0 || first + newShape.rows() > rows()) throw new IllegalArgumentException(name + " " + shape + ": no rows " + first + " to " + (first + newShape.rows()));
        long bytes = newShape.rows() == 0 ? 0 : ((newShape.rows() - 1L) * stride + newShape.cols()) * type.bytes();
        return new Tensor(newName, newShape, type, stride, storage.slice(offset(first, 0), bytes));
    }

    /** @throws IllegalArgumentException if the tensor is of another type */
    public void requireType(DType wanted) {
        if (type != wanted) throw new IllegalArgumentException(name + " " + shape + " is " + type + ", wanted " + wanted);
    }

    /** {@code mlp.fc1.weight F32 [out=3072, in=768]}. */
    @Override
    public String toString() {
        return name + " " + type + " " + shape;
    }
}
