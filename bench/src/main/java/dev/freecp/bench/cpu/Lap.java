package dev.freecp.bench.cpu;

/**
 * How long one call took.
 *
 * @param processor seconds, of all threads together
 * @param wall      seconds
 */
record Lap(double processor, double wall) {

    /** Shorter calls are repeated until they have taken this much processor time together. */
    private static final double SHORTEST = 0.05;

    static Lap of(ProcessorTime time, Runnable work) {
        return of(time, () -> { }, work);
    }

    /** @param prepare before every call, untimed */
    static Lap of(ProcessorTime time, Runnable prepare, Runnable work) {
        double processor = 0, wall = 0;
        int calls = 0;
        while (processor < SHORTEST) {
            prepare.run();
            long processor0 = time.nanoseconds(), wall0 = System.nanoTime();
            work.run();
            wall += (System.nanoTime() - wall0) * 1e-9;
            processor += (time.nanoseconds() - processor0) * 1e-9;
            calls++;
        }
        return new Lap(processor / calls, wall / calls);
    }
}
