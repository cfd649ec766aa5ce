package dev.freecp.clip;

/** How the position table is brought to another grid: two different rules in the released program (specification, section 3.1). */
public enum PositionRule {
    /** Cubic convolution, a = -0.75, no antialias, step g / (h + 0.1); only if the number of cells differs. All read-outs but GEM. */
    OFFSET_CUBIC,
    /** Cubic with antialias, a = -0.5, step g / h; whenever the grid differs. GEM. */
    ANTIALIAS_CUBIC;

    /** True if a table of g x g cells has to be resized for a grid of h x w. */
    boolean applies(int g, int h, int w) {
        return this == OFFSET_CUBIC ? h * w != g * g : h != g || w != g;
    }

    /** Weights (outputs, inputs) of one axis. */
    double[][] axis(int inputs, int outputs) {
        double[][] weights = new double[outputs][inputs];
        for (int i = 0; i < outputs; i++) {
            if (this == OFFSET_CUBIC) offsetTaps(weights[i], i, inputs / (outputs + 0.1));
            else antialiasTaps(weights[i], i, (double) inputs / outputs);
        }
        return weights;
    }

    private static void offsetTaps(double[] row, int i, double step) {
        double source = (i + 0.5) * step - 0.5;
        int k = (int) Math.floor(source);
        for (int tap = k - 1; tap <= k + 2; tap++) row[Math.clamp(tap, 0, row.length - 1)] += kernel(source - tap, -0.75);
    }

    private static void antialiasTaps(double[] row, int i, double step) {
        double scale = Math.max(step, 1), support = 2 * scale, centre = step * (i + 0.5), sum = 0;
        int low = Math.max((int) (centre - support + 0.5), 0), high = Math.min((int) (centre + support + 0.5), row.length);
        for (int tap = low; tap < high; tap++) sum += row[tap] = kernel((tap - centre + 0.5) / scale, -0.5);
        for (int tap = low; tap < high; tap++) row[tap] /= sum;
    }

    /** The cubic convolution kernel K. */
    private static double kernel(double x, double a) {
        x = Math.abs(x);
        if (x <= 1) return (a + 2) * x * x * x - (a + 3) * x * x + 1;
        return x < 2 ? a * x * x * x - 5 * a * x * x + 8 * a * x - 4 * a : 0;
    }
}
