package dev.freecp.ops;

/** The error function in double precision, for the reference's GELU. */
final class Erf {

    private Erf() {
    }

    /**
     * erf x = 2/sqrt(pi) * integral of exp(-t^2) from 0 to x: Taylor series up to |x| = 2.5, continued fraction of erfc beyond (Abramowitz and Stegun 7.1.5 and 7.1.14).
     * Absolute error below 1e-14 (ErfTest compares with commons-math3).
     */
    static double erf(double x) {
        double a = Math.abs(x);
        if (a > 6) return Math.signum(x);
        return a < 2.5 ? series(x) : Math.signum(x) * (1 - complement(a));
    }

    private static double series(double x) {
        double term = x, sum = x;
        for (int n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
            term *= -x * x / n;
            sum += term / (2 * n + 1);
        }
        return 2 / Math.sqrt(Math.PI) * sum;
    }

    private static double complement(double x) {
        double fraction = 0;
        for (int k = 60; k >= 1; k--) fraction = k / 2.0 / (x + fraction);
        return Math.exp(-x * x) / (Math.sqrt(Math.PI) * (x + fraction));
    }
}
