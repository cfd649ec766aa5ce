package dev.freecp.bench.study;

import dev.freecp.image.Picture;

/** Whom a token stands by: its row of the attention, mean over heads and blocks, then of the transition matrix, then of that matrix squared. */
final class TokenAffinity implements Study {

    private static final int SIDE = 12, MARK = 0xff3030;

    /** Places of tokens, as shares of height and width. */
    private static final double[][] TOKENS = {{0.12, 0.4}, {0.65, 0.8}};

    @Override
    public String name() {
        return "affinity";
    }

    @Override
    public Picture draw(Subject subject) {
        Rows attention = subject.ofWindow("affinity"), transition = subject.ofWindow("trans");
        int width = subject.gridWidth(), height = subject.gridHeight();
        Picture window = Panels.stretched(subject.pixels(), height * SIDE, width * SIDE);
        Sheet sheet = new Sheet(4);
        for (double[] place : TOKENS) {
            int y = (int) (place[0] * height), x = (int) (place[1] * width), token = y * width + x;
            sheet.add("token %d, %d".formatted(y, x), Panels.outlined(window, y * SIDE, x * SIDE, (y + 1) * SIDE, (x + 1) * SIDE, 2, MARK))
                .add("attention A", Panels.heat(attention.row(token), width, SIDE))
                .add("transition T", Panels.heat(transition.row(token), width, SIDE))
                .add("T T", Panels.heat(apply(transition, transition.row(token)), width, SIDE));
        }
        return sheet.draw(name());
    }

    /** T x; for a row of the symmetric T that row of T T. */
    static float[] apply(Rows t, float[] x) {
        float[] y = new float[t.count()];
        for (int i = 0; i < y.length; i++) {
            double sum = 0;
            for (int j = 0; j < x.length; j++) sum += t.values()[i * t.cols() + j] * x[j];
            y[i] = (float) sum;
        }
        return y;
    }
}
