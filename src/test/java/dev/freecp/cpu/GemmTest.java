package dev.freecp.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.freecp.ops.Activation;
import dev.freecp.ops.Linear;
import dev.freecp.ops.Workspace;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GemmTest {

    private static final int IN = 400;
    private static final int OUT = 330;

    private final Random random = new Random(7);

    /** Rows around one block of 294, and around one and two runs of four blocks; two threads, and more panels than one task takes. */
    @ParameterizedTest
    @CsvSource({"294, 1", "295, 2", "1176, 1", "1177, 2", "1500, 3", "2353, 2"})
    void aRowIsTheSameWhateverRowsAreComputedWithIt(int rows, int threads) {
        try (VectorOps ops = new VectorOps(threads); Workspace workspace = ops.workspace()) {
            Linear w = ops.linear(Tensor.of("w", Shape.of("out in", OUT, IN), numbers(OUT * IN)), Tensor.of("b", Shape.of("out", OUT), numbers(OUT)));
            float[] values = numbers(rows * IN);
            Tensor x = workspace.tensor("x", Shape.of("row in", rows, IN)), y = workspace.tensor("y", Shape.of("row out", rows, OUT));
            ops.upload(x, values);
            ops.linear(y, x, w, Activation.QUICK_GELU);
            float[] all = ops.download(y);
            Tensor one = workspace.tensor("one", Shape.of("row in", 1, IN)), alone = workspace.tensor("alone", Shape.of("row out", 1, OUT));
            for (int row = 0; row < rows; row += 7) {
                ops.upload(one, Arrays.copyOfRange(values, row * IN, (row + 1) * IN));
                ops.linear(alone, one, w, Activation.QUICK_GELU);
                assertArrayEquals(ops.download(alone), Arrays.copyOfRange(all, row * OUT, (row + 1) * OUT), "row " + row);
            }
        }
    }

    private float[] numbers(int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) numbers[i] = (float) random.nextGaussian();
        return numbers;
    }
}
