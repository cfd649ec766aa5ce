package dev.freecp.cpu;

import dev.freecp.ops.Bilinear;
import dev.freecp.ops.Normalization;
import dev.freecp.ops.Region;
import dev.freecp.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** From bytes to patches in one pass: normalised by a table, resized row by row, cut. Normalising comes first, as in the released program. */
final class Patches {

    private final Pool pool;

    Patches(Pool pool) {
        this.pool = pool;
    }

    void cut(Tensor y, Tensor picture, List<Region> regions, int height, int width, int patch, Normalization normalization) {
        float[][] table = table(normalization);
        int rows = height / patch;
        pool.run(regions.size() * rows, (task, worker) ->
            new Strip(y, picture, regions.get(task / rows), height, width, patch, table).cut(task / rows, task % rows));
    }

    /** (v - mean) / std for every byte and channel: the same bits as computing it, and no division for each pixel. */
    private static float[][] table(Normalization normalization) {
        float[][] table = new float[3][256];
        for (int c = 0; c < 3; c++) for (int v = 0; v < 256; v++) table[c][v] = (v - normalization.mean(c)) / normalization.std(c);
        return table;
    }

    /** One row of patches of one region. */
    private static final class Strip {
        private final Tensor y;
        private final Tensor picture;
        private final Region region;
        private final int patch;
        private final int patchRows;
        private final int patchColumns;
        private final float[][] table;
        private final Bilinear.Taps vertical;
        private final Bilinear.Taps horizontal;
        /** Two rows of the region, stretched to the width; neighbouring output rows share them. */
        private float[][] top;
        private float[][] bottom;
        private int topRow = -1;
        private int bottomRow = -1;

        Strip(Tensor y, Tensor picture, Region region, int height, int width, int patch, float[][] table) {
            this.y = y;
            this.picture = picture;
            this.region = region;
            this.patch = patch;
            this.patchRows = height / patch;
            this.patchColumns = width / patch;
            this.table = table;
            vertical = Bilinear.taps(region.height(), height);
            horizontal = Bilinear.taps(region.width(), width);
            top = new float[3][patchColumns * patch];
            bottom = new float[3][patchColumns * patch];
        }

        void cut(int sequence, int patchRow) {
            float[] line = new float[patchColumns * patch];
            for (int i = 0; i < patch; i++) {
                int output = patchRow * patch + i;
                bring(vertical.first(output), vertical.second(output));
                float b = vertical.weight(output);
                for (int c = 0; c < 3; c++) {
                    float[] upper = top[c], lower = bottom[c];
                    for (int x = 0; x < line.length; x++) line[x] = b == 0 ? upper[x] : (1 - b) * upper[x] + b * lower[x];
                    int first = (sequence * patchRows + patchRow) * patchColumns;
                    for (int p = 0; p < patchColumns; p++)
                        MemorySegment.copy(line, p * patch, y.segment(), Lanes.FLOAT, y.offset(first + p, (c * patch + i) * patch), patch);
                }
            }
        }

        private void bring(int first, int second) {
            if (topRow != first) {
                float[][] spare = top;
                top = bottom;
                bottom = spare;
                int row = topRow;
                topRow = bottomRow;
                bottomRow = row;
            }
            if (topRow != first) stretch(top, topRow = first);
            if (bottomRow != second) stretch(bottom, bottomRow = second);
        }

        private void stretch(float[][] line, int row) {
            MemorySegment bytes = picture.segment();
            int start = (region.y0() + row) * picture.shape().dim(1) + region.x0();
            for (int x = 0; x < line[0].length; x++) {
                long left = picture.offset(start + horizontal.first(x), 0), right = picture.offset(start + horizontal.second(x), 0);
                float a = horizontal.weight(x);
                for (int c = 0; c < 3; c++) {
                    float v = table[c][bytes.get(ValueLayout.JAVA_BYTE, left + c) & 0xff];
                    line[c][x] = a == 0 ? v : (1 - a) * v + a * table[c][bytes.get(ValueLayout.JAVA_BYTE, right + c) & 0xff];
                }
            }
        }
    }
}
