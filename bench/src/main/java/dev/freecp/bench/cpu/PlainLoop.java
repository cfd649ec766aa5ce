package dev.freecp.bench.cpu;

/** A matrix product as one would write it down first: where everybody starts. */
final class PlainLoop {

    private PlainLoop() {
    }

    /** y(n, o) = sum over i of x(n, i) * w(o, i), all row-major. */
    static void product(float[] y, float[] x, float[] w, int inputs, int outputs) {
        for (int n = 0; n < y.length / outputs; n++) {
            for (int o = 0; o < outputs; o++) {
                float sum = 0;
                for (int i = 0; i < inputs; i++) sum += x[n * inputs + i] * w[o * inputs + i];
                y[n * outputs + o] = sum;
            }
        }
    }
}
