package dev.freecp.cuda;

import dev.freecp.ops.LabelRule;
import dev.freecp.ops.MemoryPool;
import dev.freecp.ops.Mosaic;
import dev.freecp.ops.Region;
import dev.freecp.ops.Workspace;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Storage;
import dev.freecp.tensor.Tensor;

/** Labels of all pixels from low-resolution maps in one launch. Shapes have been checked. */
final class AssemblyKernels {

    /** Columns and rows of output pixels of a block. */
    private static final int COLUMNS = 32;
    private static final int ROWS = 8;

    private final CudaDevice device;
    private final MemoryPool pool;

    AssemblyKernels(CudaDevice device, MemoryPool pool) {
        this.device = device;
        this.pool = pool;
    }

    /** Labels, confidence and scores may each lie on the host or on the device. */
    void assemble(Tensor labels, Tensor confidence, Tensor scores, Tensor maps, int[][] alive, Mosaic mosaic, LabelRule rule) {
        AssemblyTable table = AssemblyTable.of(alive, maps.shape().dim(1), mosaic, rule);
        Region window = mosaic.windows().getFirst();
        int height = mosaic.outputHeight(), width = mosaic.outputWidth();
        Grid grid = new Grid(blocks(width, COLUMNS), blocks(height, ROWS), 1, COLUMNS, ROWS, 1);
        try (Workspace scratch = pool.workspace()) {
            long at = DeviceMemory.addressOf(IntTable.upload(device, scratch, "assembly table", table.numbers()));
            Tensor l = onDevice(scratch, labels), c = onDevice(scratch, confidence), s = onDevice(scratch, scores);
            device.kernel("assemble", "assemble_labels").launchShared(grid, mosaic.windows().size() * Integer.BYTES, l, c, s, maps,
                at + table.windows(), at + table.classes(), at + table.starts(), at + table.members(),
                at + table.windowRows(), at + table.windowColumns(), at + table.rows(), at + table.columns(),
                mosaic.windows().size(), table.slots(), rule.labels(), window.height(), window.width(), mosaic.gridWidth(),
                height, width, background(rule), rule.threshold(), l.stride(), stride(c), stride(s), maps.stride());
            bringHome(labels, l);
            bringHome(confidence, c);
            bringHome(scores, s);
        }
    }

    /** As assemble.cu numbers them. */
    private static int background(LabelRule rule) {
        return switch (rule.background()) {
            case NONE -> 0;
            case ONE_MINUS_MAX -> 1;
            case THRESHOLD -> 2;
        };
    }

    private static int blocks(int count, int each) {
        return Math.toIntExact(Grid.ceil(count, each));
    }

    private static int stride(Tensor tensor) {
        return tensor == null ? 0 : tensor.stride();
    }

    /** The tensor itself, or a dense one in scratch memory for a host tensor. */
    private static Tensor onDevice(Workspace scratch, Tensor tensor) {
        if (tensor == null || !(tensor.storage() instanceof Storage.Host)) return tensor;
        int count = Math.toIntExact(tensor.shape().count());
        return scratch.tensor(tensor.name(), Shape.of("number", count), tensor.type()).as(tensor.name(), tensor.shape());
    }

    /** Copies a dense device tensor to the host tensor that it stands in for. */
    private void bringHome(Tensor home, Tensor tensor) {
        if (home == tensor) return;
        long row = (long) home.cols() * home.type().bytes(), from = DeviceMemory.addressOf(tensor);
        if (home.isDense()) device.download(home.segment().asSlice(0, home.rows() * row), from);
        else for (int i = 0; i < home.rows(); i++) device.download(home.segment().asSlice(home.offset(i, 0), row), from + i * row);
    }
}
