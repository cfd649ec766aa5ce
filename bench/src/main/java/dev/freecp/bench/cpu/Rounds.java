package dev.freecp.bench.cpu;

import dev.freecp.bench.report.Budget;
import dev.freecp.bench.report.Measurement;
import dev.freecp.bench.report.Result;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntToDoubleFunction;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.StatUtils;

/**
 * Contenders in turn, round after round, so that all of them meet the machine in the same state. Comparisons are made within a round, and their median is told:
 * on a machine whose clock or load changes, that moves far less than a quotient of medians.
 */
final class Rounds {

    /** Processor seconds without a gain of a twentieth, after which the compiler is taken to be done. */
    private static final double SETTLED = 2;

    private final List<Contender> contenders;
    private final boolean tiny;
    private final ProcessorTime time;
    private final Map<Contender, List<Lap>> laps = new IdentityHashMap<>();

    /** @param tiny whether figures do not matter */
    Rounds(ProcessorTime time, List<Contender> contenders, boolean tiny) {
        this.time = time;
        this.contenders = contenders;
        this.tiny = tiny;
        for (Contender contender : contenders) laps.put(contender, new ArrayList<>());
    }

    /** @param told what is being done */
    void run(int rounds, Budget budget, Consumer<String> told) {
        if (!tiny) {
            told.accept("warming up");
            contenders.forEach(this::warmUp);
            // What was compiled for the first contenders may have been undone by the last, which called the same code in other ways.
            for (Contender contender : contenders) contender.call().get();
        }
        for (int round = 0; round < rounds && (round == 0 || !budget.isSpent()); round++) {
            told.accept("round " + (round + 1) + " of " + rounds);
            for (Contender contender : contenders) laps.get(contender).add(contender.call().get());
        }
    }

    /** In processor time, the compiler's with it: on a loaded machine the clock on the wall says nothing about what was compiled. */
    private void warmUp(Contender contender) {
        double best = Double.POSITIVE_INFINITY, spent = 0;
        while (spent < SETTLED) {
            long start = time.nanoseconds();
            double seconds = contender.call().get().processor(), all = Math.max(seconds, (time.nanoseconds() - start) * 1e-9);
            boolean better = seconds < 0.95 * best && best < Double.POSITIVE_INFINITY;
            spent = better ? 0 : spent + all;
            best = Math.min(best, seconds);
        }
    }

    int done() {
        return laps.get(contenders.getFirst()).size();
    }

    List<Result> results() {
        return contenders.stream().map(this::result).toList();
    }

    private Result result(Contender c) {
        Measurement processor = measurement(c, Lap::processor), wall = measurement(c, Lap::wall);
        Map<String, Object> extra = new LinkedHashMap<>();
        extra.put("threads", c.threads());
        extra.putAll(c.facts());
        extra.put("processor seconds of each round", laps.get(c).stream().map(Lap::processor).toList());
        extra.put("on the wall", c.unit().value(c.amount(), wall.median() * 1e-6));
        if (c.unit() == Contender.Unit.GFLOP && !c.who().equals(Contender.PEAK))
            compare("share of peak", contender -> contender.who().equals(Contender.PEAK) && contender.threads() == 1,
                (peak, round) -> rate(c, round) / rate(peak, round), extra);
        if (c.who().equals(Contender.OURS))
            for (Contender peer : contenders)
                if (peer.sameWork(c) && peer.threads() == c.threads() && !peer.who().startsWith(Contender.OURS))
                    extra.put("ratio to " + peer.who(), median(round -> lap(peer, round).processor() / peer.amount() / (lap(c, round).processor() / c.amount())));
        if (c.threads() > 1)
            compare("ratio to one thread, on the wall", other -> other.sameWork(c) && other.who().equals(c.who()) && other.threads() == 1,
                (one, round) -> lap(one, round).wall() / lap(c, round).wall(), extra);
        if (c.unit() == Contender.Unit.PICTURES)
            compare("ratio to ", other -> other.group().equals(c.group()) && other.threads() == c.threads() && contenders.indexOf(other) < contenders.indexOf(c),
                (first, round) -> lap(c, round).processor() / lap(first, round).processor(), extra);
        return new Result(c.group(), c.name(), c.threads() == 1 ? c.who() : c.who() + ", " + c.threads() + " threads", "fp32",
            c.unit().value(c.amount(), processor.median() * 1e-6), c.unit().toString(), processor, extra);
    }

    private interface Comparison {
        double of(Contender other, int round);
    }

    /** With the first that fits; a name that ends in a blank goes on with its. */
    private void compare(String name, Predicate<Contender> which, Comparison comparison, Map<String, Object> extra) {
        contenders.stream().filter(which).findFirst()
            .ifPresent(other -> extra.put(name.endsWith(" ") ? name + other.name() : name, median(round -> comparison.of(other, round))));
    }

    private Lap lap(Contender contender, int round) {
        return laps.get(contender).get(round);
    }

    private double rate(Contender contender, int round) {
        return contender.amount() / lap(contender, round).processor();
    }

    private Measurement measurement(Contender contender, ToDoubleFunction<Lap> seconds) {
        return Measurement.of(laps.get(contender).stream().mapToDouble(seconds).map(s -> 1000 * s).toArray(), 1);
    }

    private double median(IntToDoubleFunction ofRound) {
        return StatUtils.percentile(IntStream.range(0, done()).mapToDouble(ofRound).toArray(), 50);
    }
}
