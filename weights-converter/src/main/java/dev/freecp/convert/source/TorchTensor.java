package dev.freecp.convert.source;

import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Storage;
import dev.freecp.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A tensor of a torch file: a view of a storage, or a kind that is refused once somebody wants it. */
sealed interface TorchTensor extends Pickled.Foreign {

    /** What stands where a tensor should, and why it cannot be one. */
    record Unreadable(Refusal.Kind kind, String reason) implements TorchTensor {
    }

    /**
     * Elements of {@code storage}, in steps of {@code strides} from {@code offset} on; all of them lie inside.
     *
     * @param type the storage's own, or what the tensor makes of an untyped one
     */
    record View(TorchStorage storage, DType type, Shape shape, long[] strides, long offset) implements TorchTensor {

        private static final int MAX_RANK = 64;
        /** Elements of a tensor that shows some of its storage more than once: 64 MB as float32. */
        private static final long MAX_REPEATED = 1 << 24;

        private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.nativeOrder());
        private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.nativeOrder());
        private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.nativeOrder());

        /**
         * A view, checked.
         *
         * @param at    where in the pickle it is made
         * @param count elements of {@code type} in the storage
         */
        static View of(Place place, PickleInput at, TorchStorage storage, DType type, long count, long offset, long[] sizes, long[] strides) {
            if (sizes.length != strides.length) throw at.malformed("a tensor with " + sizes.length + " sizes and " + strides.length + " strides");
            if (sizes.length > MAX_RANK) throw at.malformed("a tensor with " + sizes.length + " dimensions");
            for (long size : sizes) if (size < 0) throw at.malformed("a tensor of the sizes " + Arrays.toString(sizes));
            for (long stride : strides) if (stride < 0) throw at.malformed("a tensor with the strides " + Arrays.toString(strides));
            if (offset < 0) throw at.malformed("a tensor at the offset " + offset);

            Shape shape = shape(place, at, sizes);
            if (shape.count() > 0) {
                long last = last(at, offset, sizes, strides);
                if (last >= count) throw at.malformed("a tensor that reads element " + last + " of storage '" + storage.key() + "', which has " + count);
                if (shape.count() > count && shape.count() > MAX_REPEATED) {
                    throw place.tooLarge("byte " + at.opcodeAt() + ": a tensor of " + shape.count() + " elements over a storage of " + count);
                }
            }
            return new View(storage, type, shape, strides, offset);
        }

        /** A shape whose number of rows fits an int and whose bytes fit a long. */
        private static Shape shape(Place place, PickleInput at, long[] sizes) {
            int[] narrow = new int[sizes.length];
            long rows = 1;
            for (int i = 0; i < sizes.length; i++) {
                if (sizes[i] > Integer.MAX_VALUE || rows > Integer.MAX_VALUE) {
                    throw place.tooLarge("byte " + at.opcodeAt() + ": a tensor of the sizes " + Arrays.toString(sizes));
                }
                narrow[i] = (int) sizes[i];
                rows *= i < sizes.length - 1 ? sizes[i] : 1;
            }
            if (rows > Integer.MAX_VALUE) throw place.tooLarge("byte " + at.opcodeAt() + ": a tensor of the sizes " + Arrays.toString(sizes));
            return Shape.unnamed(narrow);
        }

        private static long last(PickleInput at, long offset, long[] sizes, long[] strides) {
            try {
                long last = offset;
                for (int i = 0; i < sizes.length; i++) last = Math.addExact(last, Math.multiplyExact(sizes[i] - 1, strides[i]));
                return last;
            } catch (ArithmeticException e) {
                throw at.malformed("a tensor with offset " + offset + " and strides " + Arrays.toString(strides) + ", beyond any storage");
            }
        }

        /** The numbers, dense: the storage's own memory where they lie so, else gathered into fresh memory that lives as long as the tensor. */
        Tensor read(Place place, String name) {
            long bytes = shape.count() * type.bytes();
            if (bytes == 0) return tensor(name, Arena.ofAuto().allocate(0));
            MemorySegment from = storage.contents();
            if (run(shape.rank()) == shape.count()) return tensor(name, from.asSlice(offset * type.bytes(), bytes));
            MemorySegment to = OffHeap.allocate(place, bytes);
            gather(from, to);
            return tensor(name, to);
        }

        private Tensor tensor(String name, MemorySegment memory) {
            return new Tensor(name, shape, type, shape.cols(), new Storage.Host(memory));
        }

        /** How many elements follow each other without a gap, in the last {@code dimensions} dimensions as far as those are dense. */
        private long run(int dimensions) {
            long run = 1;
            for (int d = shape.rank() - 1; d >= shape.rank() - dimensions; d--) {
                if (shape.dim(d) == 1) continue;
                if (strides[d] != run) break;
                run *= shape.dim(d);
            }
            return run;
        }

        /** Copies run by run: the innermost dense dimensions at once, those outside counted like an odometer. */
        private void gather(MemorySegment from, MemorySegment to) {
            int inner = shape.rank();
            long run = 1;
            while (inner > 0 && (shape.dim(inner - 1) == 1 || strides[inner - 1] == run)) run *= shape.dim(--inner);
            int[] index = new int[inner];
            long element = offset;
            for (long done = 0; done < shape.count(); done += run) {
                copy(from, element, to, done, run);
                for (int d = inner - 1; d >= 0; d--) {
                    element += strides[d];
                    if (++index[d] < shape.dim(d)) break;
                    element -= strides[d] * shape.dim(d);
                    index[d] = 0;
                }
            }
        }

        private void copy(MemorySegment from, long source, MemorySegment to, long target, long run) {
            if (run > 1) {
                MemorySegment.copy(from, source * type.bytes(), to, target * type.bytes(), run * type.bytes());
                return;
            }
            switch (type.bytes()) {
                case 1 -> to.set(ValueLayout.JAVA_BYTE, target, from.get(ValueLayout.JAVA_BYTE, source));
                case 2 -> to.set(SHORT, target * 2, from.get(SHORT, source * 2));
                case 4 -> to.set(INT, target * 4, from.get(INT, source * 4));
                default -> to.set(LONG, target * 8, from.get(LONG, source * 8));
            }
        }
    }
}
