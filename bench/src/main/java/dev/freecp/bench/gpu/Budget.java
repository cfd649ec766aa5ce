package dev.freecp.bench.gpu;

/** Time that a run may take; measured from its beginning. */
final class Budget {

    private final long start = System.nanoTime();
    private final long nanoseconds;

    Budget(double minutes) {
        nanoseconds = (long) (minutes * 60e9);
    }

    /** Whether another measurement may begin. */
    boolean isSpent() {
        return System.nanoTime() - start >= nanoseconds;
    }
}
