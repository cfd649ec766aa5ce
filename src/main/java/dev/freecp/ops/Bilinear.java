package dev.freecp.ops;

/**
 * Bilinear interpolation of float maps as the specification's section 2 has it: half-pixel centres, no antialias, borders clamped, equal sizes copy.
 * Float32 arithmetic in the order of the reference, so that weights are the same bits.
 */
public final class Bilinear {

    private Bilinear() {
    }

    /** For each output position two input positions and the weight of the second. */
    public static final class Taps {
        private final int[] first;
        private final int[] second;
        private final float[] weight;

        private Taps(int outputs) {
            first = new int[outputs];
            second = new int[outputs];
            weight = new float[outputs];
        }

        /** Index of the first tap of output {@code i}. */
        public int first(int i) {
            return first[i];
        }

        /** Index of the second tap; equal to the first at the end of the axis. */
        public int second(int i) {
            return second[i];
        }

        /** Weight of the second tap in [0, 1); the first has the rest. */
        public float weight(int i) {
            return weight[i];
        }

        /** Number of outputs. */
        public int size() {
            return first.length;
        }
    }

    /** Taps of one axis: src = max((i + 0.5) * (inputs / outputs) - 0.5, 0), k = floor(src), second tap min(k + 1, inputs - 1), weight src - k. */
    public static Taps taps(int inputs, int outputs) {
        Taps taps = new Taps(outputs);
        float step = (float) inputs / outputs;
        for (int i = 0; i < outputs; i++) {
            float source = inputs == outputs ? i : Math.max(step * (i + 0.5f) - 0.5f, 0);
            int k = Math.min((int) source, inputs - 1);
            taps.first[i] = k;
            taps.second[i] = Math.min(k + 1, inputs - 1);
            taps.weight[i] = source - k;
        }
        return taps;
    }
}
