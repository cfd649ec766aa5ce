package dev.freecp.cuda;

import dev.freecp.error.UsageException;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import dev.freecp.weights.Floats;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Host weights of any float type on their way into a device tensor, rounded on the host, some rows at a time. */
final class WeightUpload {

    /** Numbers converted at a time, if a row is no longer. */
    private static final int CHUNK = 1 << 18;

    private final CudaDevice device;

    WeightUpload(CudaDevice device) {
        this.device = device;
    }

    /**
     * Fills {@code y} with the numbers of {@code host}, to nearest, ties to even.
     *
     * @param y    F32, F16 or BF16 on the device, of as many rows and columns as {@code host}
     * @param host F64, F32, F16 or BF16
     * @throws UsageException if a finite number is too large for F16
     */
    void upload(Tensor y, Tensor host) {
        int most = Math.clamp(CHUNK / Math.max(1, y.stride()), 1, Math.max(1, y.rows()));
        try (Arena arena = Arena.ofConfined()) {
            Tensor wide = Tensor.allocate(arena, host.name(), Shape.of("row col", most, host.cols()), DType.F32, host.cols());
            Tensor rounded = y.type() == DType.F32 && y.stride() == y.cols() ? wide
                : Tensor.allocate(arena, host.name(), Shape.of("row col", most, y.cols()), y.type(), y.stride());
            float[] row = new float[host.cols()];
            for (int first = 0; first < host.rows(); first += most) {
                int rows = Math.min(most, host.rows() - first);
                Shape shape = Shape.of("row col", rows, host.cols());
                Floats.copy(host.slice(host.name(), shape, first), wide.slice(host.name(), shape, 0));
                if (rounded != wide) for (int r = 0; r < rows; r++) round(rounded, r, wide, row);
                device.upload(DeviceMemory.addressOf(y) + y.offset(first, 0), rounded.segment().asSlice(0, rounded.offset(rows - 1, y.cols())));
            }
        }
    }

    private static void round(Tensor rounded, int index, Tensor wide, float[] row) {
        MemorySegment.copy(wide.segment(), ValueLayout.JAVA_FLOAT, wide.offset(index, 0), row, 0, row.length);
        if (rounded.type() == DType.F16) requireFinite(row, wide.name());
        Rounding.storeRow(rounded.segment(), rounded, index, row, 0);
    }

    private static void requireFinite(float[] row, String name) {
        for (float v : row)
            if (Float.isFinite(v) && Float.isInfinite(Float.float16ToFloat(Float.floatToFloat16(v))))
                throw new UsageException(name + " holds " + v + ", and float16 ends at 65504: take --precision bf16");
    }
}
