package dev.freecp.clip;

import java.util.LinkedHashMap;
import java.util.Map;

/** The position table of a vision tower, (1 + g*g, D), and its versions at other grids; the latest few are kept. Safe for many threads. */
public final class PositionTable {

    private static final int KEPT = 8;

    private final float[] values;
    private final int grid;
    private final int width;
    private final Map<Key, float[]> resized = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, float[]> eldest) {
            return size() > KEPT;
        }
    };

    private record Key(int height, int width, PositionRule rule) {
    }

    /** @param values row-major (1 + grid * grid, width), class token first */
    public PositionTable(float[] values, int grid, int width) {
        this.values = values;
        this.grid = grid;
        this.width = width;
    }

    /** The table for a grid of {@code height} x {@code width} cells, row-major (1 + height * width, D); not to be written. */
    public float[] at(int height, int width, PositionRule rule) {
        if (!rule.applies(grid, height, width)) return values;
        synchronized (resized) {
            return resized.computeIfAbsent(new Key(height, width, rule), this::resize);
        }
    }

    /** Separable: columns first, then rows; the class token's row is copied. */
    private float[] resize(Key to) {
        double[][] rows = to.rule.axis(grid, to.height), columns = to.rule.axis(grid, to.width);
        double[] narrow = new double[grid * to.width * width];
        for (int y = 0; y < grid; y++)
            for (int x = 0; x < to.width; x++)
                for (int tap = 0; tap < grid; tap++)
                    if (columns[x][tap] != 0)
                        for (int c = 0; c < width; c++) narrow[(y * to.width + x) * width + c] += columns[x][tap] * values[(1 + y * grid + tap) * width + c];
        double[] sums = new double[to.height * to.width * width];
        int line = to.width * width;
        for (int y = 0; y < to.height; y++)
            for (int tap = 0; tap < grid; tap++)
                if (rows[y][tap] != 0) for (int c = 0; c < line; c++) sums[y * line + c] += rows[y][tap] * narrow[tap * line + c];
        float[] result = new float[width + sums.length];
        System.arraycopy(values, 0, result, 0, width);
        for (int i = 0; i < sums.length; i++) result[width + i] = (float) sums[i];
        return result;
    }
}
