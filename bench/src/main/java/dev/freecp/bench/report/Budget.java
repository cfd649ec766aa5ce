package dev.freecp.bench.report;

/** Time that a run may take; measured from its beginning. */
public final class Budget {

    private final long start = System.nanoTime();
    private final long nanoseconds;

    public Budget(double minutes) {
        nanoseconds = (long) (minutes * 60e9);
    }

    /** Whether another measurement may begin. */
    public boolean isSpent() {
        return System.nanoTime() - start >= nanoseconds;
    }
}
