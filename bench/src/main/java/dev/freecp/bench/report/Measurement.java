package dev.freecp.bench.report;

import java.util.Arrays;

/**
 * Times of one thing, in microseconds.
 *
 * @param median  of all samples
 * @param low     their first quartile
 * @param high    their third
 * @param samples how many there are
 */
public record Measurement(double median, double low, double high, int samples) {

    /** @param milliseconds of {@code calls} calls each */
    public static Measurement of(double[] milliseconds, int calls) {
        double[] sorted = Arrays.stream(milliseconds).map(ms -> 1000 * ms / calls).sorted().toArray();
        int n = sorted.length;
        return new Measurement(n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2, sorted[n / 4], sorted[n - 1 - n / 4], n);
    }

    /** Per second, of something a call does {@code amount} of. */
    public double rate(double amount) {
        return amount / (median * 1e-6);
    }
}
