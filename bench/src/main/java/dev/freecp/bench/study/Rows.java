package dev.freecp.bench.study;

import dev.freecp.tensor.Tensor;
import java.util.Arrays;

/**
 * A matrix of plain numbers.
 *
 * @param values row by row
 * @param cols   numbers of a row
 */
record Rows(float[] values, int cols) {

    static Rows of(Tensor tensor) {
        return new Rows(tensor.toFloats(), tensor.cols());
    }

    int count() {
        return values.length / cols;
    }

    float[] row(int i) {
        return Arrays.copyOfRange(values, i * cols, (i + 1) * cols);
    }

    Rows part(int from, int count) {
        return new Rows(Arrays.copyOfRange(values, from * cols, (from + count) * cols), cols);
    }

    double[][] toDoubles() {
        double[][] rows = new double[count()][cols];
        for (int i = 0; i < values.length; i++) rows[i / cols][i % cols] = values[i];
        return rows;
    }
}
