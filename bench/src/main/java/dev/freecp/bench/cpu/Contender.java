package dev.freecp.bench.cpu;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Something that is timed in every round.
 *
 * @param group   what belongs into one chart
 * @param name    what is done; the same name means the same work, whoever does it
 * @param who     who does it
 * @param threads on how many threads
 * @param amount  of work in a call
 * @param unit    of the amount
 * @param facts   that stand with the result
 * @param call    does it and tells how long it took
 */
record Contender(String group, String name, String who, int threads, double amount, Unit unit, Map<String, Object> facts, Supplier<Lap> call) {

    static final String OURS = "freecp", PEAK = "fused multiply and add, nothing else";

    /** What work is counted in, and what results are in. */
    enum Unit {
        GFLOP("GFLOP/s"), GIGABYTE("GB/s"), SENTENCES("sentences/s"), PICTURES("s");

        private final String rate;

        Unit(String rate) {
            this.rate = rate;
        }

        @Override
        public String toString() {
            return rate;
        }

        /** Per second, of processor or wall as it may be; seconds each, where that says more. */
        double value(double amount, double seconds) {
            return this == PICTURES ? seconds / amount : amount / seconds;
        }
    }

    /** The same with one more fact; a number of threads, of a batch, of classes becomes an axis of a plot. */
    Contender with(String fact, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(facts);
        more.put(fact, value);
        return new Contender(group, name, who, threads, amount, unit, more, call);
    }

    boolean sameWork(Contender other) {
        return group.equals(other.group) && name.equals(other.name);
    }
}
