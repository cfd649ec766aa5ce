package dev.freecp.bench.input;

import dev.freecp.image.Windows;
import dev.freecp.ops.Mosaic;
import java.util.Random;

/**
 * What a tower might see in a picture of 500 x 375 at 597 x 448: pixel logits and affinities of its six windows. Five classes are there, each round one place; the
 * first two share theirs, so that they have to be told apart. {@code bench/peers/purification.py} makes the same kind of scene.
 *
 * @param logits   z (windows * cells, classes)
 * @param affinity A (windows, cells, cells): near cells see each other
 */
public record Scene(Mosaic mosaic, int classes, float[] logits, float[] affinity) {

    private static final int THERE = 5;

    public static Scene of(int classes, boolean tiny, long seed) {
        int height = tiny ? 80 : 448, width = tiny ? 96 : 597, crop = tiny ? 64 : 384, patch = 16, grid = crop / patch, cells = grid * grid;
        Mosaic mosaic = new Mosaic(height, width, Windows.of(height, width, crop, tiny ? 32 : 112, patch), grid, grid, tiny ? 60 : 375, tiny ? 72 : 500);
        int windows = mosaic.windows().size();
        Random random = new Random(seed);
        float[] logits = new float[windows * cells * classes], affinity = new float[windows * cells * cells];
        for (int window = 0; window < windows; window++) {
            double[][] places = new double[THERE][];
            for (int c = 0; c < THERE; c++) places[c] = c == 1 ? places[0] : new double[] {grid * random.nextDouble(), grid * random.nextDouble()};
            for (int cell = 0; cell < cells; cell++) {
                int y = cell / grid, x = cell % grid;
                for (int c = 0; c < classes; c++) {
                    double here = c < THERE ? 8 * Math.exp(-(square(y - places[c][0]) + square(x - places[c][1])) / (0.0868 * cells)) : 0;
                    logits[(window * cells + cell) * classes + c] = (float) (random.nextGaussian() + here);
                }
                for (int other = 0; other < cells; other++) {
                    double near = Math.exp(-(square(y - other / grid) + square(x - other % grid)) / 8);
                    affinity[(window * cells + cell) * cells + other] = (float) ((near + 0.02 * random.nextDouble()) / cells);
                }
            }
        }
        return new Scene(mosaic, classes, logits, affinity);
    }

    /** Of the picture that a window covers. */
    public double share() {
        return (double) mosaic.windows().getFirst().height() * mosaic.windows().getFirst().width() / ((double) mosaic.height() * mosaic.width());
    }

    private static double square(double v) {
        return v * v;
    }
}
