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
        if (rounded.type() == DType.F32) {
            MemorySegment.copy(row, 0, rounded.segment(), ValueLayout.JAVA_FLOAT, rounded.offset(index, 0), row.length);
            return;
        }
        short[] halves = new short[row.length];
        if (rounded.type() == DType.BF16) for (int i = 0; i < row.length; i++) halves[i] = Transfers.bfloat16(row[i]);
        else {
            for (int i = 0; i < row.length; i++) halves[i] = Float.floatToFloat16(row[i]);
            requireFinite(halves, row, wide.name());
        }
        MemorySegment.copy(halves, 0, rounded.segment(), ValueLayout.JAVA_SHORT, rounded.offset(index, 0), row.length);
    }

    private static void requireFinite(short[] halves, float[] row, String name) {
        for (int i = 0; i < row.length; i++)
            if ((halves[i] & 0x7fff) == 0x7c00 && Float.isFinite(row[i]))
                throw new UsageException(name + " holds " + row[i] + ", and float16 ends at 65504: take --precision bf16");
    }
}
