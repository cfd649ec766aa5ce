package dev.freecp.cuda;

import dev.freecp.ops.Box;
import dev.freecp.ops.BoxRule;
import dev.freecp.ops.MemoryPool;
import dev.freecp.ops.Workspace;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/** Boxes of score maps, and masks by them: a block finds the components of a map. Shapes have been checked. */
final class BoxKernels {

    private static final int THREADS = 128;

    /** Numbers that find_boxes keeps for a cell, and mask_by_boxes, which also counts the boxes over it. */
    private static final int COMPONENT_NUMBERS = 4;
    private static final int MASK_NUMBERS = 5;

    /** Shared memory of a block that every card has without asking, less what kernels declare themselves. Larger grids go to global memory. */
    private static final int SHARED_BYTES = 40 << 10;

    /** Global memory of all blocks together, unless one needs more; with fewer blocks than maps, a block does several. */
    private static final long GLOBAL_BYTES = 64L << 20;

    /** Numbers of a box as find_boxes writes it: map, x0, y0, x1, y1. */
    private static final int FOUND = 5;

    private final CudaDevice device;
    private final MemoryPool pool;
    private final int sharedBytes;
    private final long globalBytes;

    /**
     * Where a launch keeps components.
     *
     * @param grid   a block for each map, or less
     * @param shared bytes of a block's shared memory
     * @param global or null, where shared memory is enough
     */
    private record Place(Grid grid, int shared, Tensor global) {
    }

    BoxKernels(CudaDevice device, MemoryPool pool) {
        this(device, pool, SHARED_BYTES, GLOBAL_BYTES);
    }

    /**
     * With little memory, as large grids have it.
     *
     * @param sharedBytes most shared memory of a block
     * @param globalBytes most global memory of all blocks, unless one needs more
     */
    BoxKernels(CudaDevice device, MemoryPool pool, int sharedBytes, long globalBytes) {
        this.device = device;
        this.pool = pool;
        this.sharedBytes = sharedBytes;
        this.globalBytes = globalBytes;
    }

    List<List<Box>> boxes(Tensor maps, int gridHeight, int gridWidth, BoxRule rule) {
        long room = (long) maps.rows() * gridHeight * Grid.ceil(gridWidth, 2);
        try (Workspace scratch = pool.workspace()) {
            Tensor boxes = scratch.tensor("boxes", Shape.of("number", Math.toIntExact(FOUND * room)), DType.I32);
            Tensor count = IntTable.upload(device, scratch, "box count", 0);
            Place place = place(scratch, maps, COMPONENT_NUMBERS);
            device.kernel("boxes", "find_boxes").launchShared(place.grid, place.shared, boxes, count, maps, place.global,
                maps.rows(), gridHeight, gridWidth, contours(rule), maps.stride());
            return sorted(download(boxes, FOUND * download(count, 1)[0]), maps.rows());
        }
    }

    void maskByBoxes(Tensor x, Tensor y, int first, int gridHeight, int gridWidth, BoxRule rule) {
        try (Workspace scratch = pool.workspace()) {
            Place place = place(scratch, x, MASK_NUMBERS);
            device.kernel("boxes", "mask_by_boxes").launchShared(place.grid, place.shared, x, y, place.global,
                x.rows(), x.shape().dim(1), y.shape().dim(1), first, gridHeight, gridWidth, contours(rule), x.stride(), y.stride());
        }
    }

    private Place place(Workspace scratch, Tensor maps, int numbers) {
        long bytes = (long) numbers * maps.cols() * Integer.BYTES;
        if (bytes <= sharedBytes) return new Place(Grid.of(maps.rows(), THREADS), (int) bytes, null);
        int blocks = (int) Math.min(maps.rows(), Math.max(1, globalBytes / bytes));
        Shape shape = Shape.of("number", Math.multiplyExact(blocks, numbers * maps.cols()));
        return new Place(Grid.of(blocks, THREADS), 0, scratch.tensor("components", shape, DType.I32));
    }

    private static int contours(BoxRule rule) {
        return rule == BoxRule.CONTOURS ? 1 : 0;
    }

    private int[] download(Tensor numbers, int count) {
        int[] values = new int[count];
        device.download(MemorySegment.ofArray(values), DeviceMemory.addressOf(numbers));
        return values;
    }

    /** Lists of the boxes of each map; a map without any has one empty box (specification, section 6.1). */
    private static List<List<Box>> sorted(int[] found, int maps) {
        List<List<Box>> boxes = new ArrayList<>(Stream.generate(() -> (List<Box>) new ArrayList<Box>()).limit(maps).toList());
        for (int i = 0; i < found.length; i += FOUND) boxes.get(found[i]).add(new Box(found[i + 1], found[i + 2], found[i + 3], found[i + 4]));
        for (List<Box> list : boxes) {
            if (list.isEmpty()) list.add(new Box(0, 0, 0, 0));
            Collections.sort(list);
        }
        return boxes;
    }
}
