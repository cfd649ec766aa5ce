package dev.freecp.cuda;

import dev.freecp.ops.Bilinear;
import dev.freecp.ops.MemoryPool;
import dev.freecp.ops.Normalization;
import dev.freecp.ops.Region;
import dev.freecp.ops.Workspace;
import dev.freecp.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** From a picture's bytes to patches. Shapes have been checked. */
final class PatchKernels {

    /** Numbers of the table for a region: its corner, and where its taps begin. */
    private static final int REGION = 4;

    /** Numbers of the table for a tap: first, second, the weight's bits. */
    private static final int TAP = 3;

    private final CudaDevice device;
    private final MemoryPool pool;

    /** One axis of a region and of what becomes of it. */
    private record Axis(int inputs, int outputs) {
    }

    PatchKernels(CudaDevice device, MemoryPool pool) {
        this.device = device;
        this.pool = pool;
    }

    /** All regions in one launch, whatever their sizes. */
    void patches(Tensor y, Tensor picture, List<Region> regions, int height, int width, int patch, Normalization norm) {
        try (Workspace scratch = pool.workspace()) {
            Tensor table = IntTable.upload(device, scratch, "regions and taps", table(regions, height, width));
            device.kernel("patches", y.type(), "patches").launch(Grid.elements(y.rows(), patch * patch), y, picture, table,
                y.rows(), height / patch, width / patch, patch, picture.shape().dim(1), y.stride(), picture.stride(),
                norm.meanR(), norm.meanG(), norm.meanB(), norm.stdR(), norm.stdG(), norm.stdB());
        }
    }

    /** Regions, then taps; regions of one size, as windows are, share theirs. */
    private static int[] table(List<Region> regions, int height, int width) {
        Map<Axis, Integer> begins = new LinkedHashMap<>();
        int size = REGION * regions.size();
        for (Region region : regions) {
            for (Axis axis : List.of(new Axis(region.height(), height), new Axis(region.width(), width)))
                if (begins.putIfAbsent(axis, size) == null) size += TAP * axis.outputs;
        }
        int[] table = new int[size];
        int at = 0;
        for (Region region : regions) {
            table[at++] = region.y0();
            table[at++] = region.x0();
            table[at++] = begins.get(new Axis(region.height(), height));
            table[at++] = begins.get(new Axis(region.width(), width));
        }
        for (Axis axis : begins.keySet()) {
            Bilinear.Taps taps = Bilinear.taps(axis.inputs, axis.outputs);
            for (int i = 0; i < taps.size(); i++) {
                table[at++] = taps.first(i);
                table[at++] = taps.second(i);
                table[at++] = Float.floatToRawIntBits(taps.weight(i));
            }
        }
        return table;
    }
}
