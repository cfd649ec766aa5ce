package dev.freecp.bench.gpu;

import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;

/**
 * What everything but products and attention costs for one picture as those of Pascal VOC: 500 x 375 pixels, enlarged to 597 x 448, six windows of 384,
 * ViT-B/16 with SCLIP's read-out in fp16, five classes kept in each window. {@code docs/kernels/picture.md} is this table.
 */
final class PictureCosts {

    /** An H100 SXM's data sheet: bytes a second of its memory, and operations a second in float32. */
    private static final double BANDWIDTH = 3.35e12, RATE = 67e12;

    /** Seconds of a launch that has nothing to do: assumed. */
    private static final double LAUNCH = 2.5e-6;

    private static final int WINDOWS = 6, SIDE = 384, CELLS = 576, TOKENS = CELLS + 1, WIDTH = 768, EMBEDDING = 512, LAYERS = 12;
    private static final int HEIGHT = 448, ACROSS = 597, OUTPUT = 375 * 500, KEPT = 5, ACTIVATION = Short.BYTES;

    private static final List<Integer> CLASSES = List.of(20, 171);

    /** @param cost of one call, for so many classes */
    private record Row(String operation, String page, int calls, IntFunction<Cost> cost) {
    }

    private static final List<Row> ROWS = List.of(
        new Row("patches", "patches", 1, _ -> Cost.patches(3L * HEIGHT * ACROSS, 3L * WINDOWS * SIDE * SIDE, ACTIVATION)),
        new Row("embed patches", "tokens", 1, _ -> Cost.embedPatches(WINDOWS, TOKENS, WIDTH)),
        new Row("layer norm", "layer_norm", 2 * LAYERS + 2, _ -> Cost.layerNorm(WINDOWS * TOKENS, WIDTH, ACTIVATION)),
        new Row("take tokens", "tokens", 1, _ -> Cost.takeTokens(WINDOWS * CELLS, WIDTH, Float.BYTES)),
        new Row("normalize rows", "rows", 1, _ -> Cost.normalizeRows(WINDOWS * CELLS, EMBEDDING)),
        new Row("cut class token", "class_maps", 1, _ -> Cost.cutClassToken(WINDOWS, CELLS)),
        new Row("class maps", "class_maps", 1, k -> Cost.classMaps(WINDOWS, k, CELLS)),
        new Row("mask by boxes", "boxes", 1, k -> Cost.maskByBoxes(WINDOWS, k, CELLS)),
        new Row("transition", "transition", 1, _ -> Cost.transition(WINDOWS, CELLS, Cost.ROUNDS)),
        new Row("propagate", "transition", 2, k -> Cost.propagate(WINDOWS, k, CELLS)),
        new Row("min-max", "consistency", 1, k -> Cost.minMaxRows((long) WINDOWS * k, CELLS)),
        new Row("overlap sums", "consistency", 1, k -> Cost.overlapSums((long) WINDOWS * k, CELLS)),
        new Row("soft IoU", "consistency", WINDOWS, _ -> Cost.softIou(KEPT, CELLS)),
        new Row("boxes", "boxes", WINDOWS, _ -> Cost.boxes(1, CELLS)),
        new Row("labels", "assemble", 1, _ -> Cost.assemble(OUTPUT, (long) WINDOWS * KEPT, CELLS, (double) SIDE * SIDE / (HEIGHT * ACROSS))));

    private PictureCosts() {
    }

    /** A row for each operation, all its calls together. */
    static String table() {
        StringBuilder text = new StringBuilder("| operation | calls | launches |");
        StringBuilder line = new StringBuilder("|---|--:|--:|");
        for (int classes : CLASSES) {
            text.append(" Mop, %d classes | least MB | moved MB | expected us |".formatted(classes));
            line.append("--:|".repeat(4));
        }
        text.append('\n').append(line).append('\n');
        double[] sums = new double[CLASSES.size()];
        for (Row row : ROWS) {
            int launches = row.calls * row.cost.apply(CLASSES.getFirst()).launches();
            text.append("| [%s](%s.md) | %d | %d |".formatted(row.operation, row.page, row.calls, launches));
            for (int i = 0; i < CLASSES.size(); i++) {
                Cost cost = row.cost.apply(CLASSES.get(i));
                double us = row.calls * cost.microseconds(BANDWIDTH, RATE, LAUNCH);
                sums[i] += us;
                String operations = cost.operations() == 0 ? "-" : "%.0f".formatted(row.calls * cost.operations() / 1e6);
                text.append(String.format(Locale.ROOT, " %s | %.1f | %.1f | %.0f |", operations, row.calls * cost.least() / 1e6,
                    row.calls * cost.moved() / 1e6, us));
            }
            text.append('\n');
        }
        text.append("| all | | |");
        for (double sum : sums) text.append(String.format(Locale.ROOT, " | | | %.0f |", sum));
        return text.append('\n').toString();
    }
}
